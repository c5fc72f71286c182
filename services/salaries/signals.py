"""What is worth a signal, and the sentence that says why."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from loti_contracts.events import PaySignal, SignalKind
from loti_contracts.vocabulary import LEVELS, authorities
from services.salaries.cells import LONDON, Cell
from services.salaries.observations import Observation

_AREAS: Final = {"inner": "in inner London", "outer": "in outer London", LONDON: "in London"}
_ENDS: Final = ("the bottom of its range", "the middle of its range", "the top of its range")


@dataclass(frozen=True, slots=True)
class Market:
    """The other offers that an offer is measured by: their cell, how many, and two of their percentiles."""

    cell: Cell
    adverts: int
    p25: int
    p90: int


def measure_of(offer: Observation) -> int:
    """By what an offer is measured: its middle, or the one end that it prints (0 bottom, 1 middle, 2 top)."""
    return 1 if offer.middle is not None else 0 if offer.bottom is not None else 2


def markets_of(offer: Observation) -> list[Cell]:
    """The cells that an offer may be measured by, best first: its own level in its area, then in London. All levels
    together are no measure, so an offer without a level has none."""
    if offer.standard_role is None or offer.level is None or not offer.counts:
        return []
    area = next(iter(offer.areas)) if len(offer.areas) == 1 else LONDON
    return [
        Cell(offer.standard_role, offer.level, where, offer.period) for where in dict.fromkeys((area, LONDON))
    ]


def out_of_market(offer: Observation, market: Market) -> PaySignal | None:
    """A signal where the offer lies below the P25 or above the P90 of the others; at the figure itself, none."""
    measure = measure_of(offer)
    pence = offer.amounts[measure]
    if pence is None:
        return None
    kind: SignalKind
    if pence < market.p25:
        kind, border, words = "below market", market.p25, "below the P25"
    elif pence > market.p90:
        kind, border, words = "above market", market.p90, "above the P90"
    else:
        return None
    cell = market.cell
    what = "that" if offer.bottom == offer.top else f"{_ENDS[measure]}, {_money(pence, cell)},"
    sentence = (
        f"{_who(offer)} offers {_range(offer)} for {offer.advert.title or cell.standard_role}; {what} is {words} "
        f"({_money(border, cell)}) of {market.adverts} other offers for {_what(cell)}."
    )
    return _about(offer, kind, sentence, cell, before=border, after=pence, adverts=market.adverts)


def spans_levels(offer: Observation, medians: Mapping[str, tuple[int, int]]) -> PaySignal | None:
    """A signal where the offered range holds the median of the middle of two levels of the role in London.

    `medians`: the median and the number of offers of each level that has enough of them.
    """
    if offer.standard_role is None or offer.bottom is None or offer.top is None or not offer.counts:
        return None
    inside = [
        level for level in LEVELS if level in medians and offer.bottom <= medians[level][0] <= offer.top
    ]
    if len(inside) < 2:
        return None
    low, high = inside[0], inside[-1]
    cell = Cell(offer.standard_role, offer.level or low, LONDON, offer.period)
    sentence = (
        f"{_who(offer)} offers {_range(offer)} for {offer.advert.title or offer.standard_role}: the range spans the "
        f"usual pay of the {low} level ({_money(medians[low][0], cell)}) and of the {high} level "
        f"({_money(medians[high][0], cell)}) in London."
    )
    return _about(
        offer,
        "spans levels",
        sentence,
        cell,
        before=medians[low][0],
        after=medians[high][0],
        adverts=min(medians[low][1], medians[high][1]),
    )


def moved(
    cell: Cell, *, told: int, median: int, adverts: int, moves: int, percent: Fraction
) -> PaySignal | None:
    """A signal where the median of the middle is more than so many per cent away from what was last told. `moves`
    counts the times that it was told before."""
    if abs(median - told) * 100 <= percent * told:
        return None
    by = float(Fraction(abs(median - told) * 100, told)) if told else 100.0
    direction = "up" if median > told else "down"
    sentence = (
        f"The middle of what is offered for {_what(cell)} went {direction} by {by:.1f}%, from {_money(told, cell)} to "
        f"{_money(median, cell)}, by {adverts} offers."
    )
    return _signal(
        "benchmark moved",
        f"{cell.id} {moves + 1}",
        sentence,
        cell,
        before=told,
        after=median,
        adverts=adverts,
    )


def move_id(cell_id: str, number: int) -> str:
    """The id of the signal that told that move of a cell, counted from 1."""
    return _id("benchmark moved", f"{cell_id} {number}")


def _id(kind: SignalKind, cause: str) -> str:
    digest = hashlib.sha256(f"{kind} {cause}".encode()).hexdigest()[:32]
    return f"{kind.replace(' ', '-')}.{digest}"


def _about(
    offer: Observation,
    kind: SignalKind,
    sentence: str,
    cell: Cell,
    *,
    before: int,
    after: int,
    adverts: int,
) -> PaySignal:
    cause = f"{offer.role_id} {offer.standard_role} {offer.level} {offer.period} {offer.bottom} {offer.top}"
    return _signal(
        kind, cause, sentence, cell, before=before, after=after, adverts=adverts, role_id=offer.role_id
    )


def _signal(
    kind: SignalKind,
    cause: str,
    sentence: str,
    cell: Cell,
    *,
    before: int,
    after: int,
    adverts: int,
    role_id: str | None = None,
) -> PaySignal:
    return PaySignal(
        id=_id(kind, cause),
        revision=1,
        kind=kind,
        sentence=sentence,
        benchmark_id=cell.id,
        standard_role=cell.standard_role,
        level=cell.level,
        area=cell.area,  # type: ignore[arg-type]  # the model checks it
        period=cell.period,
        role_id=role_id,
        before=before,
        after=after,
        adverts=adverts,
    )


def _who(offer: Observation) -> str:
    names = [authorities()[gss].name for gss in sorted(offer.authorities) if gss in authorities()]
    return " and ".join(names) or offer.advert.employer or "An authority"


def _range(offer: Observation) -> str:
    by = "a year" if offer.period == "year" else "a day"
    low, high = offer.bottom, offer.top
    if low is None or high is None:
        return f"{'up to' if low is None else 'from'} {_pounds(high if low is None else low)} {by}"
    return f"{_pounds(low)} {by}" if low == high else f"{_pounds(low)} to {_pounds(high)} {by}"


def _money(pence: int, cell: Cell) -> str:
    return _pounds(pence) + (" a day" if cell.period == "day" else "")


def _pounds(pence: int | None) -> str:
    return f"£{round((pence or 0) / 100):,}"


def _what(cell: Cell) -> str:
    named = cell.level == "practitioner" or cell.standard_role.lower().startswith(cell.level)
    level = "all levels of " if cell.level == "all" else "" if named else f"{cell.level} "
    return f"{level}{cell.standard_role} {_AREAS[cell.area]}"
