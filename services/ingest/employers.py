"""Which London authorities an employer's name means, by GSS code.

Boards print employers as people say them ("LB Hackney", "RBKC", "Richmond and Wandsworth councils"). A place
name alone is not an authority: it counts where the text says council, borough or the like, or is nothing but
the name. Names that only contain one (Westminster Abbey, Kingston upon Hull) never count.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from loti_contracts.vocabulary import Authority, authorities

_READ: Final = 600

_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "City of London": ("City of London Corporation", "Corporation of London"),
    "Barking and Dagenham": ("LBBD", "Be First Barking and Dagenham"),
    "Hammersmith and Fulham": ("LBHF", "H and F"),
    "Kensington and Chelsea": ("RBKC",),
    "Kingston upon Thames": ("RBK", "Kingston"),
    "Richmond upon Thames": ("LBRUT", "Richmond"),
    "Tower Hamlets": ("LBTH",),
    "Waltham Forest": ("LBWF",),
    "Westminster": ("City of Westminster", "Westminster City"),
    "Greenwich": ("RBG", "Royal Greenwich"),
    "Hackney": ("LBH Hackney",),
}
"""Other names of one authority."""

_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "Shared Technology Services": ("Brent", "Lewisham", "Southwark"),
    "Shared Technology Service": ("Brent", "Lewisham", "Southwark"),
    "Richmond and Wandsworth": ("Richmond upon Thames", "Wandsworth"),
    "Kingston and Sutton": ("Kingston upon Thames", "Sutton"),
    "Bi-borough": ("Kensington and Chelsea", "Westminster"),
    "South London Partnership": (
        "Croydon", "Kingston upon Thames", "Merton", "Richmond upon Thames", "Sutton",
    ),
}  # fmt: skip
"""Services that several authorities share under one name."""

_ALONE: Final = frozenset(["lbbd", "lbhf", "rbkc", "lbrut", "lbth", "lbwf"]) | {
    "city of london corporation",
    "corporation of london",
}
"""Names that mean the authority whatever stands beside them."""

_COUNCIL: Final = re.compile(
    r"\b(?:councils?|boroughs?|lb|rb|local authorit(?:y|ies)|shared (?:\w+ )?services?|town hall|civic centre)\b"
)
_NOT: Final = re.compile(
    r"\b(?:abbey|cathedral|schools?|academy|academies|college|university|nursery|hospitals?|nhs|trust|church|cofe"
    r"|diocese|police|fire brigade|housing association|homes|foundation|football|museum|theatre|bank|airport"
    r"|coldfield|town council|parish council|county council|icb|recruitment)\b"
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:yorkshire|hull|ashfield|lancashire|surrey heath|connecticut|virginia|ontario|jamaica|nova scotia|kentucky"
    r"|south africa|australia|canada|usa|united states)\b"
)
_BESIDE: Final = frozenset(
    ["and", "of", "the", "london", "council", "councils", "borough", "boroughs", "lb", "rb", "city", "royal"]
)
_SPLIT: Final = re.compile(r",|;|/|\||\(|\)|\bon behalf of\b|\bvia\b|\bin partnership with\b| - ")
_WORD: Final = re.compile(r"[a-z0-9]+")


def read_authorities(employer: str | None, *, default: str | None = None) -> tuple[Authority, ...]:
    """The authorities an employer's name means, in the order it names them.

    `default` is the GSS code of the borough whose own board the advert stands on: it counts where the advert
    names no employer, never against one that it names. Empty where the name means none. Never raises.
    """
    said = _plain(employer or "")
    if not said:
        own = authorities().get(default or "")
        return (own,) if own else ()
    found: dict[str, Authority] = {}
    for position, name, meant in sorted(_named(said)):
        if _counts(said, position, name):
            found.update((authority.gss, authority) for authority in meant)
    return tuple(found.values())


def _named(said: str) -> Iterator[tuple[int, str, tuple[Authority, ...]]]:
    taken: list[range] = []
    for name, meant in _names():
        for match in re.finditer(rf"\b{re.escape(name)}\b", said):
            span = range(match.start(), match.end())
            if not any(span.start < other.stop and other.start < span.stop for other in taken):
                taken.append(span)
                yield match.start(), name, meant


def _counts(said: str, position: int, name: str) -> bool:
    """Whether a name that stands in the text is there as the authority's."""
    if name in _ALONE or name in _shared_names():
        return True
    if _ELSEWHERE.search(said):
        return False
    clause = _clause(said, position)
    if re.search(rf"\bborough of {re.escape(name)}(?: council)?$|^{re.escape(name)} council$", clause):
        return True
    if _NOT.search(clause):
        return False
    return bool(_COUNCIL.search(clause)) or (_bare(clause) and (bool(_COUNCIL.search(said)) or _bare(said)))


def _bare(text: str) -> bool:
    """Whether a text is nothing but names of authorities."""
    return all(word in _place_words() for word in _WORD.findall(text))


def _clause(said: str, position: int) -> str:
    """The part between commas that a place in the text belongs to."""
    start = said.rfind(" , ", 0, position)
    end = said.find(" , ", position)
    return said[start + 3 if start >= 0 else 0 : end if end >= 0 else len(said)]


def _plain(text: str) -> str:
    """Lower case, "and" for "&", single spaces, a comma wherever a clause ends."""
    flat = (
        " ".join(unicodedata.normalize("NFKD", text[:_READ]).casefold().split())
        .replace("&amp;", " and ")
        .replace("&", " and ")
    )
    clauses = [" ".join(_WORD.findall(clause)) for clause in _SPLIT.split(flat)]
    return " , ".join(clause for clause in clauses if clause)


@cache
def _names() -> tuple[tuple[str, tuple[Authority, ...]], ...]:
    """Every name and whom it means, longest first."""
    by_name = {authority.name: authority for authority in authorities().values()}
    names = {_plain(name): (authority,) for name, authority in by_name.items()}
    names |= {_plain(alias): (by_name[name],) for name, aliases in _ALSO.items() for alias in aliases}
    shared = {_plain(name): tuple(by_name[one] for one in several) for name, several in _TOGETHER.items()}
    return tuple(sorted({**names, **shared}.items(), key=lambda pair: -len(pair[0])))


@cache
def _shared_names() -> frozenset[str]:
    return frozenset(_plain(name) for name in _TOGETHER)


@cache
def _place_words() -> frozenset[str]:
    return frozenset(word for name, _ in _names() for word in name.split()) | _BESIDE
