"""`loti notify bounces` as a person uses it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.notify.reports.reports_commands import app
from services.notify.settings import NotifySettings
from tests.notify.reports import came_back
from tests.notify.reports.came_back import KEY, path_of
from tests.notify.reports.ledger_now import LedgerNow


def run(*words: str, given: bytes = b"", **environment: str) -> Result:
    """The command, in a thread of its own since it has a loop of its own."""
    return CliRunner().invoke(app, list(words), input=given, env=environment)


@pytest.fixture
def environment(signing: NotifySettings) -> dict[str, str]:
    """What the service is told."""
    return {"LOTI_DATABASE": signing.database.get_secret_value(), "LOTI_LINK_KEYS": KEY}


async def in_thread(*words: str, **rest: Any) -> Result:
    import asyncio

    return await asyncio.to_thread(run, *words, **rest)


async def test_files_and_stdin(ledger: LedgerNow, environment: dict[str, str], tmp_path: Path) -> None:
    """Reports from files and from stdin are heard; those that are not make the command fail, and say why."""
    await ledger.people("contact-1", "contact-2")
    bounce, forged = tmp_path / "bounce.eml", tmp_path / "forged.eml"
    mail = await ledger.digest()
    bounce.write_bytes(came_back.gmail(path_of(mail)))
    forged.write_bytes(came_back.gmail(path_of(mail, key="x" * 32)))
    found = await in_thread(str(bounce), **environment)
    assert (found.exit_code, "contact-1: returned and suppressed" in found.output) == (0, True), found.output
    given = came_back.complaint(path_of(await ledger.digest("contact-2")))
    found = await in_thread("--json", "-", str(forged), given=given, **environment)
    assert found.exit_code == 1
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(line["file"], line["ending"]) for line in lines] == [("-", "taken"), (str(forged), "not taken")]
    assert await ledger.suppressed() == {"contact-1": "bounced", "contact-2": "complained"}


async def test_what_cannot_be_done(environment: dict[str, str], tmp_path: Path) -> None:
    """A missing file, a missing database and missing keys are said with what to do."""
    report = tmp_path / "report.eml"
    report.write_bytes(came_back.gmail(path_of()))
    found = await in_thread(str(tmp_path / "none.eml"), **environment)
    assert (found.exit_code, "No such file" in found.output) == (2, True)
    found = await in_thread(str(report), LOTI_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert (found.exit_code, "LOTI_DATABASE" in found.output) == (2, True)
    found = await in_thread(str(report), **(environment | {"LOTI_LINK_KEYS": ""}))
    assert (found.exit_code, "LOTI_LINK_KEYS is empty" in found.output) == (1, True)
