"""Recovery: matching's tables are had again from what it said and what it heard, and its topics from its tables."""

from services.matching.recovery.wiring import RECOVERY

__all__ = ["RECOVERY"]
