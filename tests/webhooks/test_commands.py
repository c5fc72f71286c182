"""`loti webhooks …` and the example receiver, as a person types them, on a real database."""

import asyncio
import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from loti_contracts.delivery.database import Connection
from services.webhooks.commands import app
from tests.webhooks.hearing import (
    CAMDEN,
    HACKNEY,
    KEYS,
    endpoint,
    hear,
    hurry,
    pushing,
    role,
    states,
    until_states,
)
from tests.webhooks.receiver import OK, Receiver, says

Loti = Callable[..., Awaitable[Result]]
EXAMPLE = Path(__file__).parents[2] / "contracts" / "subscribers" / "webhook_receiver.py"
AT_HOME = {
    "LOTI_ALLOW_HTTP": "true",
    "LOTI_ALLOW_PRIVATE": "true",
    "LOTI_WEBHOOK_KEYS": KEYS,
    "COLUMNS": "200",
}


async def typed(*words: str, database: str, **more: str) -> Result:
    """`loti webhooks …` with that database."""
    env = AT_HOME | {"LOTI_DATABASE": database} | more
    return await asyncio.to_thread(CliRunner().invoke, app, list(words), env=env)


@pytest.fixture
def loti(dsn: str) -> Loti:
    """The same with this test's database."""
    return functools.partial(typed, database=dsn)


async def test_an_endpoint_from_its_first_day_to_its_last(
    dsn: str, db: Connection, receiver: Receiver, loti: Loti
) -> None:
    """Added with filters, tested, disabled, enabled, rotated, listed and removed: each step does what it says."""
    await hear(db, role("before", of=[CAMDEN]))
    url = f"{receiver.url}/team"
    added = await loti("add", "team", url, "--type", "role.*", "--authority", "Camden", "--current")
    assert added.exit_code == 0, added.output
    assert "events of london.loti.role.* that concern Camden, 1 of them now" in added.stdout
    [secret] = re.findall(r"^whsec_\S{44}$", added.stdout, re.M)
    receiver.secrets["/team"] = secret
    again = await loti("add", "team", url)
    assert (again.exit_code, "there is an endpoint team already" in again.stderr) == (1, True)

    tested = await loti("test", "team")
    assert tested.exit_code == 0, tested.output
    assert "status 200" in tested.stdout
    assert receiver.taken[0].event["type"] == "london.loti.webhook.tested.v1"

    await hear(db, role("r1", of=[CAMDEN]), role("r2", of=[HACKNEY]))
    async with pushing(dsn):
        await until_states(db, [("delivered", 1)] * 3, "team")
        assert [one.event["subject"] for one in receiver.taken] == ["team", "before", "r1"]
        assert (await loti("disable", "team", "--why", "moving house")).exit_code == 0
        await hear(db, role("r1", 2), role("r1", 3))
        assert "DISABLED: moving house" in (await loti("list")).stdout
        assert "1 events wait" in (await loti("enable", "team")).stdout
        await receiver.until(lambda one: len(one.taken) == 4)
        rotated = await loti("rotate", "team")
        [new] = re.findall(r"^whsec_\S{44}$", rotated.stdout, re.M)
        receiver.secrets["/team"] = new
        await hear(db, role("r1", 4))
        await receiver.until(lambda one: len(one.taken) == 5)
    assert receiver.forged == 0
    [listed] = [json.loads(line) for line in (await loti("list", "--json")).stdout.splitlines()]
    assert (listed["name"], listed["waiting"], listed["disabled_because"]) == ("team", 0, None)
    assert secret not in (await loti("list")).stdout
    assert not re.search("whsec_", str(await db.fetch("SELECT * FROM endpoints")))
    assert (await loti("remove", "team")).exit_code == 0
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 0
    gone = await loti("enable", "team")
    assert (gone.exit_code, "there is no endpoint 'team'" in gone.stderr) == (1, True)


async def test_the_log_shows_each_attempt_and_pushes_again(
    dsn: str, db: Connection, receiver: Receiver, loti: Loti
) -> None:
    """By a delivery's number or an event's id, with the same webhook-id."""
    await endpoint(db, receiver)
    receiver.reply = says(503, b"come back")
    said = role("r1")
    await hear(db, said)
    async with pushing(dsn):
        await until_states(db, [("waiting", 1)])
        receiver.reply = OK
        await hurry(db)
        await until_states(db, [("delivered", 2)])
        shown = (await loti("deliveries", "dashboard")).stdout
        assert re.search(r"503 .* come back\n.* 200 .* thank you", shown)
        [row] = [
            json.loads(line) for line in (await loti("deliveries", "dashboard", "--json")).stdout.splitlines()
        ]
        assert [one["status"] for one in row["log"]] == [503, 200]
        assert (await loti("redeliver", str(row["id"]))).exit_code == 0
        await receiver.until(lambda one: len(one.taken) == 3)
        await until_states(db, [("delivered", 1)])
        assert (await loti("redeliver", said.id, "--to", "dashboard")).exit_code == 0
        await receiver.until(lambda one: len(one.taken) == 4)
    assert {one.id for one in receiver.taken} == {said.id}
    assert await states(db) == [("delivered", 1)]


