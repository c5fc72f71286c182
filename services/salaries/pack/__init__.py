"""The page about one role that is sent to a borough before a call."""
