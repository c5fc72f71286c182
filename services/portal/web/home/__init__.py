"""The first page: what is known just now, and what was heard last."""
