"""Access: who may read and write which topics of a guarded broker."""
