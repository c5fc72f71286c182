"""`loti contracts subscriber` and `loti contracts lag`, as an administrator and the new subscriber run them."""

import asyncio
import json
import os
import re
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner

from deploy.local.children import spawn
from deploy.subscriber_commands import add_to
from loti_contracts.events import RoleDiscovered, encode, envelop
from loti_contracts.events.topics import ROLES
from tests.access.conftest import Guarded
from tests.delivery.counting import until
from tests.delivery.test_subscriber import role
from tests.servers import Postgres

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(300)]


@pytest.fixture
def run(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The commands, by the administrator of the guarded broker."""
    app = typer.Typer()
    add_to(app)
    for name, value in {
        "KAFKA": guarded.address, "KAFKA_SECURITY": "sasl_ssl", "KAFKA_USER": "admin",
        "KAFKA_PASSWORD": guarded.admin_password, "KAFKA_CA": str(guarded.ca),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"LOTI_{name}", value)

    def runs(*words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    return runs


async def test_the_ten_lines_run(guarded: Guarded, run: Any, postgres: Postgres, tmp_path: Path) -> None:
    """What `add` prints, put into a shell and a file, hears the events of its topic through TLS with its own password; `lag`
    shows how far it is; `remove` takes it all away."""
    name, mark = f"board-{secrets.token_hex(4)}", secrets.token_hex(6)
    said = await asyncio.to_thread(run, "subscriber", "add", name, "--topics", "roles, benchmarks")
    assert said.exit_code == 0, said.output
    settings = dict(re.findall(r"^export (LOTI_\w+)=(\S+)", said.output, re.MULTILINE))
    program = said.output.split(f"# {name}.py", 1)[1].split("\n", 1)[1]
    (tmp_path / "program.py").write_text(program)
    settings["LOTI_DATABASE"] = await postgres.create_database()
    log = tmp_path / "log"
    child = await spawn("the subscriber", [sys.executable, "program.py"], env=dict(os.environ) | settings | {"PYTHONUNBUFFERED": "1"},
                        log=log, cwd=tmp_path)  # fmt: skip
    try:
        await _say_role(guarded, mark)

        async def heard() -> bool:
            return f"london.loti.role.discovered.v1 {mark}" in log.read_text()

        await until(heard)
        assert await child.stop(grace_seconds=30) == 0, child.last_lines()
    finally:
        child.kill()
    await _say_role(guarded, f"{mark}-2")
    lines = (await asyncio.to_thread(run, "lag", "--json")).output.splitlines()
    [mine] = [one for one in map(json.loads, lines) if one["group"] == f"loti.{name}" and one["behind"]]
    assert (mine["topic"], mine["members"]) == (ROLES.name, 0)
    assert mine["seconds"] >= 0
    listed = (await asyncio.to_thread(run, "subscriber", "list")).output
    assert f"{name}: loti.benchmarks.v1, loti.roles.v1" in listed
    assert (await asyncio.to_thread(run, "subscriber", "remove", name)).exit_code == 0
    assert (await asyncio.to_thread(run, "subscriber", "remove", name)).exit_code == 1
    assert name not in (await asyncio.to_thread(run, "subscriber", "list")).output


async def _say_role(guarded: Guarded, id_: str) -> None:
    producer = AIOKafkaProducer(**guarded.broker().client(), acks="all")
    await producer.start()
    try:
        event = RoleDiscovered(role=role(id_, 1, "Data engineer"))
        key, value, headers = encode(envelop(event, source="/test", time=datetime.now(UTC)))
        await producer.send_and_wait(ROLES.name, key=key, value=value, headers=headers)
    finally:
        await producer.stop()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("subscriber", "add", "x", "--topics", "contacts"), 2, "about people"),
        (("subscriber", "add", "x", "--topics", ","), 2, "name at least one topic"),
        (("subscriber", "add", "Not a name", "--topics", "roles"), 2, "lower-case"),
        (("subscriber", "add", "notify", "--topics", "roles"), 2, "part of the system"),
        (("subscriber", "rotate", "nobody-there"), 1, "nobody is called nobody-there"),
    ],
)
def test_what_is_refused(run: Any, words: tuple[str, ...], code: int, said: str) -> None:
    """In words, before anything is done."""
    done = run(*words)
    assert done.exit_code == code
    assert said in done.output


def test_without_the_right_password(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command ends with 1 and says who was not let in."""
    monkeypatch.setenv("LOTI_KAFKA_PASSWORD", "wrong")
    done = run("subscriber", "list")
    assert done.exit_code == 1
    assert "did not let admin in" in done.output
