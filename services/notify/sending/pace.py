"""Pace: how many mails a process takes in hand, by how fast they leave. Pure; `now` is in seconds.

Whoever is killed leaves in doubt what it had in hand, and a mail in hand must leave within half a lease. So nobody takes
more than half a second's work, or fifty.
"""

from dataclasses import dataclass

_AHEAD = 0.5  # seconds of work
_FEWEST = 50  # however slowly they leave
_LARGEST_TURN = 25
_NEW = 0.2  # how much the last turn weighs against all before it


@dataclass(slots=True)
class Pace:
    """`most` mails in hand at the most."""

    most: int
    a_second: float = 0.0
    _counted_at: float | None = None

    def left(self, mails: int, now: float) -> None:
        """So many left since the last time; no mails: there was nothing to do, which says nothing of the pace."""
        if mails and self._counted_at is not None:
            rate = mails / max(now - self._counted_at, 0.001)
            self.a_second += (rate - self.a_second) * _NEW
        self._counted_at = now

    @property
    def in_hand(self) -> int:
        """So many to take in hand now."""
        return min(self.most, max(_FEWEST, round(self.a_second * _AHEAD)))

    @property
    def turn(self) -> int:
        """So many ended mails are worth being written down at once: the others in hand are sent meanwhile."""
        return max(1, min(self.in_hand // 2, _LARGEST_TURN))
