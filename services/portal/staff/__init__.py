"""How the system does: its boards, its readers, its dead letters, its events, and who did what."""
