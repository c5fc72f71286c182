"""Newsletter: editions, from a draft made of what was heard to the page on which they are kept."""
