"""By which rules the library decides, and how months are counted. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """Months after which an exemplar is old; months for which a closed advert still serves; most adverts of a draft."""

    exemplar_months: int = 24
    advert_months: int = 12
    adverts_most: int = 12


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many calendar months earlier; the month's last day where there is no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
