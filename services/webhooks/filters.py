"""Which events somebody wants: by type, and by the authority that they concern."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from loti_contracts.events import EVENTS, Event, topic_named
from services.webhooks.concerns import authority_named

_PREFIX = "london.loti."


class NoSuchType(ValueError):
    """Nothing of that type is published here; the text says why, or what is near."""


def published() -> dict[str, type[Event]]:
    """The events that are on no restricted topic, by type: all that is ever pushed or pulled."""
    return {type_: event for type_, event in EVENTS.items() if not topic_named(event.topic).restricted}


@dataclass(frozen=True, slots=True)
class Filter:
    """Types as patterns, authorities as GSS codes; empty: all. An event that concerns nobody passes no filter by
    authority."""

    types: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()

    def passes(self, type_: str, concerns: Collection[str]) -> bool:
        """Whether an event of that type, concerning these, is wanted."""
        return (not self.types or any(fits(pattern, type_) for pattern in self.types)) and (
            not self.authorities or any(code in concerns for code in self.authorities)
        )

    @property
    def exact_types(self) -> list[str] | None:
        """Every published type that passes, None for all: for a database to look for."""
        if not self.types:
            return None
        return sorted(type_ for type_ in published() if any(fits(pattern, type_) for pattern in self.types))


def fits(pattern: str, type_: str) -> bool:
    """`london.loti.role.*` fits whatever begins so; anything else fits itself alone."""
    return type_.startswith(pattern[:-1]) if pattern.endswith(".*") else type_ == pattern


def filter_of(types: Iterable[str], authorities: Iterable[str]) -> Filter:
    """As a person writes it: `london.loti.` and the version may be left out. Raises NoSuchType, NoSuchAuthority."""
    return Filter(
        types=tuple(dict.fromkeys(pattern_of(text) for text in types)),
        authorities=tuple(dict.fromkeys(authority_named(text) for text in authorities)),
    )


def pattern_of(text: str) -> str:
    """`role.closed`, `role.*` or a whole type, as a pattern that something published fits. Raises NoSuchType."""
    wanted = text.strip().lower()
    wanted = wanted if wanted.startswith(_PREFIX) else _PREFIX + wanted
    for pattern in (wanted, f"{wanted}.v1"):
        if any(fits(pattern, type_) for type_ in published()):
            return pattern
    if any(fits(pattern, type_) for pattern in (wanted, f"{wanted}.v1") for type_ in EVENTS):
        raise NoSuchType(f"{text!r} is on a restricted topic, which is told to nobody outside")
    near = difflib.get_close_matches(wanted, published(), n=3)
    raise NoSuchType(
        f"there is no event of type {text!r}"
        + (
            f"; perhaps {', '.join(near)}"
            if near
            else "; the catalogue names them, and role.* is all of one thing"
        )
    )
