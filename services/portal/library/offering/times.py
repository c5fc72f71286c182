"""When an event takes place, from what was typed: London days and times. Pure."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from services.portal.web.words import LONDON

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def read_day(day: str, month: str, year: str) -> date:
    """Raises ValueError, saying what is wrong."""
    if not (day and month and year):
        raise ValueError("Enter the day, the month and the year")
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (day, month, year)):
        raise ValueError("A day is three numbers, such as 27 3 2027")
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValueError("There is no such day; check the day and the month") from error
    if not 2000 <= found.year <= 2100:
        raise ValueError("The year has four digits, such as 2027")
    return found


def read_time(text: str) -> time:
    """14:00, 2pm or 2.30pm. Raises ValueError, saying what is wrong."""
    found = _TIME.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        raise ValueError("Enter a time such as 14:00 or 2pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("With am or pm the hour is 1 to 12")
    hour = hour % 12 + 12 if half == "pm" else hour % 12 if half == "am" else hour
    if hour > 23 or minute > 59:
        raise ValueError("There is no such time; enter one such as 14:00 or 2pm")
    return time(hour, minute)


def in_london(day: date, at: time) -> datetime:
    """That moment, in UTC."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)
