"""The commands around a running system: bad input is refused with what, where and what to do."""

import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from deploy.statements import SAYABLE, StatementRefused, read_statements
from loti_contracts.delivery import parking
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from tests.path.running import ROOT
from tests.servers import Postgres


def loti(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    import os

    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=dict(os.environ) | settings,
    )


def test_every_command_explains_itself() -> None:
    """`--help` works at every level, and names every sub-command."""
    top = loti("--help")
    assert top.returncode == 0
    for name in (
        "up",
        "say",
        "run",
        "env",
        "ingest",
        "salaries",
        "matching",
        "notify",
        "contracts",
        "dead-letters",
    ):
        assert name in top.stdout


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "line 2 is not JSON"),
        ('{"type": "london.loti.role.discovered.v1"}', "line 2: `type` must be one of"),
        ("[1]", "line 2: `type` must be one of"),
        ('{"type": "london.loti.answer.stated.v1", "data": {}}', "line 2, answer: Field required"),
        ('{"type": "london.loti.answer.stated.v1"}', "line 2, data"),
    ],
)
def test_a_bad_statement_is_refused_before_anything_is_said(line: str, complaint: str) -> None:
    """The line, the field and what is allowed; nothing of the file is published."""
    good = '{"type": "london.loti.contact.erased.v1", "data": {"contact_id": "c"}}'
    with pytest.raises(StatementRefused, match=complaint.replace("[", r"\[").replace("`", ".")):
        list(read_statements([good, line]))
    assert len(SAYABLE) == 11


def test_a_folder_that_loti_up_never_ran_on_is_refused(tmp_path: Path) -> None:
    """`loti env` says so, and what to give."""
    answer = loti("env", "salaries", "--data", str(tmp_path))
    assert answer.returncode == 1
    assert "is not the data folder of a `loti up`" in answer.stderr
    assert loti("env", "payroll").stderr.startswith("loti env: there is no service 'payroll'")


async def test_dead_letters_are_shown_and_a_stopped_consumer_is_let_go_on(postgres: Postgres) -> None:
    """An operator sees what was parked and why, whole, and closes the breaker."""
    dsn = await postgres.create_database()
    connection = await asyncpg.connect(dsn)
    await migrate_delivery(connection)
    message = Received("loti.roles.v1", 0, 7, 1, b"key", b"\xff", [("x", b"\x00")])
    async with connection.transaction():
        await parking.park(
            connection, message, service="test", reason="it is bent", error=ValueError("bent"), attempts=3
        )
    await connection.execute("INSERT INTO breaker (reason) VALUES ('too many')")
    listed = loti("dead-letters", "list", LOTI_DATABASE=dsn)
    assert "it is bent" in listed.stdout
    shown = loti("dead-letters", "show", str(message.letter_id()), LOTI_DATABASE=dsn)
    assert '"value": "/w=="' in shown.stdout
    assert "ValueError: bent" in shown.stdout
    assert loti("dead-letters", "resume", LOTI_DATABASE=dsn).stdout == "the consumer goes on\n"
    assert loti("dead-letters", "resume", LOTI_DATABASE=dsn).stdout == "the breaker was not open\n"
    assert await connection.fetchval("SELECT count(*) FROM breaker") == 0
    await connection.close()
    assert (
        "no dead letter"
        in loti("dead-letters", "show", "00000000-0000-0000-0000-000000000000", LOTI_DATABASE=dsn).stderr
    )
    assert "is no id" in loti("dead-letters", "show", "7", LOTI_DATABASE=dsn).stderr
    away = loti("dead-letters", "list", LOTI_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert (away.returncode, "cannot be used" in away.stderr) == (2, True)
