"""A `loti up` of a test's own, looked at from outside as a user would: its pages, its databases, its processes."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.children import Child, spawn
from deploy.local.people import LEFT_OPEN
from deploy.local.settings import SERVICES
from loti_contracts.events import TOPICS, Envelope, Event, NotReadable, decode

ROOT = Path(__file__).parents[2]


@dataclass
class Up:
    """The process and its data folder."""

    process: Child
    data: Path

    def port(self, name: str) -> int:
        return int((self.data / name).read_text())

    @property
    def mails_url(self) -> str:
        return f"http://127.0.0.1:{self.port('mail-port')}/mails.json"

    @property
    def boards_url(self) -> str:
        return f"http://127.0.0.1:{self.port('boards-port')}"

    def output(self) -> str:
        return (self.data.parent / "up.log").read_text()

    def processes(self) -> dict[str, int]:
        """What runs under it, by the last word that names it, with its process id."""
        found = {}
        for pid in _descendants(self.process.pid):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                for name in (*SERVICES, "people", "boards", "mailcatcher"):
                    if any(word in (f"services.{name}.app", f"deploy.local.{name}") for word in words):
                        found[name] = pid
                if "kafka.Kafka" in words:
                    found["kafka"] = pid
                if words[0].endswith("/postgres") and "-D" in words:
                    found["postgres"] = pid
        return found

    async def health(self) -> dict[str, Any]:
        """Each service's health page; a service that does not answer is missing."""
        found = {}
        async with httpx2.AsyncClient(timeout=2) as client:
            for name in SERVICES:
                with contextlib.suppress(httpx2.HTTPError, OSError, ValueError):
                    url = f"http://127.0.0.1:{self.port(f'{name}-port')}/health"
                    found[name] = (await client.get(url)).json()
        return found

    async def mails(self) -> list[dict[str, Any]]:
        async with httpx2.AsyncClient(timeout=30) as client:
            caught: list[dict[str, Any]] = (await client.get(self.mails_url)).json()
            return caught

    async def change_board(self, board: str, change: dict[str, Any]) -> None:
        async with httpx2.AsyncClient(timeout=5) as client:
            answer = await client.put(f"{self.boards_url}/control/{board}", json=change)
            assert answer.status_code == 204, answer.text

    async def rows(self, service: str, query: str) -> list[Any]:
        """What a query gives in a service's database."""
        passwords = json.loads((self.data / "postgres" / "passwords.json").read_text())
        connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.port("postgres/port"),
            user="postgres",
            password=passwords["postgres"],
            database=f"loti_{service}",
        )
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def heard(self) -> list[Envelope[Event]]:
        """Every event on every topic, each topic's partitions in order."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=f"127.0.0.1:{self.port('kafka/port')}",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        found: list[Envelope[Event]] = []
        try:
            await consumer.start()
            places = [TopicPartition(t.name, n) for t in TOPICS for n in range(t.partitions)]
            consumer.assign(places)
            await consumer.seek_to_beginning()
            ends = await consumer.end_offsets(places)
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        with contextlib.suppress(NotReadable):
                            said = decode(record.key, record.value, record.headers)
                            if isinstance(said, Envelope):
                                found.append(said)
        finally:
            await consumer.stop()
        return found

    async def quiet(self, *, seconds: float = 240.0) -> None:
        """Wait until every board was read, the sample people have answered and said yes, nothing is to be published, handled
        or sent, and it stays so."""
        try:
            async with asyncio.timeout(seconds):
                calm = 0
                while calm < 4:
                    calm = calm + 1 if await self._is_quiet() else 0
                    await asyncio.sleep(0.4)
        except TimeoutError as error:
            matches = await self.rows("matching", "SELECT id, status, state FROM matches")
            raise AssertionError(
                f"not quiet after {seconds:g} s: {await self.health()}; matches {matches}; {self.output()[-6_000:]}"
            ) from error

    async def _is_quiet(self) -> bool:
        health = await self.health()
        if len(health) < len(SERVICES) or not all(found["healthy"] for found in health.values()):
            return False
        ingest, notify = health["ingest"]["ingest"], health["notify"]["notify"]
        query = (
            f"SELECT FROM matches WHERE status = 'proposed' AND NOT starts_with(request_id, '{LEFT_OPEN}')"
        )
        open_ = await self.rows("matching", query)
        answered = await self.rows("matching", "SELECT FROM matches")
        query = "SELECT FROM drafts WHERE status = 'waiting' AND origin = 'contributed'"
        offered = await self.rows("library", query)
        return bool(
            answered
            and not open_
            and not offered
            and ingest["sources"]
            and ingest["read_whole"] == ingest["sources"]
            and not ingest["failing"]
            and not any(found["outbox"]["depth"] for found in health.values())
            and not any(found["consumer"]["lag"] for found in health.values() if "consumer" in found)
            and not notify["due"]
            and not notify["sending"]
            and not notify["asked"]
        )

    async def stop(self) -> int:
        """Ctrl-C, and its exit status."""
        return await self.process.stop(signal.SIGINT, grace_seconds=60)


@contextlib.asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Up]:
    """`loti up` on a data folder under `folder`; killed, if the test did not stop it."""
    data = folder / "data"
    command = [sys.executable, "-m", "deploy.cli", "up", "--data", data]
    process = await spawn("loti up", command, log=folder / "up.log", cwd=ROOT, orphaned=signal.SIGTERM)
    up = Up(process, data)
    try:
        async with asyncio.timeout(150):
            while "Sample boards:" not in up.output():
                assert process.returncode is None, up.output()
                await asyncio.sleep(0.1)
        yield up
    finally:
        process.kill()


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def descendants(pid: int) -> set[int]:
    """Process ids of everything that runs under a process."""
    return set(_descendants(pid))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
