"""Reads a search out of an address that anybody may have typed: what cannot be understood is left out, and said."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.portal.jobs.asked import CONTRACTS, MOST_PAGES, SORTS, STATUSES, Asked

MOST_WORDS: Final = 200
MOST_OF_A_KIND: Final = 60
_MOST_PAY: Final = 10_000_000
_MOST_DAYS: Final = 36_500
_EARLIEST: Final = date(2000, 1, 1)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_POUNDS: Final = re.compile(r"£?\s*(\d[\d,]{0,12})(?:\.\d{1,2})?\s*(k?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in the address that could not be understood. `name` is the parameter's."""

    name: str
    text: str


class _Wrong(ValueError):
    """The text says what is wrong, and what to do about it."""


def read_asked(pairs: Iterable[tuple[str, str]]) -> tuple[Asked, tuple[Hint, ...]]:
    """The search in an address, and a hint for everything that was left out. Unknown parameters are not ours to
    judge; of a parameter that can stand once the last counts."""
    facts: dict[str, Any] = {}
    hints: list[Hint] = []
    for name, raw in pairs:
        text = " ".join(_UNSEEN.sub(" ", raw).split())
        if not text or name not in _READERS:
            continue
        field, several, read = _READERS[name]
        try:
            value = read(text)
        except _Wrong as wrong:
            hints.append(Hint(name, str(wrong)))
            continue
        if not several:
            facts[field] = value
        elif value not in facts.get(field, ()) and len(facts.get(field, ())) < MOST_OF_A_KIND:
            facts[field] = (*facts.get(field, ()), value)
    low, high = facts.get("pay_from"), facts.get("pay_to")
    if low is not None and high is not None and low > high:
        hints.append(Hint("pay_to", f"Pay from £{low:,} to £{high:,} is the wrong way round; it was turned."))
        facts |= {"pay_from": high, "pay_to": low}
    if low is None and high is None:
        facts.pop("pay_period", None)  # a period of no pay means nothing
    return Asked(**facts), tuple(hints)


def _shown(text: str) -> str:
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _words(text: str) -> str:
    return text[:MOST_WORDS].strip()


@cache
def _boroughs() -> dict[str, str]:
    found = {one.name.casefold(): gss for gss, one in authorities().items()}
    return found | {gss.casefold(): gss for gss in authorities()}


def _borough(text: str) -> str:
    gss = _boroughs().get(text.casefold())
    if gss is None:
        raise _Wrong(f"{_shown(text)} is none of the 33 London authorities, so it was left out.")
    return gss


def _one_of(known: Iterable[str], what: str) -> Callable[[str], str]:
    by_name = {one.casefold(): one for one in known}

    def read(text: str) -> str:
        found = by_name.get(text.casefold())
        if found is None:
            raise _Wrong(f"{_shown(text)} is no {what}, so it was left out.")
        return found

    return read


def _pounds(text: str) -> int:
    match = _POUNDS.fullmatch(text)
    if match is None:
        raise _Wrong(f"{_shown(text)} is no amount of money, so it was left out. Type it like 45000.")
    pounds = int(match[1].replace(",", "")) * (1000 if match[2] else 1)
    if pounds > _MOST_PAY:
        raise _Wrong(f"£{pounds:,} is more than any pay, so it was left out.")
    return pounds


def _since(text: str) -> int | date:
    wrong = _Wrong(f"{_shown(text)} is no number of days and no date like 2026-11-01, so it was left out.")
    if text.isascii() and text.isdigit():
        days = int(text[:9])
        if not 1 <= days <= _MOST_DAYS or len(text) > 9:
            raise wrong
        return days
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error
    if day < _EARLIEST:
        raise wrong
    return day


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise _Wrong(f"{_shown(text)} is no page, so this is the first one.")
    if int(text) > MOST_PAGES:
        raise _Wrong(
            f"The list ends with page {MOST_PAGES}, so this is the first one. Look for less to see more."
        )
    return int(text)


_READERS: Final[dict[str, tuple[str, bool, Callable[[str], Any]]]] = {
    "words": ("words", False, _words),
    "q": ("words", False, _words),  # as other sites call it
    "role": ("roles", True, _one_of(standard_roles(), "standard role")),
    "family": ("families", True, _one_of(FAMILIES, "family of roles")),
    "level": ("levels", True, _one_of(LEVELS, "level")),
    "borough": ("boroughs", True, _borough),
    "area": ("areas", True, _one_of(("inner", "outer"), "area (inner or outer)")),
    "contract": ("contracts", True, _one_of(CONTRACTS, "kind of contract")),
    "pay_from": ("pay_from", False, _pounds),
    "pay_to": ("pay_to", False, _pounds),
    "pay_period": ("pay_period", False, _one_of(("year", "day"), "period (year or day)")),
    "status": ("status", False, _one_of(STATUSES, "status (open, closed or all)")),
    "since": ("since", False, _since),
    "sort": ("sort", False, _one_of(SORTS, "order")),
    "page": ("page", False, _page),
}
"""How each parameter is read: into which field, whether it may stand several times, and by what."""
