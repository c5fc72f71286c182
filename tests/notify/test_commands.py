import asyncio
import json

import asyncpg
import pytest
from typer.testing import CliRunner

from services.notify.commands import app
from services.notify.examples import EXAMPLES
from tests.notify.making import EVERYTHING, contact, heard, role, stated
from tests.notify.test_handlers import due, hear


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_preview_of_every_kind(kind: str) -> None:
    """`loti notify preview KIND` shows the plain text with its subject, `--html` the page itself."""
    text = CliRunner().invoke(app, ["preview", kind])
    page = CliRunner().invoke(app, ["preview", kind, "--html"])
    assert text.exit_code == page.exit_code == 0
    assert text.stdout.startswith("Subject: ")
    assert page.stdout.startswith("<!DOCTYPE html>")


async def test_the_ledger_by_event_and_contact(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`loti notify ledger` answers which contacts an event reached, and what a contact was told, by ids."""
    found = heard(role())
    connection = await asyncpg.connect(dsn)
    await hear(connection, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in range(2)), found)
    await due(connection)
    await connection.close()
    monkeypatch.setenv("LOTI_DATABASE", dsn)

    def ledger(*options: str) -> str:
        done = CliRunner().invoke(app, ["ledger", *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = [
        json.loads(line)
        for line in (await asyncio.to_thread(ledger, "--event", found.id, "--json")).splitlines()
    ]
    assert {(row["contact_id"], row["about"], row["status"]) for row in rows} == {
        ("contact-0", "role-1", "sending"),
        ("contact-1", "role-1", "sending"),
    }
    mine = (await asyncio.to_thread(ledger, "--contact", "contact-1", "--json")).splitlines()
    assert len(mine) == 1
    assert "featherstone" not in "".join(mine).lower()
    assert "role-1" in await asyncio.to_thread(ledger)
