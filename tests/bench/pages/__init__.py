"""The pages of the portal, timed."""
