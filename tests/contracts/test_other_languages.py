"""The examples for those who do not write Python, run against a real broker."""

import asyncio
import contextlib
import os
import secrets
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, Role, RoleDiscovered, encode, envelop
from tests.servers import Kafka

CONTRACTS = Path(__file__).parents[2] / "contracts"
pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(300)]


def _no_node() -> str | None:
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "Node.js is not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return (
        None if int(version.lstrip("v").split(".")[0]) >= 20 else f"Node.js 20 is needed, this is {version}"
    )


@pytest.fixture
async def title(kafka: Kafka) -> str:
    """The title of a role that was just said."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    title = f"Data engineer {secrets.token_hex(6)}"
    role = Role(
        id=f"role-{secrets.token_hex(6)}", revision=1, status="open", source="test", title=title, authorities=(),
        links=(), relevance="yes", confidence=1, why="a test", found_at=datetime.now(UTC),
    )  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    try:
        event = RoleDiscovered(role=role)
        key, value, headers = encode(envelop(event, source="/test", time=datetime.now(UTC)))
        await producer.send_and_wait(event.topic, key=key, value=value, headers=headers)
    finally:
        await producer.stop()
    return title


@pytest.mark.skipif(_no_node() is not None, reason=str(_no_node()))
async def test_typescript(kafka: Kafka, title: str, tmp_path: Path) -> None:
    """The committed types are those of the schemas; the subscriber compiles with them, and hears a role; started again in
    its group it does not hear it a second time."""
    for name in ("schemas", "subscribers/typescript"):
        leave = shutil.ignore_patterns("node_modules", "dist")
        shutil.copytree(CONTRACTS / name, tmp_path / name, ignore=leave)
    here = tmp_path / "subscribers" / "typescript"

    def npm(*words: str) -> None:
        done = subprocess.run(["npm", *words], cwd=here, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    committed = (here / "events.ts").read_text()
    await asyncio.to_thread(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    await asyncio.to_thread(npm, "run", "types")
    assert (here / "events.ts").read_text() == committed, (
        "run `npm run types` in contracts/subscribers/typescript"
    )
    await asyncio.to_thread(npm, "run", "build")
    told = {"LOTI_KAFKA": kafka.bootstrap, "LOTI_GROUP": f"ts-{secrets.token_hex(4)}"}
    assert await _heard(here, told, title)
    assert not await _heard(here, told, title, seconds=4)


async def _heard(here: Path, told: dict[str, str], title: str, *, seconds: float = 60) -> bool:
    """Whether the subscriber prints that title; it is stopped then, or after so long."""
    process = await asyncio.create_subprocess_exec(
        "node", "dist/subscriber.js", cwd=here, env=os.environ | told, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for line in process.stdout:
                    if title in line.decode():
                        await asyncio.sleep(0.5)  # what it does after the line: it commits
                        return True
        return False
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed")
async def test_kcat(kafka: Kafka, title: str) -> None:
    """The line of the README prints keys, headers and values from the start of the topic."""
    readme = (CONTRACTS / "README.md").read_text()
    [line] = [line for line in readme.splitlines() if line.startswith("kcat ")]
    words = line.replace("BROKER:9092", kafka.bootstrap)
    done: Any = await asyncio.to_thread(
        subprocess.run, ["bash", "-c", words], capture_output=True, text=True, check=True
    )
    [said] = [line for line in done.stdout.splitlines() if title in line]
    assert "ce_type=london.loti.role.discovered.v1" in said
