"""Email that is worth opening: who is told of what, why, once each, and what became of it."""
