"""The step that prepares the servers for a service, on real ones."""

import asyncio
import secrets

import asyncpg
import pytest

from deploy.local.server import free_port
from loti_contracts.delivery.preparing import NotPrepared, main, prepare
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from services.library.app import service
from tests.servers import Kafka, Postgres

pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture
async def database(postgres: Postgres) -> str:
    """An empty one."""
    return await postgres.create_database()


@pytest.fixture(autouse=True)
def told(kafka: Kafka, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library's servers are."""
    monkeypatch.setenv("LOTI_KAFKA", kafka.bootstrap)
    monkeypatch.setenv("LOTI_REPLICATION", str(kafka.replication))
    monkeypatch.setenv("LOTI_DATABASE", database)


async def applied(database: str) -> set[str]:
    """The names under which something was migrated."""
    connection = await asyncpg.connect(database)
    try:
        return {row["name"] for row in await connection.fetch("SELECT DISTINCT name FROM migrations")}
    finally:
        await connection.close()


async def test_afterwards_everything_is_there(kafka: Kafka, database: str) -> None:
    """Both kinds of migrations are applied and no topic is missing; many at once, and again, do no harm."""
    await asyncio.gather(*(prepare(service(), within=60) for _ in range(3)))
    await prepare(service(), within=60)
    assert await applied(database) == {"delivery", "library"}
    assert await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication) == []


async def test_a_database_that_comes_later_is_waited_for(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step that makes it may still be at work: neither its absence nor a login that is not there yet is an end."""
    name = f"later_{secrets.token_hex(6)}"
    server, _, _ = postgres.dsn.rpartition("/")
    monkeypatch.setenv("LOTI_DATABASE", f"{server}/{name}")
    preparing = asyncio.create_task(prepare(service(), within=60))
    connection = await asyncpg.connect(postgres.dsn)
    try:
        await connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    finally:
        await connection.close()
    await preparing
    assert await applied(f"{server}/{name}") == {"delivery", "library"}


async def test_it_gives_up_and_says_why(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that do not answer in time are named with their trouble; a migration that was edited is refused at once."""
    monkeypatch.setenv("LOTI_KAFKA", f"127.0.0.1:{free_port()}")
    with pytest.raises(NotPrepared, match="not within 1 seconds: KafkaConnectionError"):
        await prepare(service(), within=1)
    monkeypatch.setenv("LOTI_DATABASE", f"{database}_that_is_not_there")
    with pytest.raises(NotPrepared, match="the database refuses library"):
        await prepare(service(), within=1)
    monkeypatch.setenv("LOTI_DATABASE", database)
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE migrations SET digest = 'another' WHERE name = 'library'")
    await connection.close()
    with pytest.raises(NotPrepared, match="was edited after it was applied"):
        await prepare(service(), within=60)


@pytest.mark.parametrize("module", ["services.nobody.app", "json"])
def test_what_is_no_service_is_refused(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the status 2, and its name."""
    assert main([module]) == 2
    assert module in capsys.readouterr().err
