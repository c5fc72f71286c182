"""A cell's new state is saved and said in one breath."""

from collections.abc import Mapping, Sequence
from typing import Any

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import Benchmark, BenchmarkUpdated, ContributedPay, Envelope, Event
from loti_contracts.vocabulary import standard_roles
from services.salaries import store
from services.salaries.benchmark import Figures, assemble, difference
from services.salaries.cells import Cell
from services.salaries.ledger import CellState
from services.salaries.quantiles import Sums
from services.salaries.rules import Rules


async def announce(
    tx: Connection,
    counted: Sequence[tuple[CellState, Figures]],
    *,
    rules: Rules,
    causes: Mapping[Cell, Envelope[Any]],
) -> None:
    """Save the counted cells; say those that differ from what was said of them before."""
    cells: list[tuple[CellState, Benchmark | None]] = []
    said: list[tuple[Event, Envelope[Any] | None]] = []
    for state, figures in counted:
        was = state.was
        now = assemble(
            state.cell,
            figures,
            family=state.family,
            revision=was.revision + 1 if was else 1,
            rules=rules,
            contributed=was.contributed if was else None,
        )
        changed = difference(was, now)
        if was is None and now.adverts == 0:
            cells.append((state, None))  # an offer came and went within one batch
        elif changed:
            cells.append((state, now))
            event = BenchmarkUpdated(benchmark=now, changed=changed if was else ())
            said.append((event, causes.get(state.cell)))
        else:
            cells.append((state, was))
    await outbox.add_answers(tx, said)
    await store.save_cells(tx, cells)


async def put_contributed(tx: Connection, pays: Mapping[Cell, ContributedPay | None]) -> list[str]:
    """Set what boroughs contributed to these cells, and say those that differ; gives back their ids.

    The offers' figures stay as they are. A cell that nobody advertises in has no offers, and still its
    contributed pay. Needs a transaction; the cells are locked until it ends.
    """
    states = await store.lock_cells(tx, sorted(pays))
    cells: list[tuple[CellState, Benchmark | None]] = []
    said = []
    for cell, state in states.items():
        pay = pays[cell]
        before = state.was or (_empty(cell) if pay else None)
        if before is None or (state.was and before.contributed == pay):
            cells.append((state, state.was))
            continue
        now = before.model_copy(
            update={"contributed": pay, "revision": before.revision + 1 if state.was else 1}
        )
        cells.append((state, now))
        await outbox.add(tx, BenchmarkUpdated(benchmark=now, changed=("contributed",) if state.was else ()))
        said.append(cell.id)
    await store.save_cells(tx, cells)
    return said


def _empty(cell: Cell) -> Benchmark:
    role = standard_roles().get(cell.standard_role)
    nothing = Figures(None, None, None, None, Sums(), 0, 0, None, None, ())
    return assemble(
        cell, nothing, family=role.family if role else "", revision=1, rules=Rules(), contributed=None
    )
