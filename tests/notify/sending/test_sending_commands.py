"""`loti notify ledger` and `send-due`, run as a user runs them."""

import asyncio
import json
import os
import sys
from typing import Any

from typer.testing import CliRunner

from services.notify.sending.sending_commands import app
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay
from tests.notify.making import role
from tests.notify.sending import made
from tests.notify.sending.running import statuses


def _environment(settings: NotifySettings) -> dict[str, str]:
    return {
        "LOTI_DATABASE": settings.database.get_secret_value(),
        "LOTI_SMTP_PORT": str(settings.smtp_port),
        "LOTI_LINK_KEYS": "k" * 32,
    }


async def _run(settings: NotifySettings, *words: str) -> tuple[int, str, str]:
    """In a process of its own, where Ctrl-C and logs are its own too."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from services.notify.sending.sending_commands import app; app()",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | _environment(settings),
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def _here(settings: NotifySettings, *words: str, **environment: str) -> tuple[int, str, str]:
    """In a thread, with an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, words, env=_environment(settings) | environment)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


async def test_send_due_and_its_ledger(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """It sends all that is due and says how it ended and what waits; the ledger then shows each, by ids alone. Where the
    relay is away it says so and exits 1, and nothing is lost."""
    relay.refused["contact-0"] = "550 5.1.1 no such user"
    async with pool.acquire() as tx, tx.transaction():
        ids = [f"contact-{n}" for n in range(5)]
        await made.people(tx, ids)
        await made.digests(tx, ids, role())
    code, out, err = await _run(settings, "send-due", "--json")
    assert (code, err) == (0, "")
    counts = {
        "sent": 4,
        "refused": 1,
        "deferred": 0,
        "in_doubt": 0,
        "withheld": 0,
        "waiting": 0,
        "next": None,
    }
    assert json.loads(out) == counts
    code, out, err = await _here(settings, "ledger", "--event", "event of role-1", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert sorted(row["status"] for row in rows) == ["refused", *["sent"] * 4]
    assert "@" not in out

    await relay.stop()
    async with pool.acquire() as tx, tx.transaction():
        await made.digests(tx, ["contact-1"], role("role-2"))
    code, out, err = await _run(settings, "send-due")
    assert code == 1
    assert "serves nobody now" in err
    assert "What was not sent stays due" in err
    assert (await statuses(pool))["due"] == 1


async def test_bad_settings_are_named(settings: NotifySettings) -> None:
    """A database that is away, and a key that is missing, are said in words, and without a stack."""
    away = await _here(settings, "ledger", LOTI_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    wrong = await _here(settings, "send-due", LOTI_LINK_KEYS="")
    assert away[0] == 1
    assert wrong[0] == 2
    assert "LOTI_DATABASE" in away[2]
    assert "LOTI_LINK_KEYS" in wrong[2]
