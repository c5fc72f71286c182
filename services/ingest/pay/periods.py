"""Words that say what time an amount pays for (rule 4), in English and Welsh."""

import re
from decimal import Decimal
from typing import Final

from services.ingest.pay.reading import CREDIBLE, Period

_PERIOD: Final = re.compile(
    r"(?P<year>(?<![a-z])(?:per|a|an|each|/|pro)?\s?-?(?:ann?um|yearly|year\b|yr\b)|(?<![a-z])p\s?[./]?\s?a(?![a-z0-9])\.?"
    r"|annual(?:ly|ised)?\b|y flwyddyn)"
    r"|(?P<month>(?:per|a|/|each)\s?(?:calendar )?(?:month|mth)\b|monthly\b|(?<![a-z])pcm\b|p\.m\.|(?<=[0-9] )pm\b|y mis\b)"
    r"|(?P<week>(?:per|a|/|each)\s?(?:week|wk)\b|weekly\b|(?<![a-z])p[./]?\s?w\b|yr wythnos)"
    r"|(?P<day>(?:per|a|/|each)\s?(?:day|diem)\b|daily\b|day rate|(?<![a-z])p[./]?\s?d\b|y dydd\b|y diwrnod)"
    r"|(?P<hour>(?:per|an|a|/|each)\s?(?:hourly|hour\b|hr\b)|hourly\b|(?<![a-z])p[./]?\s?h\b|yr awr)"
    r"|(?P<other>(?:per|a|each|/)\s?(?:session|meeting|visit|shift|night|class|lesson|module|script|hearing|case|appointment)\b)"
)
_COUNTED: Final = re.compile(
    r"(?:hours?|hrs?|weeks?|wks?|days?|months?|times?|visits|sessions|meetings|leave|holidays?)\b[^0-9£]{0,12}[0-9.]{0,5}\s?$"
)
_NOT_PAY: Final = re.compile(
    r"\s?(?:leave|hours|allowance|increment|bonus|review|performance|tax\b|holiday|closure|rise|cycle|appraisal|pay award)"
)
_FILLER: Final = re.compile(
    r"(?:[\s()\[\]*,.:|+-]|k\b|gross|basic|fte|full|time|equivalent|pro|rata|actual|umbrella|paye|inside|outside|ir35|salary|rate|rates|pay)*"
)
_LEADS: Final = re.compile(r"(?:[\s():£-]|rates?|salary|pay|fee|basic|gross|is|are|of|from|between|up|to|at|circa|approx|c\.)*")

Found = tuple[int, int, Period | None]


def periods_in(text: str) -> list[Found]:
    """Where periods of pay are named in a stretch of text: start, end and which; None for "per session" and such.

    "37 hours per week" and "39 weeks a year" count time, "annual leave" is not pay: neither is listed.
    """
    found: list[Found] = []
    for match in _PERIOD.finditer(text):
        named = match.lastgroup
        if _COUNTED.search(text, max(0, match.start() - 30), match.start()) or _NOT_PAY.match(text, match.end()):
            continue
        found.append((match.start(), match.end(), named if named != "other" else None))  # type: ignore[arg-type]
    return found


def adjoins(text: str, start: int, end: int) -> bool:
    """Whether only filling words stand between an amount that ends at `start` and a period that begins at `end`."""
    return end - start <= 60 and _FILLER.fullmatch(text, start, end) is not None


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
