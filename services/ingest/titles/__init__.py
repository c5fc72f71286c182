"""Reading a job title: is it digital, which standard role, how senior, and on what evidence."""

from services.ingest.titles.classification import Classification, classify

__all__ = ["Classification", "classify"]
