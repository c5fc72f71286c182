"""What salaries keeps: observations, and the current table of benchmarks."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, Pay, PaySignal
from services.salaries.cells import Cell
from services.salaries.ledger import CellState
from services.salaries.observation_rows import columns_of
from services.salaries.observations import Advert, Observation
from services.salaries.quantiles import Sums

queries = queries_beside(__file__)


async def freshness(connection: "Connection | asyncpg.Pool[Any]") -> dict[str, Any]:
    """How many cells have offers (`benchmarks`), how many of them none of the last half year (`old`), and how many seconds
    ago the day of the freshest offer began; None where there is none."""
    return dict(await queries.freshness(connection))


async def lock_observations(tx: Connection, role_ids: Iterable[str]) -> dict[str, Observation]:
    """The last observation of each of these roles, by role id, held until the transaction ends. One that was
    never heard of has revision 0 and does not count."""
    ids = list(role_ids)
    await queries.make_observations(tx, role_ids=ids)
    return {row["role_id"]: observation_of(row) async for row in queries.lock_observations(tx, role_ids=ids)}


async def save_observations(tx: Connection, newest: Sequence[Observation]) -> None:
    """What these roles offer now; their rows are locked."""
    if newest:
        await queries.save_observations(tx, **columns_of(newest))


async def save_superseded(tx: Connection, earlier: Sequence[Observation]) -> None:
    """What earlier revisions offered; one that is kept already stays as it is."""
    if earlier:
        await queries.save_superseded(tx, **columns_of(earlier))


async def observations_of_role(connection: Connection, role_id: str) -> list[Observation]:
    """Every revision of a role's offer that was heard, oldest first; the last one counts."""
    return [observation_of(row) async for row in queries.observations_of_role(connection, role_id=role_id)]


async def latest_offers(connection: Connection, cell: Cell, *, most: int = 10) -> list[Observation]:
    """The newest offers that count in a cell, newest first."""
    rows = queries.latest_offers(
        connection,
        standard_role=cell.standard_role,
        level=cell.level,
        area=cell.area,
        period=cell.period,
        most=most,
    )
    return [observation_of(row) async for row in rows]


async def lock_cells(tx: Connection, cells: Iterable[Cell]) -> dict[Cell, CellState]:
    """The cells as they are counted, new ones empty; held until the transaction ends."""
    by_id = {cell.id: cell for cell in cells}
    if not by_id:
        return {}
    await queries.make_cells(
        tx,
        ids=list(by_id),
        roles=[cell.standard_role for cell in by_id.values()],
        levels=[cell.level for cell in by_id.values()],
        areas=[cell.area for cell in by_id.values()],
        periods=[cell.period for cell in by_id.values()],
    )
    rows = [row async for row in queries.lock_cells(tx, ids=list(by_id))]
    return {by_id[row["id"]]: state_of(by_id[row["id"]], row) for row in rows}


async def save_cells(tx: Connection, cells: Sequence[tuple[CellState, Benchmark | None]]) -> None:
    """New sums of cells, and what is now said of them; None where nothing was ever said: they are forgotten."""
    if cells:
        await queries.save_cells(
            tx,
            ids=[state.cell.id for state, _ in cells],
            adverts=[state.adverts for state, _ in cells],
            sums=[json.dumps(state.sums) for state, _ in cells],
            medians=[state.told_median for state, _ in cells],
            moves=[state.moves for state, _ in cells],
            benchmarks=[said.model_dump_json() if said else None for _, said in cells],
        )
    unsaid = [state.cell.id for state, said in cells if said is None]
    if unsaid:
        await queries.forget_unsaid(tx, ids=unsaid)


async def medians_by_level(
    tx: Connection, standard_roles: Iterable[str]
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The median of the middle in London and its offers, by standard role, period and level."""
    rows = queries.medians_by_level(tx, roles=sorted(standard_roles))
    return {
        (row["standard_role"], row["period"], row["level"]): (row["median"], row["adverts"])
        async for row in rows
    }


async def raise_signals(tx: Connection, signals: Iterable[PaySignal]) -> set[str]:
    """The ids of those whose cause was never told; they are kept as told."""
    by_id = {signal.id: signal.model_dump_json() for signal in signals}
    if not by_id:
        return set()
    rows = queries.raise_signals(tx, ids=list(by_id), signals=list(by_id.values()))
    return {row["id"] async for row in rows}


async def all_benchmarks(connection: Connection) -> list[Benchmark]:
    """The current table, by id."""
    return [_benchmark(row) async for row in queries.all_benchmarks(connection)]


async def benchmarks_of(connection: Connection, standard_role: str) -> list[Benchmark]:
    """The current cells of one standard role, by id."""
    return [_benchmark(row) async for row in queries.benchmarks_of(connection, standard_role=standard_role)]


async def load_benchmark(connection: Connection, id: str) -> Benchmark | None:
    """One cell; None where nothing was ever said of it."""
    row = await queries.load_benchmark(connection, id=id)
    return _benchmark(row) if row and row["benchmark"] else None


def state_of(cell: Cell, row: Any) -> CellState:
    """A cell's row as the ledger takes it."""
    was = _benchmark(row) if row["benchmark"] else None
    return CellState(
        cell=cell,
        number=row["number"],
        was=was,
        family=was.family if was else "",
        adverts=row["adverts"],
        sums=[Sums(*sums) for sums in json.loads(row["sums"])],
        told_median=row["told_median"],
        moves=row["moves"],
    )


def observation_of(row: Any) -> Observation:
    """An observation's row as a value."""
    advert = json.loads(row["advert"]) if row["advert"] else {}
    pay = advert.pop("pay", None)
    return Observation(
        role_id=row["role_id"],
        revision=row["revision"],
        standard_role=row["standard_role"],
        family=row["family"],
        level=row["level"],
        areas=frozenset(row["areas"]),
        authorities=frozenset(row["authorities"]),
        bottom=row["bottom"],
        top=row["top"],
        seen_on=row["seen_on"],
        why_left_out=row["why_left_out"],
        period=row["period"],
        rule=row["rule"],
        how=row["how"],
        advert=Advert(**advert, pay=Pay.model_validate(pay) if pay else None),
    )


def _benchmark(row: Any) -> Benchmark:
    return Benchmark.model_validate_json(row["benchmark"])
