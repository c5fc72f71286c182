"""`loti doctor`: what is wrong, and how to mend it."""
