"""Roles that are advertised while the library has no job description for them."""
