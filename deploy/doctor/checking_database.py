"""A service's database: whether it answers, may do what it must and no more, and stands where the code expects it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg

import loti_contracts.delivery
from deploy.doctor import judging_database
from deploy.doctor.findings import Finding
from deploy.doctor.installed import Installed
from loti_contracts.delivery.database import queries_beside
from loti_contracts.delivery.migrations import read_folder

_ROOT: Final = Path(__file__).parents[2]

_ROLE = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb AS powerful, rolname AS name,
    ARRAY(SELECT datname FROM pg_database WHERE datname LIKE 'loti\\_%' AND datname <> current_database()
          AND has_database_privilege(datname, 'CONNECT')) AS others
FROM pg_roles WHERE rolname = current_user
"""
_BUSY = "SELECT count(*) AS used, current_setting('max_connections')::int AS most FROM pg_stat_activity"
_delivery = queries_beside(loti_contracts.delivery.__file__)


async def check(one: Installed) -> list[Finding]:
    """Everything about it; where it does not answer, that alone."""
    try:
        connection = await asyncpg.connect(one.settings.database.get_secret_value(), timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
        return [
            Finding(
                "wrong",
                one.name,
                "database",
                f"does not let it in ({why})",
                "look at LOTI_DATABASE, and whether PostgreSQL runs and is reached from here",
            )
        ]
    try:
        found = [*await _server(one.name, connection), *await _role(one, connection)]
        applied = await _applied(connection)
        if applied is None:
            return [
                *found,
                Finding(
                    "warning",
                    one.name,
                    "migrations",
                    "no service has run on this database yet",
                    f"start {one.name}; it makes its tables itself",
                ),
            ]
        own = _ROOT / "services" / one.name / "migrations"
        found += judging_database.migrations(
            one.name, one.name, read_folder(own) if own.is_dir() else [], applied
        )
        delivery = Path(loti_contracts.delivery.__file__).with_name("migrations")
        found += judging_database.migrations(one.name, "delivery", read_folder(delivery), applied)
        depth, letters = (
            await _delivery.outbox_depth(connection),
            await _delivery.standing_letters(connection),
        )
        breaker = await _delivery.breaker(connection)
        found += judging_database.delivered(
            one.name,
            waiting=depth["depth"],
            oldest=depth["age"],
            letters=letters["all"],
            stopped=breaker and breaker["reason"],
        )
    finally:
        await connection.close()
    return found


async def _server(name: str, connection: "asyncpg.Connection[Any]") -> list[Finding]:
    before = datetime.now(UTC)
    theirs: datetime = await connection.fetchval("SELECT clock_timestamp()")
    encoding: str = await connection.fetchval("SHOW server_encoding")
    [busy] = await connection.fetch(_BUSY)
    version = connection.get_server_version()
    return [
        *judging_database.clock(name, theirs, between=(before, datetime.now(UTC))),
        *judging_database.server(
            name, major=version.major, encoding=encoding, used=busy["used"], most=busy["most"]
        ),
    ]


async def _role(one: Installed, connection: "asyncpg.Connection[Any]") -> list[Finding]:
    [found] = await connection.fetch(_ROLE)
    return list(
        judging_database.role(one.name, found["name"], powerful=found["powerful"], others=found["others"])
    )


async def _applied(connection: "asyncpg.Connection[Any]") -> Mapping[tuple[str, int], tuple[str, str]] | None:
    if await connection.fetchval("SELECT to_regclass('migrations')") is None:
        return None
    rows = await connection.fetch("SELECT name, number, file, digest FROM migrations")
    return {(row["name"], row["number"]): (row["file"], row["digest"]) for row in rows}
