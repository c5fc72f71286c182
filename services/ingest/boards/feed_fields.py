"""The fields of one feed item, whatever its vendor calls them.

The names are those seen in real feeds: Eploy (DisplaySalary, DatePosted), EngageATS (engAts:salaryRangeFrom, endDate),
Networx (Vacancy_title, Salary, Expiry_date), Vacancy Poster (advertUrl, expiresAt), job: namespaces, and the labelled
lines that some boards put into the description (“Salary: … | Advert End Date: …”, “£… – Closing date: 2 August”).
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from services.ingest.boards.feed_items import Feed, Item
from services.ingest.boards.text import MAX_DESCRIPTION, as_one_line, lines, plain

_TITLE = ("title", "vacancytitle", "vtitle", "jobtitle")
_LINK = ("link", "adverturl", "joburl", "applicationurl", "url")
_KEY = ("id", "vacancyid", "jobid", "vacancyref", "reference", "jobreference")
_EMPLOYER = ("employer", "company", "companyname", "organisation", "organization", "schoolname")
_LOCATION = ("location", "joblocation", "employmentlocation", "town", "city")
_PAY = (
    "displaysalary",
    "salarytext",
    "salarydescription",
    "formattedsalarydescription",
    "salary",
    "salaryrange",
    "pay",
)
_PAY_FROM = ("salaryrangefrom", "salaryfrom", "minimumsalary")
_PAY_TO = ("salaryrangeto", "salaryto", "maximumsalary")
_POSTED = ("published", "dateposted", "publishon", "advertstartdate", "datecreated", "updated")
_CLOSES = (
    "closingdate",
    "expirydate",
    "enddate",
    "advertenddate",
    "expiresat",
    "applicationclosingdate",
    "validthrough",
    "closes",
)
_DEPARTMENT = ("department", "directorate", "servicearea", "industry")
_TYPE = (
    "employmenttype",
    "contracttype",
    "vcontracttype",
    "vacancytype",
    "jobtype",
    "positiontype",
    "workingpatterns",
)
_DESCRIPTION = ("summary", "adverttext", "jobadvert", "jobdescription", "description")

NAMES: Final = frozenset(
    {
        *_TITLE, *_LINK, *_KEY, *_EMPLOYER, *_LOCATION, *_PAY, *_PAY_FROM, *_PAY_TO, *_POSTED, *_CLOSES, *_DEPARTMENT,
        *_TYPE, *_DESCRIPTION,
    }
)  # fmt: skip
"""Every name that is asked for."""

_CLOSES_LINE = re.compile(
    r"(?:closing date|advert end date|apply by|applications close|closes(?: on)?)\s*[:–-]?\s*([^|]{3,60})",
    re.IGNORECASE,
)
_CLOSES_WORDS = ("clos", "advert end date", "apply by")
_PAY_LINE = re.compile(r"\bsalary(?: range)?\s*[:–-]\s*([^|]{3,300})", re.IGNORECASE)
_MONEY_FIRST = re.compile(r"^(£\s?\d[^|]{0,200}?)(?:\s*[–|-]\s*closing date\b.*)?$", re.IGNORECASE)
_CLOSING = re.compile(r"\s+[–-]\s+closing date\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Fields(NamedTuple):
    """One item's fields as plain text, None where the item has none; `link` is still as written."""

    key: str | None
    title: str | None
    link: str | None
    employer: str | None
    location: str | None
    pay: str | None
    posted: str | None
    closes: str | None
    description: str | None
    department: str | None
    employment_type: str | None


class Columns:
    """Under which names a feed's items have each field: found once for all of them, best first."""

    def __init__(self, feed: Feed) -> None:
        spelt: dict[str, list[tuple[bool, str]]] = {}
        for name in {name for item in feed.items for name in item.values}:
            is_prefixed, short = short_name(name, feed.namespaces)
            spelt.setdefault(short, []).append((is_prefixed, name))

        def found(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for short in names for _, name in sorted(spelt.get(short, ())))

        self._key, self._title, self._link = found(_KEY), found(_TITLE), found(_LINK)
        self._employer, self._location = found(_EMPLOYER), found(_LOCATION)
        self._pay, self._pay_from, self._pay_to = found(_PAY), found(_PAY_FROM), found(_PAY_TO)
        self._posted, self._closes = found(_POSTED), found(_CLOSES)
        self._department, self._type = found(_DEPARTMENT), found(_TYPE)
        self._description = found(_DESCRIPTION)

    def of(self, item: Item) -> Fields:
        """The fields of one item; pay and closing date from its text where no element holds them."""
        values = item.values
        seen = lines(self._markup(item))
        pay, closes = _first(values, self._pay), _first(values, self._closes)
        if pay is None and (self._pay_from or self._pay_to):
            pay = _range(_first(values, self._pay_from), _first(values, self._pay_to))
        if seen and (pay is None or closes is None):
            told = " ".join(seen).casefold()
            if pay is None:
                pay = _pay_in(seen, told)
            if closes is None and any(word in told for word in _CLOSES_WORDS):
                closes = _labelled(seen, _CLOSES_LINE, *_CLOSES_WORDS)
        return Fields(
            _first(values, self._key),
            _first(values, self._title),
            _text(values, self._link),
            _first(values, self._employer),
            _first(values, self._location),
            pay,
            _first(values, self._posted),
            closes,
            as_one_line(seen, MAX_DESCRIPTION),
            _first(values, self._department),
            _first(values, self._type),
        )

    def _markup(self, item: Item) -> str:
        for text in item.contents:
            if text.strip():
                return text
        return _text(item.values, self._description) or ""


def short_name(name: str, namespaces: tuple[str, ...]) -> tuple[bool, str]:
    """Whether a name stands in one of the feed's namespaces, and what it is without that and without underscores:
    `engats_salaryrangefrom` → `salaryrangefrom`. A name that the feed uses bare comes before one in a namespace."""
    prefix = next((space for space in namespaces if name.startswith(space + "_")), None)
    return prefix is not None, (name if prefix is None else name[len(prefix) + 1 :]).replace("_", "")


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        if name in values and (text := plain(values[name])) is not None:
            return text
    return None


def _text(values: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first that is not blank, as written."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _range(*ends: str | None) -> str | None:
    """Two bare numbers as the pay a reader would see; UK feeds mean pounds."""
    shown = dict.fromkeys(f"£{text}" if _NUMBER.fullmatch(text) else text for text in ends if text)
    return " to ".join(shown) or None


def _pay_in(seen: list[str], told: str) -> str | None:
    """What a text says of pay; `told` is all of it in lower case, and tells soon that most texts say nothing."""
    found = _labelled(seen, _PAY_LINE, "salary") if "salary" in told else None
    return found or (_labelled(seen, _MONEY_FIRST, "£") if "£" in told else None)


def _labelled(seen: list[str], pattern: re.Pattern[str], *words: str) -> str | None:
    """What follows a label in the text, if there is a figure in it; only lines with one of these words can have it."""
    for line in seen:
        told = line.casefold()
        for word in words:
            if word in told:
                break
        else:
            continue
        found = pattern.search(line)
        if found and any(character.isdigit() for character in found[1]):
            return _CLOSING.split(found[1])[0].strip(" .")
    return None
