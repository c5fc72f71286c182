"""What people type when they choose what to hear of: times, amounts, numbers, quiet hours. Pure.

More than one system shows such a form; what is typed means the same in each.
"""

import re
from collections.abc import Callable
from datetime import time
from typing import Final, TypeVar

from loti_contracts.events import QuietHours

T = TypeVar("T")

_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE | re.ASCII)
_POUNDS: Final = re.compile(
    r"£?\s*(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d{2}))?\s*(k)?", re.IGNORECASE | re.ASCII
)
_MOST_PAY: Final = 100_000_000


class NotTyped(ValueError):
    """The text does not say what was asked for; the message goes after the field's name."""


def time_of_day(text: str) -> time:
    """18:00, 18.00, 1800, 18, 6pm or 6:30 pm; a whole minute, with 24:00 as midnight. Raises NotTyped."""
    wrong = "must be a time, such as 18:00 or 6pm"
    found = _TIME.fullmatch(text.strip()) if len(text) <= 12 else None
    if found is None:
        raise NotTyped(wrong)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            raise NotTyped(wrong)
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    if hour > 23:
        raise NotTyped(wrong)
    return time(hour, minute)


def yearly_pay(text: str) -> int:
    """Pence of a yearly amount: £45,000, 45000, 45k or 45,000.50. Raises NotTyped."""
    found = _POUNDS.fullmatch(text.strip()) if len(text) <= 20 else None
    if found is None:
        raise NotTyped("must be an amount in pounds, such as 45,000")
    pence = int(re.sub(r"\D", "", found[1])) * (100_000 if found[3] else 100) + int(found[2] or 0)
    if not 0 < pence <= _MOST_PAY:
        raise NotTyped("must be between £1 and £1,000,000 a year")
    return pence


def whole_number(text: str) -> int:
    """A whole number of at most six digits. Raises NotTyped."""
    if not re.fullmatch(r"\d{1,6}", text.strip(), re.ASCII):
        raise NotTyped("must be a whole number, such as 5")
    return int(text)


def typed_or_none(parse: Callable[[str], T], text: str, name: str) -> tuple[T | None, str | None]:
    """What was typed and no fault, or nothing and what is wrong with the field of that name; neither for an empty one."""
    if not text:
        return None, None
    try:
        return parse(text), None
    except NotTyped as error:
        return None, f"{name} {error}"


def quiet_hours(
    start_text: str, until_text: str, *, weekends: bool
) -> tuple[QuietHours | None, tuple[tuple[str, str], ...]]:
    """The hours, None for none, and what is wrong with them: `quiet_from` or `quiet_until` with its fault. Weekends alone
    are hours that begin and end at midnight."""
    start, wrong_start = typed_or_none(time_of_day, start_text, "From")
    end, wrong_end = typed_or_none(time_of_day, until_text, "Until")
    wrong = [
        (field, fault) for field, fault in (("quiet_from", wrong_start), ("quiet_until", wrong_end)) if fault
    ]
    if start_text and not until_text:
        wrong.append(("quiet_until", "Enter when quiet hours end, or leave both times empty"))
    elif until_text and not start_text:
        wrong.append(("quiet_from", "Enter when quiet hours begin, or leave both times empty"))
    elif start is not None and start == end:
        wrong.append(("quiet_until", "Quiet hours must end at another time than they begin"))
    elif start is not None and end is not None:
        return QuietHours(start=start, end=end, weekends=weekends), ()
    midnight = time(0)
    return (QuietHours(start=midnight, end=midnight, weekends=True) if weekends else None), tuple(wrong)
