"""`loti portal sessions` and `end-sessions`, as from the shell."""

import asyncio
import json

import pytest
from typer.testing import CliRunner, Result

from loti_contracts.events import ContactStated
from services.portal.commands import app
from tests.portal.portal import Portal
from tests.portal.signin.making import contact


async def loti(*words: str) -> Result:
    """`loti portal …`"""
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


async def test_sessions_are_listed_and_ended_by_hand(
    portal: Portal, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contacts by id alone; ending them signs the person out, and stands in the audit log."""
    monkeypatch.setenv("LOTI_DATABASE", dsn)
    assert "Nobody is signed in." in (await loti("sessions")).stdout
    await portal.hears(ContactStated(contact=contact()))
    for _ in range(2):
        await portal.as_contact("contact-amara")
    (line,) = (await loti("sessions", "--json")).stdout.splitlines()
    row = json.loads(line)
    assert (row["contact_id"], row["sessions"], set(row)) == (
        "contact-amara", 2, {"contact_id", "sessions", "since", "until"})  # fmt: skip
    assert "amara@" not in (await loti("sessions")).stdout
    assert "2 sessions ended." in (await loti("end-sessions", "contact-amara")).stdout
    assert "Amara Osei" not in (await portal.get("/")).text
    assert "It was not signed in." in (await loti("end-sessions", "contact-amara")).stdout
    what = await portal.pool.fetchval("SELECT what FROM audit ORDER BY number LIMIT 1")
    assert what == "signed somebody out by hand"
    unknown = await loti("end-sessions", "contact-none")
    assert unknown.exit_code == 1
    assert "there is no contact 'contact-none'" in unknown.stderr


async def test_a_database_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    monkeypatch.setenv("LOTI_DATABASE", "postgresql://postgres@127.0.0.1:9/none")
    answer = await loti("sessions")
    assert answer.exit_code == 1
    assert "set LOTI_DATABASE" in answer.stderr
