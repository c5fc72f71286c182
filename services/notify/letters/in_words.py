"""Figures and names in words: money, dates, lists, pay, boroughs. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from loti_contracts.events import AuthorityNamed, Pay, Role
from loti_contracts.vocabulary import authorities
from services.notify.letters.wording import one_line

LONDON: Final = ZoneInfo("Europe/London")
_PERIODS = {"year": " a year", "month": " a month", "week": " a week", "day": " a day", "hour": " an hour"}
_AREAS = {"inner": "inner London", "outer": "outer London", "london": "London"}
_FEW = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SOON = 7


def money(pence: int) -> str:
    """£45,000, or £18.50 where there are pence."""
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


def day(date_: date) -> str:
    """21 April 2026"""
    return f"{date_.day} {date_:%B} {date_.year}"


def weekday(moment: datetime) -> str:
    """Tuesday 21 April 2026, in London."""
    here = moment.astimezone(LONDON)
    return f"{here:%A} {day(here.date())}"


def hours(starts: datetime, ends: datetime) -> str:
    """10:00 to 12:30 in London; with the day of the end where it is another."""
    first, last = starts.astimezone(LONDON), ends.astimezone(LONDON)
    if first.date() != last.date():
        return f"{first:%H:%M}, until {day(last.date())} {last:%H:%M}"
    return f"{first:%H:%M} to {last:%H:%M}" if last > first else f"{first:%H:%M}"


def closing(date_: date, today: date) -> str:
    """21 April 2026, and how soon that is where it is soon."""
    left = (date_ - today).days
    if not 0 <= left <= _SOON:
        return day(date_)
    return f"{day(date_)} ({('today', 'tomorrow')[left] if left < 2 else f'in {left} days'})"


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 advert, 3 adverts"""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def in_letters(number: int) -> str:
    """three; 12"""
    return _FEW[number] if 0 <= number < len(_FEW) else f"{number:,}"


def listed(names: Sequence[str], word: str = "and", most: int | None = None) -> str:
    """Camden, Hackney and Sutton; with `most`, only so many of them and how many others."""
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most} others" if len(names) > most + 1 else "one other"]
    *first, last = names or ("",)
    return f"{', '.join(first)} {word} {last}" if first else last


def pay(offer: Pay | None) -> str | None:
    """£45,000 to £52,000 a year; as printed where no amount was read; None where nothing is said."""
    if offer is None:
        return None
    amounts = _amounts(offer.minimum, offer.maximum)
    if amounts is None:
        return one_line(offer.text) or None
    return amounts + (_PERIODS[offer.period] if offer.period else "")


def _amounts(minimum: int | None, maximum: int | None) -> str | None:
    match minimum, maximum:
        case None, None:
            return None
        case int(low), None:
            return f"from {money(low)}"
        case None, int(high):
            return f"up to {money(high)}"
        case int(low), int(high):
            return money(low) if low == high else f"{money(low)} to {money(high)}"
    return None


def pay_note(offer: Pay | None) -> str | None:
    """What belongs beside the amounts: grade, and whether they are full-time equivalent."""
    if offer is None:
        return None
    basis = {"fte": "full-time equivalent", "actual": "for the hours worked", None: ""}[offer.basis]
    grade = one_line(offer.grade, 40) if offer.grade else ""
    if grade and not any(word in grade.lower() for word in ("grade", "band", "scale", "level")):
        grade = f"grade {grade}"
    return ", ".join(filter(None, (grade, basis))) or None


def period(of: str) -> str:
    """`a year`, `a day`"""
    return _PERIODS[of].strip()


def boroughs(named: Sequence[AuthorityNamed], most: int = 4) -> str | None:
    """Camden and Hackney; None where none is known."""
    return listed([one_line(authority.name, 60) for authority in named], most=most) or None


def borough(code: str | None) -> str | None:
    """Camden; None where the code is nobody's."""
    known = authorities().get(code) if code else None
    return known.name if known else None


def standard_role(role: Role) -> str:
    """Data engineer, senior"""
    if role.standard_role is None:
        return f"none that fits{f'; level {role.level}' if role.level else ''}"
    return f"{one_line(role.standard_role.name, 80)}, {role.level or 'level not said'}"


def cell(standard_role: str, level: str, area: str) -> str:
    """Data engineer, senior, inner London: what a benchmark is of."""
    levels = "" if level in ("all", "") else f", {one_line(level, 40)}"
    return f"{one_line(standard_role, 80)}{levels}, {_AREAS.get(area, one_line(area, 40))}"


def clock(moment: datetime) -> str:
    """09:40, in London."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def in_an_address(email: str) -> str:
    """A mail address as it may stand behind `mailto:`."""
    return quote(email, safe="@!$&'*+-/=^_`{|}~.")
