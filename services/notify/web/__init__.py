"""Web: the few pages that a mail's links lead to."""
