"""`loti notify newsletter …`, as a person at LOTI uses it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from services.notify.newsletter.drafting import GREETING
from services.notify.newsletter.edition_file import write_file
from services.notify.newsletter.newsletter_commands import app
from services.notify.newsletter.publishing import publish
from services.notify.settings import NotifySettings
from tests.databases import connected
from tests.notify.newsletter.making import NOW, edition, hear, know, month

ID = edition().id
PERIOD = ("--since", "2026-11-01", "--until", "2026-11-30")


@pytest.fixture
def here(dsn: str, settings: NotifySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the service's settings."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    monkeypatch.setenv("LOTI_LINK_KEYS", settings.link_keys.get_secret_value())
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def run(*words: str, ends: int = 0) -> Result:
    """One command."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    assert done.exit_code == ends, done.output
    return done


def put(name: str, text: str, encoding: str = "utf-8") -> None:
    """A file, written by somebody."""
    Path(name).write_text(text, encoding=encoding)


def read(name: str) -> str:
    """What is in a file."""
    return Path(name).read_text(encoding="utf-8")


async def test_from_a_draft_to_a_sent_newsletter(here: Path, dsn: str, settings: NotifySettings) -> None:
    """Draft, be told that the greeting is missing, write it, preview, test, schedule, send, look, and find it sent."""
    heard = month()
    async with connected(dsn) as tx:
        everything = (*heard.roles, *heard.signals, *heard.demands, *heard.novel, *heard.items, *heard.events)
        await hear(tx, *everything, at=NOW)
        await know(tx, ["ada", "bob"])
    said = (await run("draft", *PERIOD)).output
    name = f"newsletter-{ID}.md"
    assert name in said
    text = read(name)
    assert "## New roles worth a look" in text

    unread = await run("check", name, "--no-links", ends=1)
    assert f"{name}:8: '[[Say hello" in unread.output
    await run("send", name, "--no-links", ends=2)
    put(name, text.replace(GREETING, "Good morning."))
    assert "can be sent" in (await run("check", name, "--no-links")).output

    letter = (await run("preview", name)).output
    assert letter.startswith("Subject: Digital jobs in London’s boroughs, November 2026\n")
    assert "Good morning." in letter
    assert (await run("preview", name, "--html")).output.lower().startswith("<!doctype html>")

    assert "on its way to ada" in (await run("test", name, "--to", "ada")).output
    assert "2 readers" in (await run("send", name, "--no-links")).output
    assert "as it was" in (await run("send", name, "--no-links")).output
    async with connected(dsn) as tx:
        async with tx.transaction():
            await publish(tx, settings, datetime.now(UTC))
        await tx.execute("UPDATE mail SET status = 'sent', sent_at = now()")
    assert "nobody gets it twice" in (await run("send", name, "--no-links")).output
    [row] = [json.loads(line) for line in (await run("status", "--json")).output.splitlines()]
    assert (row["id"], row["status"], row["mails"], row["a_minute"]) == (ID, "sending", {"sent": 2}, 2)
    assert "2 sent" in (await run("status", name)).output
    async with connected(dsn) as tx, tx.transaction():
        await publish(tx, settings, datetime.now(UTC))
    assert f"Edition {ID} is sent: 2 sent." in (await run("status", ID, "--follow")).output
    assert "cannot be called back" in (await run("cancel", ID, ends=2)).output


async def test_a_schedule_and_its_end(here: Path, dsn: str) -> None:
    """A time in London schedules; another one changes it; cancelling ends it."""
    put("n.md", write_file(edition()))
    assert "has passed" in (await run("send", "n.md", "--at", "2020-01-01T09:00", ends=2)).output
    at = f"{(await _now(dsn)).year + 1}-01-04T09:00"
    assert "4 January" in (await run("send", "n.md", "--at", at)).output
    assert "as it was" in (await run("send", "n.md", "--at", at)).output
    assert "scheduled for 4 January" in (await run("status")).output
    assert "nobody got it" in (await run("cancel", "n.md")).output
    assert "already" in (await run("cancel", ID)).output


