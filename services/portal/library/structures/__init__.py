"""Team structures."""
