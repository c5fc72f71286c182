"""Which known titles and standard roles look nearest to a title, for a person to judge by. It decides nothing. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from loti_contracts.events import Near
from loti_contracts.vocabulary import standard_roles
from services.matching.demand.titles import named

SHOWN: Final = 3


def nearest_standard_roles(title: str) -> tuple[Near, ...]:
    """The standard roles that look nearest."""
    return _best(Near(title=name, role_id=None, nearness=nearness(title, name)) for name in standard_roles())


def nearest_titles(title: str, heard: Iterable[tuple[str, str]]) -> tuple[Near, ...]:
    """Of these titles with their roles' ids, newest first, those that look nearest; the newest of equal ones."""
    first: dict[tuple[str, ...], Near] = {}
    for other, role_id in heard:
        first.setdefault(
            named(other).words, Near(title=other, role_id=role_id, nearness=nearness(title, other))
        )
    return _best(first.values())


def nearness(one: str, other: str) -> float:
    """From 0 to 1: the part of the words that two titles have in common, and of their three-letter runs, halved."""
    return round((_alike(_words(one), _words(other)) + _alike(_runs(one), _runs(other))) / 2, 2)


def _best(found: Iterable[Near]) -> tuple[Near, ...]:
    near = sorted((one for one in found if one.nearness > 0), key=lambda one: -one.nearness)
    return tuple(near[:SHOWN])


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@lru_cache(maxsize=4_000)
def _words(title: str) -> frozenset[str]:
    return frozenset(named(title).words)


@lru_cache(maxsize=4_000)
def _runs(title: str) -> frozenset[str]:
    text = f" {' '.join(named(title).words)} "
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))
