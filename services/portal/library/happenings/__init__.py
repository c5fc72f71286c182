"""Events and their calendars, newsletters."""
