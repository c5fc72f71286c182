"""The doctor in front of real servers: it finds what is wrong with them, and changes nothing."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from typer.testing import CliRunner

from deploy.doctor.commands import app
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from tests.databases import connected, database_of
from tests.servers import Kafka, Postgres

KEY = "k" * 32


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("LOTI_KAFKA", "LOTI_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def seen(service: str, *arguments: str, **settings: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the findings."""
    env = {f"LOTI_{name.upper()}": text for name, text in settings.items()}
    done = await asyncio.to_thread(CliRunner().invoke, app, [service, "--json", *arguments], env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def about(found: list[dict[str, Any]], part: str, about: str) -> list[tuple[str, str]]:
    return [(one["level"], one["what"]) for one in found if (one["part"], one["about"]) == (part, about)]


async def test_an_installation_that_works_has_nothing_wrong(
    kafka: Kafka, postgres: Postgres, no_settings: pytest.MonkeyPatch
) -> None:
    """Topics, rights, database, migrations and outbox are looked at and found good."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn = await database_of("salaries", postgres)
    status, found = await seen("salaries", kafka=kafka.bootstrap, database=dsn)
    assert status == 0
    assert about(found, "broker", "reach")[0][0] == "good"
    assert about(found, "broker", "topics") == [("good", f"all {len(TOPICS)} are as the contract says")]
    assert about(found, "salaries", "rights") == [("good", "may read all 1 topics that it hears")]
    assert {level for level, _ in about(found, "salaries", "migrations")} == {"good"}
    assert [level for level, _ in about(found, "salaries", "database")] == ["good", "warning"]  # a superuser
    assert about(found, "salaries", "outbox") == [("good", "0 events wait")]


async def test_a_service_that_stands_still_is_found(
    kafka: Kafka, postgres: Postgres, no_settings: pytest.MonkeyPatch
) -> None:
    """An old outbox, an open breaker, an edited migration and a dead letter, each with what to do about it."""
    dsn = await database_of("salaries", postgres)
    async with connected(dsn) as connection:
        await connection.execute(
            "INSERT INTO outbox (topic, key, value, headers, added_at) VALUES ('t', 'k', 'v', '{}', now() - interval '1 hour')"
        )
        await connection.execute("INSERT INTO breaker (reason) VALUES ('20 messages in a row')")
        await connection.execute("UPDATE migrations SET digest = 'x' WHERE name = 'salaries' AND number = 1")
    status, found = await seen("salaries", kafka=kafka.bootstrap, database=dsn)
    assert status == 1
    wrong = {(one["about"], bool(one["mend"])) for one in found if one["level"] == "wrong"}
    assert wrong == {("outbox", True), ("consumer", True), ("migrations", True)}


async def test_what_is_not_there_is_told_and_the_rest_is_looked_at(
    unused_tcp_port: int, postgres: Postgres, no_settings: pytest.MonkeyPatch
) -> None:
    """No broker, no relay, a wrong password: no traceback, and neither password nor key is shown."""
    at = urlsplit(postgres.dsn)
    wrong = urlunsplit(at._replace(netloc=f"nobody:secret-word@{at.hostname}:{at.port}"))
    nowhere = f"127.0.0.1:{unused_tcp_port}"
    status, found = await seen(
        "notify",
        kafka=nowhere,
        database=wrong,
        link_keys=KEY,
        smtp_host="127.0.0.1",
        smtp_port=str(unused_tcp_port),
    )
    assert status == 1
    assert {one["about"] for one in found if one["level"] == "wrong"} == {
        "reach",
        "database",
        "relay",
        "sender",
    }
    assert "secret-word" not in str(found)
    assert KEY not in str(found)
    assert about(found, "machine", "disk")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "say which service"),
        (["nobody"], "there is no service 'nobody'"),
        (["notify", "--data", "x"], "say which service"),
        (["--data", "/nowhere"], "is not the data folder"),
    ],
)
def test_it_says_what_it_must_be_told(arguments: list[str], word: str) -> None:
    """Status 2 and a sentence."""
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert word in done.stderr
