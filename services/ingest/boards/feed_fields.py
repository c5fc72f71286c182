"""The fields of one feed item, whatever its vendor calls them.

The names are those seen in real feeds: Eploy (DisplaySalary, DatePosted), EngageATS (engAts:salaryRangeFrom, endDate),
Networx (Vacancy_title, Salary, Expiry_date), Vacancy Poster (advertUrl, expiresAt), job: namespaces, and the labelled
lines that some boards put into the description (“Salary: … | Advert End Date: …”, “£… – Closing date: 2 August”).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.ingest.boards.text import MAX_DESCRIPTION, lines, plain

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

_CLOSES_LINE = re.compile(
    r"(?:closing date|advert end date|apply by|applications close|closes(?: on)?)\s*[:–-]?\s*([^|]{3,60})",
    re.IGNORECASE,
)
_PAY_LINE = re.compile(r"\bsalary(?: range)?\s*[:–-]\s*([^|]{3,300})", re.IGNORECASE)
_MONEY_FIRST = re.compile(r"^(£\s?\d[^|]{0,200}?)(?:\s*[–|-]\s*closing date\b.*)?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Fields:
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


def fields_of(entry: Mapping[str, Any], namespaces: tuple[str, ...]) -> Fields:
    """Find the fields in an item as feedparser gives it; `namespaces` are the prefixes the feed declares."""
    named = _by_name(entry, namespaces)
    markup = _description(entry, named)
    seen = lines(markup)
    return Fields(
        key=_first(named, _KEY),
        title=_first(named, _TITLE),
        link=next(
            (named[name] for name in _LINK if isinstance(named.get(name), str) and named[name].strip()), None
        ),
        employer=_first(named, _EMPLOYER),
        location=_first(named, _LOCATION),
        pay=_first(named, _PAY) or _range(named) or _labelled(seen, _PAY_LINE, _MONEY_FIRST),
        posted=_first(named, _POSTED),
        closes=_first(named, _CLOSES) or _labelled(seen, _CLOSES_LINE),
        description=plain(markup, MAX_DESCRIPTION),
        department=_first(named, _DEPARTMENT),
        employment_type=_first(named, _TYPE),
    )


def _by_name(entry: Mapping[str, Any], namespaces: tuple[str, ...]) -> dict[str, Any]:
    """Values under names without namespace prefix and underscores: `engats_salaryrangefrom` → `salaryrangefrom`.

    A name that the feed uses bare comes before the same name in a namespace.
    """
    named: dict[str, Any] = {}
    prefixed: dict[str, Any] = {}
    for name, value in entry.items():
        prefix = next((space for space in namespaces if name.startswith(space + "_")), None)
        if prefix is None:
            named[name.replace("_", "")] = value
        else:
            prefixed.setdefault(name[len(prefix) + 1 :].replace("_", ""), value)
    return prefixed | {name: value for name, value in named.items() if value not in ("", None)}


def _first(named: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := plain(named.get(name))) is not None), None)


def _range(named: Mapping[str, Any]) -> str | None:
    """Two bare numbers as the pay a reader would see; UK feeds mean pounds."""
    ends = [text for text in (_first(named, _PAY_FROM), _first(named, _PAY_TO)) if text]
    shown = list(dict.fromkeys(f"£{text}" if _NUMBER.fullmatch(text) else text for text in ends))
    return " to ".join(shown) or None


def _labelled(seen: list[str], *patterns: re.Pattern[str]) -> str | None:
    """What follows a label in the text, if there is a figure in it."""
    for pattern in patterns:
        for line in seen:
            found = pattern.search(line)
            if found and any(character.isdigit() for character in found.group(1)):
                return re.split(r"\s+[–-]\s+closing date\b", found.group(1), flags=re.IGNORECASE)[0].strip(
                    " ."
                )
    return None


def _description(entry: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    contents = entry.get("content")
    texts = (
        [part.get("value") for part in contents if isinstance(part, Mapping)]
        if isinstance(contents, list)
        else []
    )
    texts += [named.get(name) for name in _DESCRIPTION]
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")
