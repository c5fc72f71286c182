"""The limit: role events folded into the benchmark table as fast as one process can, with nothing guaranteed.

The pay of every cell is kept sorted in memory, a batch is written with two multi-row upserts, and offsets are committed when
it suits. There is no inbox, no outbox, no lock: a kill loses or doubles, and a second process would overwrite the first.
What an offer is and what a percentile is comes from the same pure modules as the service's own, so that the tables are
equal and the comparison is about the way there.
"""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

import asyncpg

from loti_contracts.events import Between, Quantiles, Role
from loti_contracts.events.catalogue import event_class
from services.salaries.benchmark import Figures, assemble
from services.salaries.cells import Cell, cells_of
from services.salaries.observations import Observation, observe
from services.salaries.quantiles import MEDIAN, PERCENTILES, Sums, likely_places, percentile
from services.salaries.rules import Rules
from services.salaries.weights import weight
from tests.bench.pipeline.rows import SAVE_BENCHMARKS, SAVE_OBSERVATIONS, columns, row_of

_RULES = Rules()


class _Place(NamedTuple):
    pence: int
    weight_below: int
    paid_below: int


@dataclass(slots=True)
class Paid:
    """The amounts of one measure in rising order, as (pence, weight)."""

    offers: list[tuple[int, int]] = field(default_factory=list)

    def count(self, pence: int | None, heft: int, sign: int) -> None:
        """One offer more, or less."""
        if pence is None:
            return
        if sign > 0:
            insort(self.offers, (pence, heft))
        else:
            self.offers.pop(bisect_right(self.offers, (pence, heft)) - 1)

    def percentiles(self, places: Iterable[int], sums: Sums) -> list[int]:
        """Exactly, as `quantiles.weighted`."""
        below = list(accumulate((heft for _, heft in self.offers), initial=0))
        paid = list(accumulate((pence * heft for pence, heft in self.offers), initial=0))
        unit = 10_000 * sums.weight

        def found(target: int) -> _Place:
            place = min(bisect_right(below, target // unit), len(self.offers)) - 1
            return _Place(self.offers[place][0], below[place], paid[place])

        return [percentile(sums, place, *map(found, sums.stretch(place))) for place in places]

    @property
    def sums(self) -> Sums:
        """How many, their weights, their weights squared."""
        hefts = [heft for _, heft in self.offers]
        return Sums(len(hefts), sum(hefts), sum(heft * heft for heft in hefts))


@dataclass(slots=True)
class Counted:
    """One cell in memory."""

    family: str = ""
    revision: int = 0
    adverts: int = 0
    paid: tuple[Paid, Paid, Paid] = field(default_factory=lambda: (Paid(), Paid(), Paid()))
    months: dict[int, Paid] = field(default_factory=dict)
    boroughs: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)

    def count(self, cell: Cell, offer: Observation, sign: int) -> None:
        """One offer more, or less."""
        heft = weight(offer.month, half_life_months=_RULES.half_life_months)
        self.adverts += sign
        self.family = offer.family or self.family
        self.days[offer.seen_on] += sign
        for gss in cell.boroughs_of(offer):
            self.boroughs[gss] += sign
        for kept, pence in zip(self.paid, offer.amounts, strict=True):
            kept.count(pence, heft, sign)
        if offer.middle is not None:
            self.months.setdefault(offer.month, Paid()).count(offer.middle, 1, sign)

    def figures(self) -> Figures:
        """All of them, anew."""
        sums = [kept.sums for kept in self.paid]
        bottom, middle, top = (
            Quantiles(**dict(zip(PERCENTILES, kept.percentiles(PERCENTILES.values(), one), strict=True)))
            if one.adverts
            else None
            for kept, one in zip(self.paid, sums, strict=True)
        )
        places = likely_places(sums[1])
        ends = self.paid[1].percentiles(places, sums[1]) if places else None
        days = [day for day, count in self.days.items() if count]
        last = max(days, default=date.min)
        newest = last.year * 12 + last.month - 1
        return Figures(
            bottom=bottom,
            middle=middle,
            top=top,
            likely=Between(low=ends[0], high=ends[1]) if ends else None,
            middles=sums[1],
            adverts=self.adverts,
            boroughs=sum(count > 0 for count in self.boroughs.values()),
            oldest=min(days, default=None),
            freshest=max(days, default=None),
            months=[
                (month, len(kept.offers), kept.percentiles([MEDIAN], kept.sums)[0])
                for month, kept in sorted(self.months.items())
                if newest - 12 < month <= newest and kept.offers
            ],
        )


@dataclass(slots=True)
class Table:
    """The whole benchmark table in memory, and what every role last offered."""

    offers: dict[str, Observation] = field(default_factory=dict)
    cells: dict[Cell, Counted] = field(default_factory=dict)

    async def fold_in(self, messages: Sequence[tuple[bytes, Sequence[tuple[str, bytes]]]], db: Any) -> None:
        """A batch of values with their headers, in order, and the table is as current as they are."""
        changed: dict[str, Observation] = {}
        touched: set[Cell] = set()
        for value, headers in messages:
            role = _read(value, headers)
            before, after = self.offers.get(role.id), observe(role, _RULES)
            if before is not None and before.revision >= after.revision:
                continue
            for offer, sign in ((before, -1), (after, 1)):
                if offer is not None:
                    for cell in cells_of(offer):
                        self.cells.setdefault(cell, Counted()).count(cell, offer, sign)
                        touched.add(cell)
            self.offers[role.id] = changed[role.id] = after
        await db.execute(SAVE_BENCHMARKS, *columns([self._row(cell) for cell in touched], 6))
        await db.execute(SAVE_OBSERVATIONS, *columns([row_of(one) for one in changed.values()], 15))

    def _row(self, cell: Cell) -> tuple[Any, ...]:
        counted = self.cells[cell]
        counted.revision += 1
        found = assemble(
            cell,
            counted.figures(),
            family=counted.family,
            revision=counted.revision,
            rules=_RULES,
            contributed=None,
        )
        return (cell.id, cell.standard_role, cell.level, cell.area, cell.period, found.model_dump_json())


def _read(value: bytes, headers: Sequence[tuple[str, bytes]]) -> Role:
    kind = next(text for name, text in headers if name == "ce_type")
    model = event_class(kind.decode())
    assert model is not None
    event = model.model_validate_json(value)
    return event.role  # type: ignore[attr-defined,no-any-return]


async def connected(dsn: str) -> "asyncpg.Connection[Any]":
    """Without waiting for the disk at each commit: nothing is guaranteed."""
    return await asyncpg.connect(dsn, server_settings={"synchronous_commit": "off"})
