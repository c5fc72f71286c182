"""What people say on pages, said as events."""
