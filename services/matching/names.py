"""How things are called in the sentences that boroughs read, and how names are compared."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from loti_contracts.vocabulary import authorities, standard_roles


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """The name as it is compared: case and spacing do not count."""
    return " ".join(name.split()).casefold()


def named(kind: str) -> str:
    """The kind of help with its article."""
    return {
        "recruiter": "a recruiter",
        "mentor": "a mentor",
        "university": "a university",
        "training": "a training provider",
    }[kind]


def borough_named(gss: str) -> str:
    """The authority's name, or its code where it is none of the 33."""
    authority = authorities().get(gss)
    return authority.name if authority else gss


def family_of(role: str) -> str | None:
    """The family of a standard role; None where the role is not a standard one."""
    known = standard_roles().get(role)
    return known.family if known else None


def requests(count: int) -> str:
    """`request` in the number that fits."""
    return "request" if count == 1 else "requests"


def carries(load: int, kept: int) -> str:
    """How many requests somebody has in hand, and keeps a place for."""
    if not kept:
        return f"is helping with {load} {requests(load)}"
    place = "place" if kept == 1 else "places"
    return f"is helping with {load} {requests(load)}, keeps {kept} {place} for a round"


def day(when: date) -> str:
    """A date as it is written in Britain: 3 May 2027."""
    return f"{when.day} {when:%B %Y}"


def listed(names: Iterable[str]) -> str:
    """Names with commas between them."""
    return ", ".join(names)
