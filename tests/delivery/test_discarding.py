"""Dead letters from the shell: chosen by reason and age, replayed, given up; and the breaker, as it is told."""

import asyncio
import getpass
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy import dead_letter_places
from deploy.dead_letters import app as commands
from loti_contracts.delivery import choosing, parking
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from tests.servers import Postgres


class Shell:
    """`loti dead-letters` on a database with four letters, oldest first."""

    def __init__(self, dsn: str, db: "asyncpg.Connection[Any]", ids: list[str]) -> None:
        self.dsn, self.db, self.ids = dsn, db, ids

    async def __call__(self, *words: str) -> Result:
        """What the command answers."""
        return await asyncio.to_thread(CliRunner().invoke, commands, words, env={"LOTI_DATABASE": self.dsn})

    async def said(self) -> list[Any]:
        """What waits for the relay, from the oldest on."""
        rows = await self.db.fetch(
            "SELECT headers, convert_from(value, 'UTF8') AS said FROM outbox ORDER BY position"
        )
        return [(json.loads(row["headers"])["ce_type"], json.loads(row["said"])) for row in rows]


@pytest.fixture
async def shell(postgres: Postgres) -> AsyncIterator[Shell]:
    dsn = await postgres.create_database()
    db = await asyncpg.connect(dsn)
    await migrate_delivery(db)
    ids = []
    for n, (topic, reason) in enumerate(
        (
            ("loti.roles.v1", "No Title [1]"),
            ("loti.roles.v1", "no pay"),
            ("loti.requests.v1", "no title\x1b[2J"),
            ("loti.requests.v1", "x"),
        )
    ):
        message = Received(topic, 0, n, 1_700_000_000_000 + n, b"\xff", b"\x00body", [("h\x00", b"\xfe")])
        async with db.transaction():
            assert await parking.park(
                db, message, service="one", reason=reason, error=ValueError(reason), attempts=3
            )
        await db.execute(
            "UPDATE dead_letters SET parked_at = now() - $2::interval WHERE id = $1",
            message.letter_id(),
            timedelta(days=10 * (3 - n)),
        )
        ids.append(str(message.letter_id()))
    await db.execute("DELETE FROM outbox")
    yield Shell(dsn, db, ids)
    await db.close()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ((), {0, 1, 2, 3}),
        (("--topic", "loti.roles.v1"), {0, 1}),
        (("--reason", "no TITLE"), {0, 2}),
        (("--reason", "title [1]"), {0}),
        (("--pattern", r"title \[\d"), {0}),
        (("--older", "15d"), {0, 1}),
        (("--newer", "15d"), {2, 3}),
        (("--older", "5d", "--newer", "360h", "--reason", "title"), {2}),
        (("--most", "1"), {3}),
        (("--older", "1999-01-01"), set()),
    ],
)
async def test_letters_are_chosen_by_topic_reason_and_age(
    shell: Shell, words: tuple[str, ...], meant: set[int]
) -> None:
    """Text as it stands, a pattern, and any of them together; what is printed steers no terminal."""
    answer = await shell("list", *words)
    assert answer.exit_code == 0
    assert {n for n, id_ in enumerate(shell.ids) if id_ in answer.output} == meant
    assert "\x1b" not in answer.output


async def test_a_letter_is_kept_whole(shell: Shell) -> None:
    """Its bytes, headers, reason, stack, attempts, and when the broker had it."""
    shown = json.loads((await shell("show", shell.ids[1])).output)
    assert (shown["key"], shown["value"], shown["attempts"]) == ("/w==", "AGJvZHk=", 3)
    assert shown["headers"] == [["h�", "/g=="]]
    assert (shown["reason"], shown["message_timestamp"]) == ("no pay", 1_700_000_000_001)
    assert "ValueError: no pay" in shown["stack"]


