"""The rest of what an advert says: contract, hours, where the work is done, and skills. Nothing is assumed.

Each reading is None or empty where the text does not say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from loti_contracts.vocabulary import standard_roles

_READ: Final = 20_000

Contract = Literal["permanent", "fixed_term", "secondment", "apprenticeship", "agency"]
Pattern = Literal["full_time", "part_time", "job_share", "term_time", "compressed", "flexible"]
Place = Literal["office", "hybrid", "remote"]

_NUMBERS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "twelve": 12,
    "eighteen": 18,
}
_NUMBER: Final = r"(?P<number>\d{1,2}(?:\.\d)?|one|two|three|four|five|six|nine|twelve|eighteen)"

_CONTRACTS: Final[tuple[tuple[Contract, re.Pattern[str]], ...]] = (
    ("apprenticeship", re.compile(r"\bapprentice(?:ship)?s?\b")),
    ("secondment", re.compile(r"\bsecondments?\b")),
    (
        "agency",
        re.compile(
            r"\b(?:day rate|daily rate|per day|inside ir35|outside ir35|umbrella|agency (?:worker|staff|role))\b"
        ),
    ),
    ("fixed_term", re.compile(r"\b(?:fixed[- _]term|ftc|maternity cover|temporary|temp contract)\b")),
    ("permanent", re.compile(r"\bpermanent\b")),
)
_LENGTH: Final = re.compile(
    rf"\b(?:{_NUMBER})(?:\s?\(\d{{1,2}}\))?[- ]?(?P<unit>months?|mths?|years?|yrs?)[- ,]{{0,3}}"
    r"(?=(?:\(?(?:fixed|ftc|secondment|contract|temporary|maternity|initial|term|in the first|apprenticeship)))"
)
_LENGTH_AFTER: Final = re.compile(
    rf"\b(?:fixed[- ]term|ftc|secondment|temporary|contract(?: length| duration)?|maternity cover)"
    rf"(?: contract| appointment| opportunity| post| role)?[\s:,(–-]{{0,4}}(?:for |of |until |up to ){{0,2}}(?:a period of )?{_NUMBER}"
    r"[- ]?(?P<unit>months?|mths?|years?|yrs?)\b"
)
_PATTERNS: Final[tuple[tuple[Pattern, re.Pattern[str]], ...]] = (
    ("full_time", re.compile(r"\bfull[- _]time\b")),
    ("part_time", re.compile(r"\bpart[- _]time\b")),
    ("job_share", re.compile(r"\bjob[- _]?shar(?:e|ing|ers?)\b")),
    ("term_time", re.compile(r"\bterm[- _]time\b")),
    ("compressed", re.compile(r"\bcompressed (?:hours|weeks?)\b|\bnine[- ]day fortnight\b")),
    ("flexible", re.compile(r"\bflexi(?:ble)?[- ]?(?:time|working|hours)\b")),
)
_HOURS: Final = re.compile(
    r"(?<![\d.£])(?P<hours>\d{1,2}(?:\.\d{1,2})?)\s?(?:hours?|hrs?)(?:\s?(?:per|a|each|/|p\.?/?)\s?w(?:ee)?k\b|\s?p\.?w\b|\s?weekly\b)"
    r"|\bhpw\b|(?:hours(?: of work| per week)?|weekly hours)\s?[:\-–]\s?(?P<after>\d{1,2}(?:\.\d{1,2})?)(?![\d:.]|\s?[ap]m)"
)
_HPW: Final = re.compile(r"(?<![\d.£])(?P<hours>\d{1,2}(?:\.\d{1,2})?)\s?hpw\b")
_REMOTE: Final = re.compile(
    r"\b(?:fully remote|remote first|100% remote|home[- ]based|(?:work(?:ing)? )remotely full)\b"
)
_HYBRID: Final = re.compile(r"\b(?:hybrid|agile working|blended working|smart working)\b")
_OFFICE_DAYS: Final = re.compile(
    rf"\b{_NUMBER}(?:\s?(?:-|–|to|or)\s?\d)?\s?days?(?:\s?(?:per|a|each|/)\s?week)?\s(?:\w+\s){{0,2}}"
    r"(?:in (?:the |our )?office|on[- ]?site|office[- ]based|in person)\b"
)
_HOME_DAYS: Final = re.compile(
    rf"\b{_NUMBER}\s?days?(?:\s?(?:per|a|each|/)\s?week)?\s(?:\w+\s){{0,2}}(?:(?:at|from) home|remote(?:ly)?)\b"
)
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)(?:\s{0,2}\d[A-Z]{2})?\b")
_LONDON_AREAS: Final = frozenset(
    [
        "BR",
        "CR",
        "DA",
        "E",
        "EC",
        "EN",
        "HA",
        "IG",
        "KT",
        "N",
        "NW",
        "RM",
        "SE",
        "SM",
        "SW",
        "TN",
        "TW",
        "UB",
        "W",
        "WC",
        "WD",
    ]
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an advert says of its terms; hours are a week's, length is in months."""

    contract: Contract | None
    months: int | None
    patterns: tuple[Pattern, ...]
    hours: float | None
    place: Place | None
    office_days: float | None
    """Days a week in the office, where hybrid work says so."""


