"""What salaries keeps: observations, and the current table of benchmarks."""

from collections.abc import Iterable, Sequence
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark
from services.salaries.cells import Cell
from services.salaries.observations import Observation

_queries = queries_beside(__file__)


async def lock_observations(tx: Connection, role_ids: Iterable[str]) -> dict[str, Observation]:
    """The last observation of each of these roles, by role id, held until the transaction ends. One that was
    never heard of has revision 0 and does not count."""
    ids = list(role_ids)
    await _queries.make_observations(tx, role_ids=ids)
    return {row["role_id"]: _observation(row) async for row in _queries.lock_observations(tx, role_ids=ids)}


async def save_observation(tx: Connection, observation: Observation) -> None:
    """Keep it, unless a newer revision is kept already."""
    await _queries.save_observation(
        tx,
        role_id=observation.role_id,
        revision=observation.revision,
        standard_role=observation.standard_role,
        family=observation.family,
        level=observation.level,
        areas=sorted(observation.areas),
        authorities=sorted(observation.authorities),
        bottom=observation.bottom,
        top=observation.top,
        seen_on=observation.seen_on,
        why_left_out=observation.why_left_out,
    )


async def lock_cells(tx: Connection, cells: Sequence[Cell]) -> dict[Cell, Benchmark | None]:
    """The cells' current figures, None for new ones; held until the transaction ends."""
    await _queries.make_cells(
        tx,
        ids=[cell.id for cell in cells],
        roles=[cell.standard_role for cell in cells],
        levels=[cell.level for cell in cells],
        areas=[cell.area for cell in cells],
    )
    rows = {
        row["id"]: row["benchmark"] async for row in _queries.lock_cells(tx, ids=[cell.id for cell in cells])
    }
    return {cell: Benchmark.model_validate_json(rows[cell.id]) if rows[cell.id] else None for cell in cells}


async def observations_of(tx: Connection, standard_roles: Iterable[str]) -> list[Observation]:
    """Every observation that counts for these standard roles."""
    return [
        _observation(row) async for row in _queries.observations_of_roles(tx, roles=sorted(standard_roles))
    ]


async def save_benchmark(tx: Connection, benchmark: Benchmark) -> None:
    """A cell's new figures."""
    await _queries.save_benchmark(tx, id=benchmark.id, benchmark=benchmark.model_dump_json())


async def all_benchmarks(connection: Connection) -> list[Benchmark]:
    """The current table, by id."""
    return [
        Benchmark.model_validate_json(row["benchmark"]) async for row in _queries.all_benchmarks(connection)
    ]


def _observation(row: Any) -> Observation:
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
    )
