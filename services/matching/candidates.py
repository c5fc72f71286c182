"""Everyone who may be proposed, held so that ten thousand can be judged at once.

Each supporter has a row. What is looked up by name (roles, skills, boroughs, …) is kept as rows by name; what is
compared as a number is a column. Adding or changing one supporter touches one row.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from loti_contracts.vocabulary import LEVELS
from services.matching.availability import spans_of
from services.matching.eligibility import SupporterNow, has_students
from services.matching.names import family_of, key
from services.matching.parts import skills_offered
from services.matching.track_record import track_record

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

NEVER = date.max.toordinal()
BOUNDLESS = 2**31
"""More requests than there will ever be: whoever states a larger capacity is taken at this one."""
_COLUMNS: dict[str, Any] = {
    "there": np.bool_,
    "withdrawn": np.bool_,
    "students": np.bool_,
    "level": np.int64,
    "stated_on": np.int64,
    "capacity": np.int64,
    "load": np.int64,
    "kept": np.int64,
    "record": np.float64,
    "draw": np.uint64,
}


class Candidates:
    """Supporters by id, with their columns and their rows by name."""

    def __init__(self, supporters: Iterable[SupporterNow] = ()) -> None:
        self._rows: dict[str, int] = {}
        self._free: list[int] = []
        self._at: list[SupporterNow | None] = []
        self._named: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._arrays: dict[tuple[str, str], Whole] = {}
        self._columns = {name: np.zeros(0, dtype) for name, dtype in _COLUMNS.items()}
        self._spans: tuple[Whole, Whole, Whole] = (*(np.zeros((0, 1), np.int64) for _ in range(3)),)  # type: ignore[assignment]
        for one in supporters:
            self.put(one)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[SupporterNow]:
        return (one for one in self._at if one is not None)

    def get(self, supporter_id: str) -> SupporterNow | None:
        """One supporter; None when nobody here has that id."""
        row = self._rows.get(supporter_id)
        return None if row is None else self._at[row]

    def at(self, row: int) -> SupporterNow:
        """The supporter of a row that is taken."""
        one = self._at[row]
        assert one is not None  # noqa: S101 - rows come from the columns, where the free ones are not there
        return one

    def put(self, one: SupporterNow) -> None:
        """Add a supporter, or replace what was known of them."""
        self.remove(one.supporter.id)
        row = self._free.pop() if self._free else self._grow()
        self._rows[one.supporter.id] = row
        self._at[row] = one
        for name in _names(one):
            self._named[name].add(row)
            self._arrays.pop(name, None)
        self._fill(row, one)

    def remove(self, supporter_id: str) -> None:
        """Forget a supporter, if they are here."""
        row = self._rows.pop(supporter_id, None)
        if row is None:
            return
        for name in _names(self.at(row)):
            self._named[name].discard(row)
            self._arrays.pop(name, None)
        self._columns["there"][row] = False
        self._at[row] = None
        self._free.append(row)

    def column(self, name: str) -> npt.NDArray[Any]:
        """One value for each row; rows that are free hold anything but `there`."""
        return self._columns[name][: len(self._at)]

    def spans(self) -> tuple[Whole, Whole, Whole]:
        """First and last day (ordinals) and capacity of each row's spans; day 0, before all days, is no span."""
        first, last, capacity = self._spans
        return first[: len(self._at)], last[: len(self._at)], capacity[: len(self._at)]

    def having(self, what: str, name: str) -> Flags:
        """Which rows have that role, skill, borough, …"""
        found = np.zeros(len(self._at), np.bool_)
        place = (what, name)
        if place not in self._arrays:
            rows = self._named.get(place, ())
            self._arrays[place] = np.fromiter(rows, np.int64, len(rows))
        found[self._arrays[place]] = True
        return found

    def having_any(self, what: str) -> Flags:
        """Which rows have any such name at all."""
        return self.having("any", what)

    def _grow(self) -> int:
        row = len(self._at)
        self._at.append(None)
        if row >= len(self._columns["there"]):
            room = max(64, row * 2)
            for name, column in self._columns.items():
                self._columns[name] = _wider(column, (room,))
            self._spans = tuple(_wider(held, (room, held.shape[1])) for held in self._spans)  # type: ignore[assignment]
        return row

    def _fill(self, row: int, one: SupporterNow) -> None:
        supporter = one.supporter
        record = track_record(supporter, good=one.good, ended=one.ended)
        values = {
            "there": True,
            "withdrawn": supporter.status == "withdrawn",
            "students": has_students(supporter),
            "level": -1 if supporter.level is None else LEVELS.index(supporter.level),
            "stated_on": NEVER if one.stated_on is None else one.stated_on.toordinal(),
            "capacity": min(supporter.capacity, BOUNDLESS),
            "load": one.load,
            "kept": one.kept,
            "record": record.expected,
            "draw": lot(supporter.id),
        }
        for name, value in values.items():
            self._columns[name][row] = value
        spans = spans_of(supporter)
        if len(spans) > self._spans[0].shape[1]:
            shape = (self._spans[0].shape[0], len(spans))
            self._spans = tuple(_wider(held, shape) for held in self._spans)  # type: ignore[assignment]
        first, last, capacity = self._spans
        first[row], last[row], capacity[row] = 0, 0, 0
        for place, span in enumerate(spans):
            first[row, place], last[row, place] = span.first.toordinal(), span.last.toordinal()
            capacity[row, place] = min(span.capacity, BOUNDLESS)


def lot(name: str) -> int:
    """A number drawn for a name, the same for ever: 64 bits."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def _names(one: SupporterNow) -> Iterator[tuple[str, str]]:
    """Everything by which this supporter is looked up."""
    supporter = one.supporter
    prefers = supporter.prefers
    families = {key(family) for family in supporter.families}
    families |= {key(family) for role in supporter.roles if (family := family_of(role))}
    yield "id", supporter.id
    yield "kind", supporter.kind
    yield from (("offers", purpose) for purpose in supporter.offers)
    yield from (("role", key(role)) for role in supporter.roles)
    yield from (("family", family) for family in families)
    yield from (("skill", skill) for skill in skills_offered(supporter))
    yield from (("language", key(language)) for language in supporter.languages)
    yield from (("standard", key(standard)) for standard in supporter.standards)
    yield from (("not for", borough) for borough in supporter.not_for)
    if supporter.own_borough is not None:
        yield "own borough", supporter.own_borough
    if supporter.offers:
        yield "any", "offers"
    if prefers is None:
        return
    yield from (("prefers borough", borough) for borough in prefers.boroughs)
    yield from (("prefers role", key(role)) for role in prefers.roles)
    yield from (("prefers family", key(family)) for family in prefers.families)
    if prefers.boroughs:
        yield "any", "prefers borough"
    if prefers.roles or prefers.families:
        yield "any", "prefers work"


def _wider(held: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """The same values with more room, which holds zeros."""
    wider = np.zeros(shape, held.dtype)
    wider[tuple(slice(0, length) for length in held.shape)] = held
    return wider
