"""What salaries keeps: observations, and the current table of benchmarks."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, Pay, PaySignal
from services.salaries.cells import Cell
from services.salaries.ledger import CellState
from services.salaries.observations import Advert, Observation
from services.salaries.quantiles import Sums

queries = queries_beside(__file__)


async def lock_observations(tx: Connection, role_ids: Iterable[str]) -> dict[str, Observation]:
    """The last observation of each of these roles, by role id, held until the transaction ends. One that was
    never heard of has revision 0 and does not count."""
    ids = list(role_ids)
    await queries.make_observations(tx, role_ids=ids)
    return {row["role_id"]: observation_of(row) async for row in queries.lock_observations(tx, role_ids=ids)}


async def save_observations(tx: Connection, newest: Sequence[Observation]) -> None:
    """What these roles offer now; their rows are locked."""
    if newest:
        await queries.save_observations(tx, observations=_in_json(newest))


async def save_superseded(tx: Connection, earlier: Sequence[Observation]) -> None:
    """What earlier revisions offered; one that is kept already stays as it is."""
    if earlier:
        await queries.save_superseded(tx, observations=_in_json(earlier))


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
    rows = [
        {
            "id": state.cell.id,
            "adverts": state.adverts,
            "sums": [[sums.adverts, sums.weight, sums.squares] for sums in state.sums],
            "told_median": state.told_median,
            "moves": state.moves,
            "benchmark": benchmark.model_dump(mode="json") if benchmark else None,
        }
        for state, benchmark in cells
    ]
    if rows:
        await queries.save_cells(tx, cells=json.dumps(rows))
        await queries.forget_unsaid(tx, ids=[state.cell.id for state, said in cells if said is None])


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


def _in_json(observations: Iterable[Observation]) -> str:
    return json.dumps(
        [
            {
                "role_id": one.role_id,
                "revision": one.revision,
                "standard_role": one.standard_role,
                "family": one.family,
                "level": one.level,
                "areas": sorted(one.areas),
                "authorities": sorted(one.authorities),
                "bottom": one.bottom,
                "top": one.top,
                "seen_on": one.seen_on.isoformat(),
                "why_left_out": one.why_left_out,
                "period": one.period,
                "rule": one.rule,
                "how": one.how,
                "advert": {
                    "title": one.advert.title,
                    "employer": one.advert.employer,
                    "link": one.advert.link,
                    "closed": one.advert.closed,
                    "pay": one.advert.pay.model_dump(mode="json") if one.advert.pay else None,
                    "hours_said": one.advert.hours_said,
                },
            }
            for one in observations
        ]
    )
