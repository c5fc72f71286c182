"""A supporter as they are now: what they state, and what is known of them here."""

from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Supporter


@dataclass(frozen=True, slots=True)
class SupporterNow:
    """A supporter with what is known of them here."""

    supporter: Supporter
    load: int = 0
    """How many requests they are helping with now."""
    good: int = 0
    """How many of their introductions ended well."""
    ended: int = 0
    """How many ended."""
    stated_on: date | None = None
    """When they last stated or renewed what they offer; None where that does not matter."""
    kept: int = 0
    """How many places they keep for people whom a round gave them, and who have not accepted yet."""
