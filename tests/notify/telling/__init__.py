"""What is told to whom, when and why."""
