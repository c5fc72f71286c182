"""How salaries' tables are had again: benchmarks and signals from what was said of them, offers from roles, and every
figure counted anew from the offers.

Which offer gave reason for a signal depends on the order in which offers were heard, and no topic keeps that: so signals
are taken over, never judged again. What boroughs contributed in confidence is on no topic, and stays as it is.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import BenchmarkUpdated, Envelope, Event, PaySignal, PaySignalRaised
from loti_contracts.events.topics import BENCHMARKS, PAY_SIGNALS
from services.salaries import recount, store
from services.salaries.handlers import Salaries
from services.salaries.signals import move_id

_AT_LEAST: Final = 1_000
"""So many moves of a cell are looked for, beyond those that are known: the first may be forgotten with their topic."""


@dataclass(frozen=True, slots=True)
class Recovering:
    """The parts of it, over the handlers."""

    salaries: Salaries

    async def adopt(self, said: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Take over what was said of cells, and what was signalled."""
        cells = [one.event.benchmark for one in said if isinstance(one.event, BenchmarkUpdated)]
        if cells:
            rows = json.dumps([cell.model_dump(mode="json") for cell in cells])
            await store.queries.adopt_benchmarks(tx, benchmarks=rows)
        raised = [one for one in said if isinstance(one.event, PaySignalRaised)]
        if raised:
            await store.queries.adopt_signals(
                tx,
                ids=[one.event.signal.id for one in raised],
                signals=[one.event.signal.model_dump_json() for one in raised],
                times=[one.time for one in raised],
            )

    async def hear(self, said: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Keep what every revision of a role offered; it is counted once, at the end."""
        await self.salaries.take_in(said, tx)

    async def settle(self, tx: Connection) -> None:
        """Count everything anew, and from where each cell's next move is measured."""
        await recount.everything(tx, self.salaries.rules)
        async for row in store.queries.told_moves(tx):
            after = dict(zip(row["ids"], row["medians"], strict=True))
            numbers = range(1, len(after) + _AT_LEAST)
            told = [(number, id_) for number in numbers if (id_ := move_id(row["cell"], number)) in after]
            if told:
                number, id_ = told[-1]
                await store.queries.note_move(tx, id=row["cell"], moves=number, told_median=after[id_])
        await store.queries.note_first_medians(tx, least=self.salaries.rules.signal_adverts)

    async def restate(self, tx: Connection) -> AsyncIterator[Event]:
        """Every cell, and the signals that their topic still keeps."""
        for benchmark in await store.all_benchmarks(tx):
            yield BenchmarkUpdated(benchmark=benchmark)
        assert PAY_SIGNALS.keep_for is not None  # noqa: S101 - the table of topics says for how long
        since = datetime.now(UTC) - PAY_SIGNALS.keep_for + timedelta(days=1)
        async for row in store.queries.recent_signals(tx, since=since):
            yield PaySignalRaised(signal=PaySignal.model_validate_json(row["signal"]))


def recovery(salaries: Salaries) -> Recovery:
    """For `Service`."""
    parts = Recovering(salaries)
    return Recovery(
        says=(BENCHMARKS, PAY_SIGNALS),
        adopt=parts.adopt,
        restate=parts.restate,
        hear=parts.hear,
        settle=parts.settle,
        compared={
            table: _of_cells(table) for table in ("pay_steps", "cell_boroughs", "cell_days", "cell_months")
        },
    )


def _of_cells(table: str) -> str:
    """Counts by their cell's id, for its number is only the order in which cells were met. Nothing counted is no row."""
    return (
        f"SELECT b.id, to_jsonb(c) - 'cell' AS counted FROM {table} AS c JOIN benchmarks AS b ON b.number = c.cell "
        "WHERE c.adverts <> 0"
    )
