"""Each offer is measured by its cell as it was before it, then counted in; and each move of a cell is told once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, PaySignal
from services.salaries import counting, store
from services.salaries.counting import Wanted
from services.salaries.ledger import MIDDLE, CellState, Ledger
from services.salaries.levels import Medians
from services.salaries.observations import Observation
from services.salaries.quantiles import MEDIAN, PERCENTILES
from services.salaries.signals import Market, markets_of, measure_of, moved, out_of_market, spans_levels
from services.salaries.watching import band, nodes_of, stays, watch

_BREATH = 100
"""Offers after which others get a turn."""


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
    medians = Medians(await store.medians_by_level(tx, roles))
    told: list[tuple[PaySignal, Envelope[Any]]] = []
    for number, one in enumerate(corrections):
        if number % _BREATH == 0:
            await asyncio.sleep(0)  # with all in hand nothing else waits, and the broker must hear of us
        signals: list[PaySignal | None] = []
        if one.before.counts:
            ledger.count(one.before, -1)
            medians.differ(ledger.states_of(one.before))
        if one.after.counts:
            if not one.after.advert.closed:
                signals += await _judge(tx, ledger, one.after, medians)
            ledger.count(one.after, 1)
        states = ledger.states_of(one.before, one.after)
        medians.differ(states)
        enough = ledger.rules.signal_adverts
        moving = [state for state in states if state.middles.adverts >= enough and not stays(state)]
        for state, median in zip(moving, await _medians_of(tx, moving), strict=True):
            signals.append(await _move(tx, ledger, state, median))
        told += [(signal, one.heard) for signal in signals if signal is not None]
    return told


async def _judge(
    tx: Connection, ledger: Ledger, offer: Observation, medians: Medians
) -> list[PaySignal | None]:
    market = await _market(tx, ledger, offer)
    spans = None
    if offer.bottom is not None and offer.top is not None:
        stale = medians.taken_up(offer)
        enough = [state for state in stale if state.middles.adverts >= ledger.rules.signal_adverts]
        found = dict(zip((one.number for one in enough), await _medians_of(tx, enough), strict=True))
        for state in stale:
            medians.note(state, found.get(state.number))
        spans = spans_levels(offer, medians.by_level(offer, least=ledger.rules.signal_adverts))
    return [out_of_market(offer, market) if market else None, spans]


async def _market(tx: Connection, ledger: Ledger, offer: Observation) -> Market | None:
    measure = measure_of(offer)
    for cell in markets_of(offer):
        state = ledger.cells[cell]
        sums = state.sums[measure]
        if sums.adverts >= ledger.rules.signal_adverts:
            places = (PERCENTILES["p25"], PERCENTILES["p90"])
            wanted = [Wanted(state.trees[measure], sums, place) for place in places]
            p25, p90 = await counting.percentiles(tx, wanted)
            return Market(cell, sums.adverts, p25, p90)
    return None


async def _medians_of(tx: Connection, states: Sequence[CellState]) -> list[int]:
    """The median of the middles of each, as the ledger has them now."""
    if not states:
        return []
    return await counting.percentiles(
        tx, [Wanted(state.trees[MIDDLE], state.middles, MEDIAN) for state in states]
    )


async def _move(tx: Connection, ledger: Ledger, state: CellState, median: int) -> PaySignal | None:
    """Whether the cell moved since it was last told; one that has enough offers for the first time did not."""
    signal = None
    if state.told_median is None:
        state.told_median = median
    else:
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
    ends = band(state, ledger.rules.signal_percent)
    await counting.read(tx, nodes_of(state, ends))
    watch(state, ends)
    return signal
