"""The figures by which demand is judged; `settings.py` lets LOTI choose others."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as shared, as usual, and as heard enough."""

    least: int = 3
    """From so many boroughs on, demand is shared: two can agree over the telephone, five are the story that LOTI
    tells of Enterprise Architects; at three somebody should see it."""
    window: timedelta = timedelta(days=90)
    """An advert counts while it is open and for so long after it closed, a request for so long after it was stated:
    a quarter of a year, in which a recruitment that succeeded has its starter."""
    usual_share: float = 0.9
    """Nine in ten adverts close within the usual time; the tenth is hard to recruit."""
    usual_least: int = 10
    """From so few adverts a ninth decile cannot be told; then all roles stand in for the standard role."""
    usual_latest: int = 200
    """The usual time is that of the latest so many adverts that closed."""
    settling: timedelta = timedelta(days=60)
    """In this time after the first role was found, too little has been heard to call a new combination of known
    words, or a new responsibility, novel."""
