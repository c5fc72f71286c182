"""What a visitor looks for in the library, read from an address and written into one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import urlencode

from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.library.kinds import KINDS

PER_PAGE: Final = 20
LAST_PAGE: Final = 500
_LONGEST: Final = 200
_ALLOWED: Final = {
    "kind": KINDS,
    "role": standard_roles(),
    "level": frozenset(LEVELS),
    "borough": authorities(),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters; an empty one asks for everything. `page` counts from 1."""

    q: str = ""
    kind: str = ""
    role: str = ""
    level: str = ""
    skill: str = ""
    borough: str = ""
    page: int = 1

    @property
    def words(self) -> list[str]:
        """What was typed, word by word; quotation marks and the like are no part of a word."""
        return [
            "".join(filter(str.isalnum, word))
            for word in self.q.lower().split()
            if any(map(str.isalnum, word))
        ]

    @property
    def anything(self) -> bool:
        """Whether nothing at all is asked for."""
        return replace(self, page=1) == Asked()

    def query(self, **changed: object) -> str:
        """For an address: what is asked, with these filters changed; begins with `?`, or is empty."""
        told = {field.name: getattr(self, field.name) for field in fields(self)} | changed
        if told["page"] == 1:
            told["page"] = ""
        kept = {name: value for name, value in told.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def read_asked(query: Mapping[str, str]) -> tuple[Asked, tuple[str, ...]]:
    """The filters of an address, and a hint for each that had to be passed over."""
    typed = {name: " ".join(query.get(name, "").replace("\0", "").split())[:_LONGEST] for name in _TEXTS}
    hints: list[str] = []
    for name, allowed in _ALLOWED.items():
        if typed[name] and typed[name] not in allowed:
            hints.append(f"“{typed[name]}” is no {name} that the library knows, so it was passed over.")
            typed[name] = ""
    if typed["q"] and not any(map(str.isalnum, typed["q"])):
        hints.append(f"“{typed['q']}” has no word in it, so it was passed over.")
        typed["q"] = ""
    return Asked(**typed, page=page_in(query)), tuple(hints)


def page_in(query: Mapping[str, str]) -> int:
    """The page that an address asks for, from 1; what is no number is the first."""
    page = query.get("page", "1")
    return min(max(1, int(page)), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 9 else 1


_TEXTS: Final = ("q", "kind", "role", "level", "skill", "borough")
