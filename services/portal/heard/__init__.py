"""What the topics said, in tables that pages read."""
