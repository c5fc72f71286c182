"""Who may read what, on a guarded broker."""
