"""What a person chose to hear of, and was told."""
