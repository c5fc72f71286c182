"""What may be set about the figures, with what is usual."""

from dataclasses import dataclass
from fractions import Fraction

VERSION = 3
"""Counts up whenever the code makes other figures of the same adverts, or keeps its counts another way: databases are then
counted anew."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How offers are made comparable and weighed, and when a signal is due."""

    half_life_months: int = 12
    """An offer weighs half as much for every so many calendar months that it is older."""

    week_hours: Fraction = Fraction(36)
    """The full-time week: 36 hours in London (37 elsewhere, by the National Joint Council's Green Book)."""

    year_weeks: Fraction = Fraction("52.143")
    """Weeks in a year of pay: 365 days by 7, as the National Joint Council converts hourly pay."""

    signal_adverts: int = 10
    """Other offers that a cell must have before an offer is measured by it, or its own move is told."""

    signal_percent: Fraction = Fraction(5)
    """How far a cell's median must move, since it was last told, to be told again."""

    @property
    def fingerprint(self) -> str:
        """Differs where the same adverts would give other figures."""
        return f"{VERSION}: halves in {self.half_life_months}, {self.week_hours} h × {self.year_weeks} weeks"
