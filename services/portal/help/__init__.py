"""Asking for help, and helping."""
