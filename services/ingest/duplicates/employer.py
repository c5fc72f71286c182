"""Whether two names mean one employer: aliases, short forms, agencies that name none."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz import fuzz

from services.ingest.employers import read_authorities
from services.ingest.titles.words import tidy

_LEGAL: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "for",
        "in",
        "nhs",
        "ft",
        "foundation",
        "trust",
        "trusts",
        "ltd",
        "limited",
        "plc",
        "llp",
        "cic",
        "group",
        "uk",
        "inc",
        "company",
        "co",
        "services",
        "service",
        "council",
        "london",
        "borough",
        "city",
        "royal",
        "corporation",
        "metropolitan",
        "district",
        "county",
        "multi",
    ]
)
_AGENCY: Final = re.compile(
    r"\b(?:recruit\w*|resourc(?:es|ing)|agency|staffing|consult(?:ing|ants?)|search|talent|personnel|hays|reed|adecco|matrix"
    r"|lgjobs|jobs go public|jobsgopublic|our client|confidential|local authority|london council|london borough$|a london borough|public sector"
    r"|unnamed|comensura|tempo)\b"
)
_NO_COUNCIL: Final = re.compile(
    r"\b(?:nhs|hospitals?|health|universit(?:y|ies)|police|fire brigade|association|charity|ltd|limited|plc|llp)\b"
)
_VIA: Final = re.compile(r"\s*[(,]?\s*\bvia\b.*$|\s*\(?\bon behalf of\b\s*")
_WORD: Final = re.compile(r"[a-z0-9]+")
_CLOSE: Final = 92
_READ: Final = 600
"""Characters of a name that are read."""

Agreement = Literal["same", "unknown", "different"]


@dataclass(frozen=True, slots=True)
class Employer:
    """A name read: the authorities it means (GSS codes), its own words, and whether it hides who employs."""

    gss: frozenset[str]
    words: tuple[str, ...]
    initials: str
    hidden: bool
    apart: bool
    """Whether it cannot be part of a council, as a school can."""


@lru_cache(maxsize=50_000)
def read_employer(name: str | None) -> Employer:
    """What an employer's name says. Never raises."""
    gss = frozenset(authority.gss for authority in read_authorities(name))
    text = _VIA.sub(" ", " ".join(tidy((name or "")[:_READ]).split())).strip()
    every = _WORD.findall(text.replace("'", ""))
    words = tuple(word for word in every if word not in _LEGAL) or tuple(every)
    initials = "".join(word[0] for word in every if word not in ("of", "and", "the", "for"))
    return Employer(
        gss,
        words,
        initials,
        not gss and (not words or bool(_AGENCY.search(text))),
        bool(_NO_COUNCIL.search(text)),
    )


def without_employer(title: str, employer: str | None) -> tuple[str, str | None]:
    """A title without the employer that boards put before or after it, and that employer where it is one.

    "Hackney Council: Data Analyst" is "Data Analyst" at "Hackney Council", whatever `employer` says.
    """
    known = read_employer(employer)
    for mark in (": ", " - ", " – ", " — ", " | ", " at ", ", ", " ("):
        if mark not in title:
            continue
        head, _, rest = title.partition(mark)
        if mark != " (" and _is_employer(head, known) and rest.strip():
            return rest.strip(), head
        start, _, tail = title.rpartition(mark)
        if _is_employer(tail.rstrip(") "), known) and start.strip():
            return start.strip(), tail.rstrip(") ")
    return title, None


def _is_employer(text: str, known: Employer) -> bool:
    one = read_employer(text)
    if one.gss and not one.hidden and re.search(r"\b(?:council|borough|lb|rb|corporation)\b", tidy(text)):
        return True
    if known.gss and one.gss == known.gss:
        return True
    return bool(one.words and known.words) and not known.hidden and same_name(one, known)


def same_name(one: Employer, other: Employer) -> bool:
    """Whether two names are one, written shorter, longer or as initials."""
    if one.words == other.words:
        return True
    a, b = set(one.words), set(other.words)
    if min(len(a), len(b)) >= 2 and (a <= b or b <= a):
        return True
    for short, long in ((one, other), (other, one)):
        if len(short.words) == 1 and len(short.words[0]) >= 3 and short.words[0] == long.initials:
            return True
    text, twin = " ".join(one.words), " ".join(other.words)
    return min(len(text), len(twin)) >= 10 and fuzz.ratio(text, twin) >= _CLOSE


def compare_employers(
    one: Employer, other: Employer, mine: frozenset[str], theirs: frozenset[str]
) -> Agreement:
    """Whether two employers are one. `mine` and `theirs` are the GSS codes of the authorities whose jobs they are,
    which decide where a name says nothing."""
    if one.gss and other.gss:
        return "same" if one.gss & other.gss else "different"
    apart = bool(mine and theirs and not mine & theirs)
    if one.hidden or other.hidden:
        return "different" if apart else "unknown"
    if same_name(one, other):
        return "same"
    if one.gss or other.gss:
        return "unknown" if mine & theirs and not (one.apart or other.apart) else "different"
    return "different"
