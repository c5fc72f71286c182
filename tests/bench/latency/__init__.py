"""From a posting on a board to the email that tells of it: how long, and where each millisecond goes."""