async def test_a_test_that_is_not_taken_says_so(db: Connection, receiver: Receiver, loti: Loti) -> None:
    """With what was answered, in the log too; exit 1."""
    await endpoint(db, receiver)
    receiver.reply = says(404, b"no such hook")
    found = await loti("test", "dashboard")
    assert (found.exit_code, "status 404" in found.stdout, "no such hook" in found.stdout) == (1, True, True)
    assert "no such hook" in (await loti("deliveries", "dashboard", "--state", "failed")).stdout
    number = await db.fetchval("SELECT id FROM deliveries")
    again = await loti("redeliver", str(number))
    assert (again.exit_code, "was a test" in again.stderr) == (1, True)


async def test_readers_come_and_go(db: Connection, loti: Loti) -> None:
    """The token is shown once and is not in the database; the list says how far each has read."""
    await hear(db, role("r1"), role("r2"))
    added = await loti("reader", "add", "dashboard")
    [token] = re.findall(r"^lr_\S{43}$", added.stdout, re.M)
    assert token not in str(await db.fetch("SELECT * FROM readers"))
    assert (await loti("reader", "add", "dashboard")).exit_code == 1
    assert "never read, 2 events behind" in (await loti("reader", "list")).stdout
    assert (await loti("reader", "remove", "dashboard")).exit_code == 0
    assert "No reader." in (await loti("reader", "list")).stdout
    assert (await loti("reader", "remove", "dashboard")).exit_code == 1


@pytest.mark.parametrize(
    ("words", "says_"),
    [
        (["add", "Team!", "https://example.org/"], "cannot be a name"),
        (["add", "team", "http://example.org/"], "begins with https://"),
        (["add", "team", "https://10.0.0.1/"], "private or reserved"),
        (["add", "team", "https://example.org/", "--type", "role.dicovered"], "perhaps london.loti.role"),
        (["add", "team", "https://example.org/", "--type", "contact.stated"], "restricted"),
        (["add", "team", "https://example.org/", "--authority", "Hackny"], "perhaps Hackney"),
        (["deliveries", "nobody"], "there is no endpoint"),
        (["deliveries", "nobody", "--state", "lost"], "there is no state"),
        (["redeliver", "77"], "there is no delivery"),
        (["rotate", "nobody"], "there is no endpoint"),
        (["test", "nobody"], "there is no endpoint"),
        (["reader", "add", "Me You"], "cannot be a name"),
    ],
)
async def test_what_cannot_be_done_says_why(loti: Loti, words: list[str], says_: str) -> None:
    """On stderr, and nothing is changed."""
    found = await loti(*words, LOTI_ALLOW_HTTP="false", LOTI_ALLOW_PRIVATE="false")
    assert found.exit_code in (1, 2)
    assert says_ in found.stderr
    assert "Traceback" not in found.output


async def test_without_a_database_each_command_says_what_to_do() -> None:
    """Rather than show a stack."""
    found = await typed("list", database="postgresql://nobody@127.0.0.1:9/none")
    assert (found.exit_code, "LOTI_DATABASE" in found.stderr) == (1, True)


async def test_a_database_that_is_older_than_the_code_is_no_stack(db: Connection, loti: Loti) -> None:
    """Whatever it lacks: a table, a column, or, as before the fourth step of delivery, a function."""
    await db.execute("DROP FUNCTION hold_in_turn(text)")
    told = await loti("add", "older", "https://subscriber.example.org/events")
    assert told.exit_code == 1
    assert "start this version of the webhooks service once" in told.stderr


async def test_the_example_receiver_takes_each_event_once(
    dsn: str, db: Connection, loti: Loti, tmp_path: Path
) -> None:
    """On the standard library alone: a genuine event has its effect once however often it comes; a forged one none."""
    example = subprocess.Popen(
        [sys.executable, "-I", EXAMPLE, "--port", "0", "--seen", tmp_path / "seen.sqlite"],
        env={"LOTI_WEBHOOK_SECRET": "whsec_" + "A" * 32, "PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert example.stderr is not None
        url = example.stderr.readline().split()[-1]
        await db.execute(
            "INSERT INTO endpoints VALUES ('example', $1, '{}', '{}', $2), ('forger', $1, '{}', '{}', $3)",
            url, "whsec_" + "A" * 32, "whsec_" + "B" * 32,
        )  # fmt: skip
        said = role("r1")
        await hear(db, said)
        async with pushing(dsn):
            await until_states(db, [("delivered", 1)], "example")
            await until_states(db, [("waiting", 1)], "forger")
            assert (await loti("redeliver", said.id, "--to", "example")).exit_code == 0
            await until_states(db, [("delivered", 1)], "example")
            while await db.fetchval("SELECT count(*) FROM attempts WHERE status = 204") < 2:
                await asyncio.sleep(0.02)
        assert "no signature fits" in await db.fetchval("SELECT said FROM attempts WHERE status = 401")
    finally:
        example.terminate()
        printed, _ = example.communicate(timeout=10)
    assert printed.splitlines() == ["2026-11-02T12:00:00Z london.loti.role.discovered.v1 r1"]
