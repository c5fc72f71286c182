"""Recovery: notify's tables are had again from what it said and heard, and its topics from its tables. Nothing that was
told is told again."""

from services.notify.recovery.wiring import recovery

__all__ = ["recovery"]
