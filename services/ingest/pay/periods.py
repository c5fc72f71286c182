"""Words that say what time an amount pays for (rule 4), in English and Welsh."""

import re
from bisect import bisect_left
from decimal import Decimal
from typing import Final

from services.ingest.pay.reading import CREDIBLE, Period

_PERIOD: Final = re.compile(
    r"(?=[/p]|a[ n/]|an|ea|y|mo|we|da|ho)"
    r"(?:(?P<welsh>y flwyddyn|y mis\b|yr wythnos|y dydd\b|y diwrnod|yr awr)"
    r"|(?P<year>(?:(?<![a-z])(?:per|a|each|pro)[ -]?|/ ?)(?:ann?um|year\b|yr\b)|\bann?um\b|(?<![a-z])p\s?[./]?\s?a(?![a-z0-9])\.?"
    r"|\byearly\b|annual(?:ly|ised)?\b)"
    r"|(?P<month>(?:per|a|/|each)\s?(?:calendar )?(?:month|mth)\b|monthly\b|(?<![a-z])pcm\b|p\.m\.|(?<=[0-9] )pm\b)"
    r"|(?P<week>(?:per|a|/|each)\s?(?:week|wk)\b|weekly\b|(?<![a-z])p[./]?\s?w\b)"
    r"|(?P<day>(?:per|a|/|each)\s?(?:day|diem)\b|daily\b|day rate|(?<![a-z])p[./]?\s?d\b)"
    r"|(?P<hour>(?:per|an|a|/|each)\s?(?:hourly|hour\b|hr\b)|hourly\b|(?<![a-z])p[./]?\s?h\b)"
    r"|(?P<other>(?:per|a|each|/)\s?(?:session|meeting|visit|shift|night|class|lesson|module|script|hearing|case|appointment)\b))"
)
_WELSH: Final[dict[str, Period]] = {
    "y flwyddyn": "year", "y mis": "month", "yr wythnos": "week", "y dydd": "day", "y diwrnod": "day", "yr awr": "hour"
}  # fmt: skip
_COUNTED: Final = re.compile(
    r"(?:hours?|hrs?|weeks?|wks?|days?|months?|times?|visits|sessions|meetings|leave|holidays?)\b(?: of| worked?)?\s?[0-9.]{0,5}\s?$"
)
_NOT_PAY: Final = re.compile(
    r"\s?(?:leave|hours|allowance|increment|bonus|review|performance|tax\b|holiday|closure|rise|cycle|appraisal|pay award)"
)
_FILLER: Final = re.compile(
    r"(?:[\s()\[\]*,.:|+-]|k\b|gross|basic|fte|full|time|equivalent|pro|rata|actual|umbrella|paye|inside|outside|ir35|salary|rate|rates|pay)*"
)
_LEADS: Final = re.compile(
    r"(?:[\s():£-]|rates?|salary|pay|fee|basic|gross|is|are|of|from|between|up|to|at|circa|approx|c\.)*"
)

Found = tuple[int, int, Period | None]
"""Start, end and which period; None for "per session" and such."""


def periods_in(text: str) -> list[Found]:
    """Where periods of pay are named in a text, in order.

    "37 hours per week" and "39 weeks a year" count time, "annual leave" is not pay: neither is listed.
    """
    found: list[Found] = []
    for match in _PERIOD.finditer(text):
        if _COUNTED.search(text, max(0, match.start() - 30), match.start()) or _NOT_PAY.match(
            text, match.end()
        ):
            continue
        found.append((match.start(), match.end(), _named(match)))
    return found


def _start(found: Found) -> int:
    return found[0]


def _named(match: re.Match[str]) -> Period | None:
    if match.lastgroup == "welsh":
        return _WELSH[match.group()]
    return next((period for period in CREDIBLE if period == match.lastgroup), None)


def between(named: list[Found], start: int, end: int) -> list[Found]:
    """The periods named from `start` to before `end`."""
    return named[bisect_left(named, start, key=_start) : bisect_left(named, end, key=_start)]


def adjoins(text: str, start: int, end: int) -> bool:
    """Whether only filling words stand between an amount that ends at `start` and a period that begins at `end`."""
    return end - start <= 60 and _FILLER.fullmatch(text, start, end) is not None


def adjoining(text: str, named: list[Found], end: int) -> Period | None:
    """The period written right after an amount that ends at `end`, or None."""
    place = bisect_left(named, end, key=_start)
    if place == len(named) or not adjoins(text, end, named[place][0]):
        return None
    return named[place][2]


def introduces(text: str, start: int, end: int) -> bool:
    """Whether only words such as "rate of" stand between a period that ends at `start` and the amount at `end`."""
    return end - start <= 40 and _LEADS.fullmatch(text, start, end) is not None


def suits(amount: Decimal | None, period: Period | None) -> bool:
    """Whether pounds of this size are credible for the period."""
    if amount is None or period is None:
        return amount is None
    lowest, highest = CREDIBLE[period]
    return lowest <= amount <= highest


def by_size(amount: Decimal) -> Period | None:
    """The period where none is written: 10,000 pounds and more is a year, under 60 an hour, else nobody can tell."""
    if amount >= 10_000:
        return "year"
    return "hour" if amount < 60 else None