def read_terms(text: str) -> Terms:
    """The terms an advert's text states. Never raises; reads the first 20,000 characters."""
    said = " ".join(text[:_READ].casefold().replace("\u2011", "-").split())
    contract = next((contract for contract, form in _CONTRACTS if form.search(said)), None)
    months = _months(said) if contract != "permanent" else None
    patterns = tuple(pattern for pattern, form in _PATTERNS if form.search(said))
    place, days = _where(said)
    return Terms(contract, months, patterns, _hours(said), place, days)


def read_skills(text: str) -> tuple[str, ...]:
    """The framework's skills that the text names word for word, in the framework's order."""
    said = f" {' '.join(re.findall(r'[a-z0-9]+', text[:_READ].casefold()))} "
    return tuple(skill for skill, words in _skills() if f" {words} " in said)


def read_postcode_area(location: str) -> str | None:
    """The outward code of the first London postcode in a location ("E8", "SW1A"); None where there is none."""
    for match in _POSTCODE.finditer(location[:2_000].upper()):
        area = re.match(r"[A-Z]+", match[1])
        if area and area[0] in _LONDON_AREAS:
            return match[1]
    return None


@cache
def _skills() -> tuple[tuple[str, str], ...]:
    names = dict.fromkeys(skill for role in standard_roles().values() for skill in role.skills)
    return tuple((name, " ".join(re.findall(r"[a-z0-9]+", name.casefold()))) for name in names)


def _months(said: str) -> int | None:
    for form in (_LENGTH, _LENGTH_AFTER):
        match = form.search(said)
        if match:
            number = _number(match["number"])
            return round(number * 12 if match["unit"].startswith("y") else number)
    return None


def _hours(said: str) -> float | None:
    for hours in _stated_hours(said):
        if 1 <= hours <= 60:
            return hours
    return None


def _stated_hours(said: str) -> Iterator[float]:
    for form in (_HOURS, _HPW):
        for match in form.finditer(said):
            stated = match.groupdict().get("hours") or match.groupdict().get("after")
            if stated:
                yield float(stated)


def _where(said: str) -> tuple[Place | None, float | None]:
    office, home = _OFFICE_DAYS.search(said), _HOME_DAYS.search(said)
    if office:
        days = _number(office["number"])
        return ("hybrid" if days < 5 else "office"), (days if days <= 5 else None)
    if _REMOTE.search(said):
        return "remote", None
    if home:
        return "hybrid", max(0.0, 5 - _number(home["number"]))
    return ("hybrid", None) if _HYBRID.search(said) else (None, None)


def _number(said: str) -> float:
    return float(_NUMBERS.get(said) or said)
