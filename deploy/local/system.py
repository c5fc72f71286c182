"""The whole system on one machine: servers, sample boards, services and sample people, as children of this process."""

import asyncio
import fcntl
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import httpx2
import yaml

from deploy.local import ours
from deploy.local.first_answers import listed_boards, page_opens
from deploy.local.java import JarsUnavailable
from deploy.local.kafka import has_jars, start_kafka
from deploy.local.light_broker import start_light_broker
from deploy.local.postgres import PostgresServer, ensure_databases, start_postgres
from deploy.local.programs import Program
from deploy.local.server import Server, data_folder, remembered_port
from deploy.local.settings import SERVICES
from deploy.local.watching import keep_running

Say = Callable[[str], None]

_OTHERS_WAIT = 5.0
"""Seconds at most that the other services leave to the portal."""


class AlreadyRunning(RuntimeError):
    """Another process runs on the same data folder."""


@dataclass(eq=False)
class System:
    """Everything that runs. Start it, watch over it, stop it; `port` is the portal's."""

    data: Path
    say: Say
    port: int | None = None
    kafka: Server | None = None
    postgres: PostgresServer | None = None
    programs: list[Program] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    _lock: TextIO | None = None
    _kafka_port: int | None = None
    _databases: dict[str, str] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    async def start(self) -> None:
        """Start everything. Raises AlreadyRunning, StartFailed or KeepsDying, with nothing left behind.

        The two services that a person waits for load while Kafka does, and have the machine to themselves until a page
        can be opened.
        """
        self.data = data_folder(self.data)
        self._lock = _locked(self.data / "lock")
        self.addresses = dict(ours.addresses(self.data, self.port))
        self.programs = [
            ours.mail_catcher(self.data, self.addresses),
            ours.sample_boards(self.data, self.addresses),
        ]
        if has_jars():  # chosen once: asked for again when Kafka has it, it would be another
            self._kafka_port = remembered_port(data_folder(self.data / "kafka") / "port")
        self.say("Starting Kafka, PostgreSQL, the sample boards and the mail catcher ...")
        light = await self._start_servers()
        if "portal" in self._started:
            await page_opens(self.addresses["portal"], within=_OTHERS_WAIT)
        for name in SERVICES:
            if name not in self._started:
                await self._start_service(name, self._kafka.address, light=light)
        await self._start_program(ours.sample_people(self.data, self.addresses, self._kafka.address))
        self.say(f"Starting the services: {', '.join(SERVICES)} ...")

    async def _start_servers(self) -> bool:
        """All at once, with the first services; whether the broker is the light one. One that fails waits for the
        others, so that what did start can be stopped."""
        started = await asyncio.gather(
            self._start_broker(),
            self._start_first(),
            *(program.start() for program in self.programs),
            return_exceptions=True,
        )
        for result in started:
            if isinstance(result, BaseException):
                raise result
        assert self.kafka is not None and self.postgres is not None  # noqa: S101, PT018 - both just started
        self.say(f"{self.kafka.name} {self.kafka.address} · PostgreSQL {self.postgres.address}")
        return bool(started[0])

    async def _start_first(self) -> None:
        """PostgreSQL, and what a person waits for. Where Kafka has yet to be fetched, nobody knows which broker it will
        be: then all services come after it."""
        self.postgres = await start_postgres(self.data / "postgres", say=self.say)
        self._databases = await ensure_databases(self.postgres, SERVICES)
        kafka = f"127.0.0.1:{self._kafka_port}" if self._kafka_port else None
        if kafka:
            await self._start_service("portal", kafka)
        listed = await listed_boards(self.addresses["boards"], ours.log(self.data, "boards"))
        self._sources.write_text(yaml.safe_dump({"sources": listed}, allow_unicode=True), encoding="utf-8")
        if kafka:
            await self._start_service("ingest", kafka)

    async def _start_broker(self) -> bool:
        """Apache Kafka, or the light broker where its jars cannot be had; whether it is the light one."""
        try:
            self.kafka = await start_kafka(self.data / "kafka", port=self._kafka_port, say=self.say)
        except JarsUnavailable as error:
            self.say(f"Apache Kafka's jars cannot be had: {error}")
            self.kafka = await start_light_broker(self.data / "light-broker", say=self.say)
            return True
        return False

    async def _start_service(self, name: str, kafka: str, *, light: bool = False) -> None:
        self._started.add(name)
        await self._start_program(
            ours.service(
                self.data,
                self.addresses,
                name,
                kafka=kafka,
                database=self._databases[name],
                sources=self._sources,
                light=light,
            )
        )

    async def _start_program(self, program: Program) -> None:
        self.programs.append(program)
        await program.start()

    async def watch_over(self, stopping: asyncio.Event) -> None:
        """Start again whatever dies or does nothing, until `stopping`. Raises KeepsDying or StartFailed when that is no
        use."""
        servers = [server for server in (self.kafka, self.postgres) if server is not None]
        await keep_running(servers, self.programs, self.say, stopping)

    async def health(self) -> dict[str, dict[str, Any]]:
        """What each service's health page says; an empty object for one that does not answer."""

        async def one(client: httpx2.AsyncClient, program: Program) -> tuple[str, dict[str, Any]]:
            try:
                answer = await client.get(str(program.health))
                found: dict[str, Any] = answer.json()
            except (httpx2.HTTPError, json.JSONDecodeError):
                return program.name, {}
            return program.name, found

        async with httpx2.AsyncClient(timeout=2) as client:
            return dict(await asyncio.gather(*(one(client, p) for p in self.programs if p.health)))

    async def mails(self) -> Sequence[dict[str, Any]]:
        """What the mail catcher caught."""
        async with httpx2.AsyncClient(timeout=5) as client:
            caught: list[dict[str, Any]] = (await client.get(self.addresses["mail"] + "mails.json")).json()
            return caught

    async def stop(self) -> None:
        """Stop everything in good order: first who speaks, then who listens, then the servers."""
        await asyncio.gather(*(program.stop() for program in self.programs[2:]))
        await asyncio.gather(*(program.stop() for program in self.programs[:2]))
        await asyncio.gather(*(server.stop() for server in (self.kafka, self.postgres) if server is not None))
        if self._lock is not None:
            self._lock.close()

    @property
    def _kafka(self) -> Server:
        if self.kafka is None:
            raise RuntimeError("the broker is not started")
        return self.kafka

    @property
    def _sources(self) -> Path:
        return self.data / "sources.yaml"


def _locked(path: Path) -> TextIO:
    handle = path.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise AlreadyRunning(
            f"Talent Exchange runs already on {path.parent}. Stop it there, or give another --data folder."
        ) from error
    return handle
