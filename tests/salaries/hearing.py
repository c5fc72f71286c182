"""Roles to benchmark, salaries hearing of them as the consumer would let it, and the same table counted by hand."""

import json
import statistics
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import asyncpg

import services.salaries
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.events import (
    AuthorityNamed,
    Benchmark,
    BenchmarkUpdated,
    Pay,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    StandardRoleNamed,
    envelop,
)
from services.salaries import store
from services.salaries.handlers import on_roles

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FAMILIES = {"Data engineer": "Data", "Service designer": "User-centred design"}
CAMDEN = AuthorityNamed(gss="E09000007", name="Camden", area="inner")
HACKNEY = AuthorityNamed(gss="E09000012", name="Hackney", area="inner")
BARNET = AuthorityNamed(gss="E09000003", name="Barnet", area="outer")
SUTTON = AuthorityNamed(gss="E09000029", name="Sutton", area="outer")


def a_role(
    *, pay: tuple[int | None, int | None] | Pay | None = (50_000_00, 60_000_00), **differences: Any
) -> Role:
    """Camden looks for a lead data engineer. `pay` in pence a year, or as it was read."""
    name = differences.pop("standard_role", "Data engineer")
    if isinstance(pay, tuple):
        pay = Pay(text="as printed", minimum=pay[0], maximum=pay[1], period="year")
    usual: dict[str, Any] = {
        "id": "role-1",
        "revision": 1,
        "status": "open",
        "source": "camden",
        "title": "Lead data engineer",
        "authorities": (CAMDEN,),
        "links": ("https://camden.example/1",),
        "standard_role": StandardRoleNamed(name=name, family=FAMILIES[name]) if name else None,
        "level": "lead",
        "relevance": "yes",
        "confidence": 0.9,
        "why": "the title says so",
        "pay": pay,
        "posted_on": date(2026, 11, 1),
        "found_at": NOON,
    }
    return Role.model_validate({**usual, **differences})


def closed(role: Role) -> Role:
    """The same role, closed."""
    return role.model_copy(update={"status": "closed", "closed_because": "withdrawn", "closed_at": NOON})


async def hear(tx: Connection, roles: Iterable[Role]) -> None:
    """Handle the events that say these states as one batch, in a transaction of the caller's."""
    heard = []
    for role in roles:
        kind = (
            RoleClosed if role.status == "closed" else RoleDiscovered if role.revision == 1 else RoleChanged
        )
        heard.append(envelop(kind(role=role), source="/loti/ingest", time=NOON))
    await on_roles(heard, tx)


async def hear_batch(connection: Connection, roles: Iterable[Role]) -> None:
    """Handle them in a transaction of their own."""
    async with connection.transaction():
        await hear(connection, roles)


async def said(connection: Connection) -> list[BenchmarkUpdated]:
    """Everything said so far."""
    rows = await connection.fetch("SELECT value FROM outbox ORDER BY position")
    return [BenchmarkUpdated.model_validate_json(row["value"]) for row in rows]


async def causes(connection: Connection) -> list[str]:
    """The causation ids of everything said."""
    rows = await connection.fetch("SELECT headers FROM outbox ORDER BY position")
    return [json.loads(row["headers"]).get("ce_causationid", "") for row in rows]


async def table(connection: Connection) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The benchmarks table: the figures of every cell that has any."""
    cells = await store.all_benchmarks(connection)
    return {_place(cell): figures(cell) for cell in cells if cell.adverts}


def _place(cell: Benchmark) -> tuple[str, str, str]:
    return (cell.standard_role, cell.level, cell.area)


def figures(cell: Benchmark) -> dict[str, Any]:
    """A cell without what tells of the way there."""
    return cell.model_dump(exclude={"id", "revision"})


def counted(roles: Iterable[Role]) -> Mapping[tuple[str, str, str], dict[str, Any]]:
    """The table that these states give, the newest revision of each role, counted from nothing and otherwise."""
    newest: dict[str, Role] = {}
    for role in roles:
        if role.id not in newest or role.revision > newest[role.id].revision:
            newest[role.id] = role
    cells: dict[tuple[str, str, str], list[Role]] = defaultdict(list)
    for role in newest.values():
        if role.standard_role and role.authorities and _comparable(role.pay):
            for level in {"all", role.level or "all"}:
                for area in {"london", *(authority.area for authority in role.authorities)}:
                    cells[role.standard_role.name, level, area].append(role)
    return {place: _figures(place, inside) for place, inside in cells.items()}


def _comparable(pay: Pay | None) -> bool:
    if pay is None or pay.period != "year" or pay.basis == "actual":
        return False
    low, high = pay.minimum, pay.maximum
    ends = [end for end in (low, high) if end is not None]
    ordered = low is None or high is None or low <= high
    return bool(ends) and ordered and all(10_000_00 <= end <= 400_000_00 for end in ends)


def _figures(place: tuple[str, str, str], roles: Sequence[Role]) -> dict[str, Any]:
    name, level, area = place
    pays = [role.pay for role in roles if role.pay]
    days = [role.posted_on or role.found_at.date() for role in roles]
    both = [(p.minimum, p.maximum) for p in pays if p.minimum is not None and p.maximum is not None]
    return {
        "standard_role": name,
        "family": FAMILIES[name],
        "level": level,
        "area": area,
        "period": "year",
        "bottom": percentiles([p.minimum for p in pays if p.minimum is not None]),
        "middle": percentiles([(low + high) // 2 for low, high in both]),
        "top": percentiles([p.maximum for p in pays if p.maximum is not None]),
        "adverts": len(roles),
        "boroughs": len(
            {one.gss for role in roles for one in role.authorities if area in ("london", one.area)}
        ),
        "oldest": min(days),
        "freshest": max(days),
    }


def percentiles(pence: Sequence[int]) -> dict[str, int] | None:
    """Five percentiles as Python's statistics give them, exactly, then to the penny, half to even."""
    if not pence:
        return None
    exact = [Fraction(amount) for amount in pence]
    cuts = statistics.quantiles(exact if len(exact) > 1 else exact * 2, n=100, method="inclusive")
    return {f"p{n}": round(cuts[n - 1]) for n in (10, 25, 50, 75, 90)}


async def prepare(connection: Connection) -> None:
    """Bring a new database up to date, as the service does when it starts."""
    await migrate_delivery(connection)
    await migrate(connection, "salaries", Path(services.salaries.__file__).parent / "migrations")


async def empty(connection: Connection) -> None:
    """Forget everything."""
    await connection.execute("TRUNCATE outbox, observations, benchmarks RESTART IDENTITY")


@asynccontextmanager
async def connected(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection of one's own."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
