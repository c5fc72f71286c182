"""Each offer is measured by its cell as it was before it, then counted in; and each move of a cell is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, PaySignal
from services.salaries import counting, store
from services.salaries.cells import ALL_LEVELS, LONDON
from services.salaries.counting import Wanted
from services.salaries.ledger import CellState, Ledger
from services.salaries.observations import Observation
from services.salaries.quantiles import MEDIAN, PERCENTILES
from services.salaries.signals import Market, markets_of, measure_of, moved, out_of_market, spans_levels

Medians = dict[tuple[str, str, str], tuple[int, int]]
"""By standard role, period and level: the median of the middle in London, and its offers."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a role offered before and after an event that changed its offer."""

    heard: Envelope[Any]
    before: Observation
    after: Observation


async def fold_in(
    tx: Connection, ledger: Ledger, corrections: Sequence[Correction]
) -> list[tuple[PaySignal, Envelope[Any]]]:
    """Count the corrections, one after the other; what each gives reason to tell, with the event that did.

    So the signals are the same however the events were cut into batches; they depend on the order of the events.
    """
    await counting.read_ahead(tx, ledger)
    roles = {one.after.standard_role for one in corrections if one.after.standard_role}
    medians = await store.medians_by_level(tx, roles)
    told: list[tuple[PaySignal, Envelope[Any]]] = []
    for one in corrections:
        signals: list[PaySignal | None] = []
        if one.before.counts:
            ledger.count(one.before, -1)
            for state, median in await _medians(tx, ledger, [one.before]):
                _note(medians, state, median)
        if one.after.counts:
            if not one.after.advert.closed:
                signals += await _judge(tx, ledger, one.after, medians)
            ledger.count(one.after, 1)
        for state, median in await _medians(tx, ledger, [one.before, one.after]):
            _note(medians, state, median)
            signals.append(_move(ledger, state, median))
        told += [(signal, one.heard) for signal in signals if signal is not None]
    return told


async def _judge(
    tx: Connection, ledger: Ledger, offer: Observation, medians: Medians
) -> list[PaySignal | None]:
    market = await _market(tx, ledger, offer)
    by_level = {
        level: found
        for (role, period, level), found in medians.items()
        if (role, period) == (offer.standard_role, offer.period) and found[1] >= ledger.rules.signal_adverts
    }
    return [out_of_market(offer, market) if market else None, spans_levels(offer, by_level)]


async def _market(tx: Connection, ledger: Ledger, offer: Observation) -> Market | None:
    measure = measure_of(offer)
    for cell in markets_of(offer):
        state = ledger.cells[cell]
        sums = state.sums[measure]
        if sums.adverts >= ledger.rules.signal_adverts:
            places = (PERCENTILES["p25"], PERCENTILES["p90"])
            wanted = [Wanted(state.tree(measure), sums, place) for place in places]
            p25, p90 = await counting.percentiles(tx, ledger.book, wanted)
            return Market(cell, sums.adverts, p25, p90)
    return None


async def _medians(
    tx: Connection, ledger: Ledger, offers: Sequence[Observation]
) -> list[tuple[CellState, int | None]]:
    """The cells of these offers, each with the median of its middles as the ledger has them now; None where they are
    too few for a signal."""
    states = ledger.states_of(offers)
    enough = [state for state in states if state.middles.adverts >= ledger.rules.signal_adverts]
    wanted = [Wanted(state.tree(), state.middles, MEDIAN) for state in enough]
    found = await counting.percentiles(tx, ledger.book, wanted)
    medians = {state.number: median for state, median in zip(enough, found, strict=True)}
    return [(state, medians.get(state.number)) for state in states]


def _note(medians: Medians, state: CellState, median: int | None) -> None:
    cell = state.cell
    if cell.area == LONDON and cell.level != ALL_LEVELS:
        key = (cell.standard_role, cell.period, cell.level)
        if median is None:
            medians.pop(key, None)
        else:
            medians[key] = (median, state.middles.adverts)


def _move(ledger: Ledger, state: CellState, median: int | None) -> PaySignal | None:
    """Whether the cell moved since it was last told; one that has enough offers for the first time did not."""
    if median is None:
        return None
    if state.told_median is None:
        state.told_median = median
        return None
    signal = moved(
        state.cell,
        told=state.told_median,
        median=median,
        adverts=state.middles.adverts,
        moves=state.moves,
        percent=ledger.rules.signal_percent,
    )
    if signal:
        state.told_median, state.moves = median, state.moves + 1
    return signal