async def test_what_is_given_up_stays_with_who_and_why_and_is_said_once(shell: Shell) -> None:
    """It is no longer listed or counted, cannot be replayed, and another discard changes nothing."""
    first = await shell("discard", "--topic", "loti.roles.v1", "--why", "a test of ours")
    assert (first.exit_code, first.output.count("given up at")) == (0, 2)
    again = await shell("discard", shell.ids[0], "--why", "other", "--by", "somebody else")
    assert (again.exit_code, f"by {getpass.getuser()}: a test of ours" in again.output) == (1, True)
    said = await shell.said()
    assert [type_ for type_, _ in said] == ["london.loti.message.discarded.v1"] * 2
    assert {letter["dead_letter"]["id"] for _, letter in said} == set(shell.ids[:2])
    assert {letter["dead_letter"]["status"] for _, letter in said} == {"discarded"}
    assert getpass.getuser() not in json.dumps([letter["dead_letter"]["discarded_why"] for _, letter in said])
    listed = (await shell("list")).output
    assert [id_ in listed for id_ in shell.ids] == [False, False, True, True]
    assert "a test of ours" in (await shell("list", "--discarded")).output
    replayed = await shell("replay", shell.ids[0])
    assert (replayed.exit_code, "given up at" in replayed.output) == (0, True)
    assert (
        "there is no dead letter" in (await shell("discard", "--topic", "loti.roles.v1", "--why", "x")).output
    )


async def test_a_letter_that_its_service_says_nothing_of_is_given_up_in_silence(shell: Shell) -> None:
    """A subscriber that only listens has no relay: a word of it would wait for ever."""
    await shell.db.execute("UPDATE dead_letters SET said_by = NULL")
    assert (await shell("discard", "--all", "--why", "x")).exit_code == 0
    assert await shell.said() == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("discard", "--why", "x"), "name a dead letter, or --all"),
        (("discard", "--all", "--why", "  "), "--why is empty"),
        (("discard", "--all"), "--why"),
        (("replay", "00000000-0000-0000-0000-000000000000"), "there is no dead letter 0000"),
        (("list", "--older", "soon"), "is no age"),
        (("list", "--older", "99999999d"), "is no age"),
        (("list", "--newer", "٣d"), "is no age"),
        (("list", "--pattern", "(["), "is no regular expression"),
        (("list", "--service", "salaries"), "with --data"),
        (("list", "--data", "/nowhere"), "is not the data folder"),
        (("list", "--data", "/nowhere", "--service", "payroll"), "there is no service 'payroll'"),
        (("list", "--most", "0"), "--most"),
    ],
)
async def test_bad_words_are_refused_with_what_is_wrong(
    shell: Shell, words: tuple[str, ...], why: str
) -> None:
    """Status 2, and nothing is done."""
    answer = await shell(*words)
    assert (answer.exit_code, why in answer.output) == (2, True), answer.output
    assert len(await choosing.letters(shell.db, choosing.Choice())) == 4


async def test_all_services_of_a_folder_at_once(
    shell: Shell, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --data no database is named; each letter says whose it is, and ids are looked for everywhere."""
    other = await postgres.create_database()
    db = await asyncpg.connect(other)
    await migrate_delivery(db)
    await db.close()
    of = {"salaries": shell.dsn}
    monkeypatch.setattr(
        dead_letter_places, "settings_of", lambda name, _: {"LOTI_DATABASE": of.get(name, other)}
    )
    data = ("--data", str(Path("somewhere")))
    assert (await shell("list", *data)).output.count("  salaries  ") == 4
    assert "1  salaries  loti.roles.v1  no pay" in (await shell("list", *data, "--count")).output
    assert (await shell("list", *data, "--service", "portal")).output == ""
    assert json.loads((await shell("show", shell.ids[2], *data)).output)["service"] == "salaries"
    assert (await shell("discard", shell.ids[2], "--why", "x", *data)).exit_code == 0
    await shell.db.execute("INSERT INTO breaker (reason) VALUES ('too many')")
    assert (await shell("resume", *data)).output == "salaries: the consumer goes on\n"
    assert (await shell("resume", *data)).output == "no breaker was open\n"


async def test_a_breaker_is_told_when_it_opens_and_when_it_closes(shell: Shell) -> None:
    """Each once, with rising revisions, however often it is opened while it is open; one that keeps to itself says
    nothing."""
    async with asyncpg.create_pool(shell.dsn, min_size=0, max_size=2) as pool:
        breaker = Breaker(service="one", pool=pool, limit=3)
        await breaker.open("quietly")
        assert await shell.said() == []
        await breaker.open("too many", said=True)
        await breaker.open("too many", said=True)
        assert (await shell("resume")).output == "the consumer goes on\n"
        assert await breaker.look() is None
        await breaker.close()
        await breaker.open("once more", said=True)
    told = [said["consumer"] for _, said in await shell.said()]
    assert [(one["id"], one["revision"], one["status"]) for one in told] == [
        ("one", 1, "stopped"),
        ("one", 2, "running"),
        ("one", 3, "stopped"),
    ]
    assert told[0]["reason"] == "too many"
