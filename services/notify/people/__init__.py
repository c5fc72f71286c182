"""People: contacts, what they chose to hear of, whom mail must not go to, and forgetting them."""
