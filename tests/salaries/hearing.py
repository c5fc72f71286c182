"""Roles to benchmark, and salaries hearing of them as the consumer would let it."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    AuthorityNamed,
    Benchmark,
    BenchmarkUpdated,
    Pay,
    PaySignal,
    PaySignalRaised,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    StandardRoleNamed,
    envelop,
)
from loti_contracts.events.topics import BENCHMARKS, PAY_SIGNALS
from services.salaries import store
from services.salaries.handlers import Salaries
from services.salaries.rules import Rules
from tests.databases import bring_up_to_date
from tests.databases import connected as connected

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
COUNTED = ("pay_steps", "cell_boroughs", "cell_days", "cell_months")
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


async def hear(tx: Connection, roles: Iterable[Role], rules: Rules | None = None) -> None:
    """Handle the events that say these states as one batch, in a transaction of the caller's."""
    heard = []
    for role in roles:
        kind = (
            RoleClosed if role.status == "closed" else RoleDiscovered if role.revision == 1 else RoleChanged
        )
        heard.append(envelop(kind(role=role), source="/loti/ingest", time=NOON))
    await Salaries(rules or Rules()).on_roles(heard, tx)


async def hear_batch(connection: Connection, roles: Iterable[Role], rules: Rules | None = None) -> None:
    """Handle them in a transaction of their own."""
    async with connection.transaction():
        await hear(connection, roles, rules)


async def said(connection: Connection) -> list[BenchmarkUpdated]:
    """Everything said so far."""
    rows = await connection.fetch(
        "SELECT value FROM outbox WHERE topic = $1 ORDER BY position", BENCHMARKS.name
    )
    return [BenchmarkUpdated.model_validate_json(row["value"]) for row in rows]


async def signalled(connection: Connection) -> list[PaySignal]:
    """Every signal raised so far."""
    rows = await connection.fetch(
        "SELECT value FROM outbox WHERE topic = $1 ORDER BY position", PAY_SIGNALS.name
    )
    return [PaySignalRaised.model_validate_json(row["value"]).signal for row in rows]


async def causes(connection: Connection) -> list[str]:
    """The causation ids of everything said."""
    rows = await connection.fetch("SELECT headers FROM outbox ORDER BY position")
    return [json.loads(row["headers"]).get("ce_causationid", "") for row in rows]


async def table(connection: Connection) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """The benchmarks table: the figures of every cell that has any."""
    cells = await store.all_benchmarks(connection)
    return {_place(cell): figures(cell) for cell in cells if cell.adverts}


def _place(cell: Benchmark) -> tuple[str, str, str, str]:
    return (cell.standard_role, cell.level, cell.area, cell.period)


def figures(cell: Benchmark) -> dict[str, Any]:
    """A cell without what tells of the way there."""
    return cell.model_dump(exclude={"id", "revision"})


async def prepare(connection: Connection) -> None:
    """Bring a new database up to date, as the service does when it starts."""
    await bring_up_to_date("salaries", connection)


async def empty(connection: Connection) -> None:
    """Forget everything. Few rows are deleted faster than tables are truncated."""
    for name in ("outbox", "observations", "superseded_observations", "benchmarks", "pay_signals", *COUNTED):
        await connection.execute(f"DELETE FROM {name}")
