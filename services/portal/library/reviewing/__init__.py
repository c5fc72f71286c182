"""What was offered or assembled, until it is published or returned."""
