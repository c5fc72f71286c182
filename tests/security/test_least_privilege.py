"""A service's login, taken by somebody: what it opens, and what it does not. Real PostgreSQL, both ways it is set up."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.postgres import _programs, ensure_databases, start_postgres
from deploy.local.settings import SERVICES
from tests.databases import bring_up_to_date, connected
from tests.servers import reachable_folder

pytestmark = pytest.mark.xdist_group("servers")

COMPOSE = Path(__file__).parents[2] / "deploy" / "compose" / "databases.sh"
FORBIDDEN = (
    "CREATE ROLE intruder",
    "CREATE DATABASE intruder",
    "ALTER ROLE loti_notify PASSWORD 'mine'",
    "ALTER ROLE loti_ingest SUPERUSER",
    "SET ROLE loti_notify",
    "SET SESSION AUTHORIZATION postgres",
    "GRANT CONNECT ON DATABASE loti_notify TO loti_ingest",
    "COPY migrations TO '/tmp/loti-out'",
    "COPY migrations FROM PROGRAM 'id'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "CREATE EXTENSION pg_stat_statements",
    "CREATE FUNCTION c() RETURNS int LANGUAGE c AS 'libc.so.6', 'getpid'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT pg_reload_conf()",
    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
)


@pytest.fixture(scope="module", params=["up", "compose"])
def databases(request: pytest.FixtureRequest) -> "AsyncIterator[dict[str, str]]":
    """Each service's DSN, as `loti up` makes them and as docker-compose.yml does."""
    with reachable_folder() as folder, asyncio.Runner() as loop:
        server = loop.run(start_postgres(folder / "postgres", say=lambda _: None))
        try:
            if request.param == "up":
                found = loop.run(ensure_databases(server, SERVICES))
            else:
                found = _as_compose(server.dsn)
            yield found  # type: ignore[misc]
        finally:
            loop.run(server.stop())


def _as_compose(dsn: str) -> dict[str, str]:
    at = urlsplit(dsn)
    programs = _programs("nobody" if os.geteuid() == 0 else None)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(at.port),
        "PGUSER": "postgres", "PGPASSWORD": str(at.password),
    } | {f"PASSWORD_OF_{name}": f"it's-{name}" for name in SERVICES}  # fmt: skip
    for _ in range(2):  # it runs at every start
        subprocess.run(["sh", COMPOSE], env=environment, check=True, stdout=subprocess.DEVNULL)
    return {
        name: f"postgresql://loti_{name}:it's-{name}@127.0.0.1:{at.port}/loti_{name}" for name in SERVICES
    }


async def test_a_login_opens_its_own_database_alone(databases: dict[str, str]) -> None:
    """No service's login connects to another's database, nor to those that belong to nobody."""
    for name, dsn in databases.items():
        server, _, _ = dsn.rpartition("/")
        for other in {*(f"loti_{each}" for each in databases), "postgres", "template1"} - {f"loti_{name}"}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(f"{server}/{other}")


async def test_without_the_password_nobody_is_let_in(databases: dict[str, str]) -> None:
    """Not the service, and not the superuser: nothing trusts an address."""
    for wrong in ("loti_ingest:wrong", "loti_ingest", "postgres", "postgres:postgres"):
        at = urlsplit(databases["ingest"])
        with pytest.raises(
            (
                asyncpg.InvalidPasswordError,
                asyncpg.InvalidAuthorizationSpecificationError,
                asyncpg.InterfaceError,
            )
        ):
            await asyncpg.connect(f"postgresql://{wrong}@{at.hostname}:{at.port}/loti_ingest", password=None)


async def test_in_its_own_database_it_is_no_administrator(databases: dict[str, str]) -> None:
    """It migrates its own tables and works with them; it makes no roles, reads no files, runs no programs, and changes
    nothing of the server."""
    async with connected(databases["ingest"]) as own:
        await bring_up_to_date("ingest", own)
        for statement in FORBIDDEN:
            with pytest.raises(asyncpg.PostgresError) as refused:
                await own.execute(statement)
            assert refused.value.sqlstate == "42501", f"{statement}: {refused.value}"


async def test_what_others_ask_is_not_seen(databases: dict[str, str]) -> None:
    """The words of another service's statement are hidden, since an address may stand in them."""
    async with connected(databases["notify"]) as other, connected(databases["ingest"]) as own:
        await other.execute("SELECT 'someone@example.org'")
        seen = await own.fetch("SELECT query FROM pg_stat_activity WHERE datname = 'loti_notify'")
        assert seen
        assert {row["query"] for row in seen} == {"<insufficient privilege>"}
