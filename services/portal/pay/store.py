"""Reads benchmarks, and what stands beside them, from the read model."""

from collections.abc import Sequence
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Benchmark, PaySignal, Role
from services.portal.heard.store import newest
from services.portal.pay.asked import Asked

_queries = queries_beside(__file__)


async def cells(db: Connection, asked: Asked) -> list[Benchmark]:
    """The cells that were asked for: every level of a role, or every role at a level."""
    if asked.role is None:
        rows = _queries.cells_of_level(db, level=asked.level or "all", area=asked.area, period=asked.period)
    else:
        rows = _queries.cells_of_role(db, role=asked.role, area=asked.area, period=asked.period)
    found = [Benchmark.model_validate_json(row["state"]) async for row in rows]
    if asked.role and asked.level:
        return [cell for cell in found if cell.level == asked.level]
    return found


async def cell(db: Connection, id_: str) -> Benchmark | None:
    """One cell, or None."""
    return await newest(db, Benchmark, id_)


async def roles_with_pay(db: Connection) -> set[str]:
    """The standard roles that somebody advertised."""
    return {row["standard_role"] async for row in _queries.roles_with_pay(db)}


async def areas_near(db: Connection, cell: Benchmark) -> dict[str, str]:
    """Area → id of the same role and level there."""
    rows = _queries.near(db, role=cell.standard_role, level=cell.level, period=cell.period)
    return {row["area"]: row["id"] async for row in rows}


async def moves(db: Connection, id_: str) -> Sequence[Any]:
    """How the cell's middle moved last, newest first; amounts in pence."""
    return [row async for row in _queries.moves(db, id=id_)]


async def signals(db: Connection, id_: str) -> list[PaySignal]:
    """What was worth telling of the cell, newest first."""
    return [PaySignal.model_validate_json(row["state"]) async for row in _queries.signals(db, id=id_)]


async def adverts(db: Connection, cell: Benchmark) -> list[Role]:
    """The newest adverts of the cell, without their descriptions."""
    rows = _queries.adverts(
        db,
        role=cell.standard_role,
        level=None if cell.level == "all" else cell.level,
        area=None if cell.area == "london" else cell.area,
        period=cell.period,
    )
    return [Role.model_validate_json(row["state"]) async for row in rows]


async def offers_of(db: Connection, borough: str, cell: Benchmark) -> list[Role]:
    """The newest roles of that kind of one borough, without their descriptions."""
    level = None if cell.level == "all" else cell.level
    rows = _queries.offers_of(db, borough=borough, role=cell.standard_role, level=level)
    return [Role.model_validate_json(row["state"]) async for row in rows]


async def table(
    db: Connection, *, role: str | None, level: str | None, area: str | None, period: str | None
) -> bytes:
    """The figures as CSV (UTF-8), the first line the columns' names; None lets everything through. The database writes
    it: forty columns of a thousand cells would keep this process from all other pages."""
    found = bytearray()

    async def take(some: bytes) -> None:
        found.extend(some)

    query = _queries.table.sql.rstrip().rstrip(";")
    await db.copy_from_query(query, role, level, area, period, output=take, format="csv", header=True)
    return bytes(found)


async def states(db: Connection, *, after: str, most: int, **only: str | None) -> list[tuple[str, str]]:
    """Id and state, as JSON, of the cells that follow `after`."""
    rows = _queries.states(db, **only, after=after, most=most)
    return [(row["id"], row["state"]) async for row in rows]