async def _now(dsn: str) -> Any:
    async with connected(dsn) as tx:
        return await tx.fetchval("SELECT clock_timestamp()")


async def test_a_draft_is_never_written_over(here: Path) -> None:
    """A file that somebody may have edited stays, unless it is said that it may go; - is standard output."""
    put("n.md", "mine")
    assert "--force" in (await run("draft", "n.md", *PERIOD, ends=2)).output
    assert read("n.md") == "mine"
    await run("draft", "n.md", "--force", *PERIOD)
    assert (await run("draft", "-", *PERIOD)).output == read("n.md")


async def test_the_next_draft_goes_on_from_the_last_edition(here: Path, dsn: str) -> None:
    """Without --since it begins the day after the last edition ended, and says so where no day is left."""
    put("n.md", write_file(edition()))
    await run("send", "n.md")
    assert "since: 2026-12-01\nuntil: 2026-12-24" in (await run("draft", "-", "--until", "2026-12-24")).output
    assert (
        "told of all days up to 2026-11-30"
        in (await run("draft", "-", "--until", "2026-11-30", ends=2)).output
    )


async def test_an_entry_that_is_no_event(here: Path, dsn: str) -> None:
    """A link to a calendar entry of ours is looked up: one that leads nowhere keeps the edition back."""
    async with connected(dsn) as tx:
        await hear(tx, *month().events)
    address = NotifySettings().public_url
    text = (
        f"[a]({address}/events/item-3.ics) and [b]({address}/events/item-4.ics)\n\n[c]({address}/newsletters)"
    )
    put("n.md", write_file(edition(text)))
    done = await run("check", "n.md", ends=1)
    assert "item-4.ics is no event of the library" in done.output
    assert "item-3" not in done.output
    assert "lead nowhere" in (await run("send", "n.md", ends=2)).output


_BAD_INPUT = (
    (("draft", "--since", "yesterday"), "is no day"),
    (("draft", "--since", "2026-12-01", "--until", "2026-11-01"), "is after"),
    (("draft", "nowhere/n.md", *PERIOD), "No such file or directory"),
    (("check", "missing.md"), "No such file or directory"),
    (("check", "."), "Is a directory"),
    (("check", "latin.md"), "line 2: the file is not UTF-8"),
    (("check", "empty.md"), "empty.md:1: The facts are missing."),
    (("preview", "empty.md"), "cannot go to readers"),
    (("send", "empty.md"), "cannot go to readers"),
    (("test", "good.md", "--to", "nobody"), "no contact 'nobody'"),
    (("cancel", "nothing"), "no edition 'nothing'"),
    (("status", "nothing"), "no edition 'nothing'"),
    (("status", "--follow"), "--follow needs"),
)


async def test_bad_input(here: Path) -> None:
    """Each mistake gets an error that says what, where and what to do."""
    put("latin.md", "---\ntitle: Caf\xe9\n", "latin-1")
    put("empty.md", "")
    put("good.md", write_file(edition()))
    for words, why in _BAD_INPUT:
        done = await run(*words, ends=2)
        assert why in done.output, done.output
        assert "Traceback" not in done.output


async def test_without_a_database(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said that it cannot be reached, and which setting says where it is."""
    monkeypatch.setenv("LOTI_DATABASE", "postgresql://postgres@127.0.0.1:9/postgres")
    done = await run("draft", "-", ends=1)
    assert "cannot be reached" in done.output
    assert "LOTI_DATABASE" in done.output


async def test_a_database_without_tables(here: Path, postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to do."""
    empty = await postgres.create_database()
    monkeypatch.setenv("LOTI_DATABASE", empty)
    assert "Start the service once" in (await run("status", ends=1)).output
