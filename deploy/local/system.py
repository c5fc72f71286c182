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

from deploy.local.java import JarsUnavailable
from deploy.local.kafka import start_kafka
from deploy.local.light_broker import start_light_broker
from deploy.local.postgres import PostgresServer, ensure_databases, start_postgres
from deploy.local.programs import Program
from deploy.local.server import Server, data_folder, remembered_port
from deploy.local.settings import (
    SERVICES,
    environment,
    mail_settings,
    portal_settings,
    service_settings,
    webhook_settings,
)
from deploy.local.watching import keep_running

Say = Callable[[str], None]


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
    _stopping: bool = False

    async def start(self) -> None:
        """Start everything. Raises AlreadyRunning, StartFailed or KeepsDying, with nothing left behind."""
        self.data = data_folder(self.data)
        self._lock = _locked(self.data / "lock")
        mail, boards = await self._start_pages()
        self.say("Starting Kafka, PostgreSQL, the sample boards and the mail catcher ...")
        postgres, light = await self._start_servers(mail, boards)
        databases = await ensure_databases(postgres, SERVICES)
        sources = await self._learn_sources()
        for name in SERVICES:
            self.programs.append(self._service(name, databases[name], sources, light=light))
        self.programs.append(
            Program(
                "the sample people",
                "deploy.local.people",
                self._log("people"),
                ("--kafka", self._kafka.address, "--mails", self.addresses["mail"]),
                environment(),
            )
        )
        for program in self.programs[2:]:
            await program.start()
        self.say(f"Starting the services: {', '.join(SERVICES)} ...")

    async def _start_servers(self, mail: Program, boards: Program) -> tuple[PostgresServer, bool]:
        """All at once; whether the broker is the light one. One that fails waits for the others, so that what
        did start can be stopped."""
        started = await asyncio.gather(
            self._start_postgres(), self._start_broker(), mail.start(), boards.start(), return_exceptions=True
        )
        for result in started:
            if isinstance(result, BaseException):
                raise result
        assert self.kafka is not None and self.postgres is not None  # noqa: S101, PT018 - both just started
        self.say(f"{self.kafka.name} {self.kafka.address} · PostgreSQL {self.postgres.address}")
        return self.postgres, bool(started[1])

    async def _start_postgres(self) -> None:
        self.postgres = await start_postgres(self.data / "postgres", say=self.say)

    async def _start_pages(self) -> tuple[Program, Program]:
        smtp = remembered_port(self.data / "smtp-port")
        mail_port = remembered_port(self.data / "mail-port")
        boards_port = remembered_port(self.data / "boards-port")
        self.addresses = {
            "portal": f"http://127.0.0.1:{remembered_port(self.data / 'portal-pages-port', self.port)}/",
            "mail": f"http://127.0.0.1:{mail_port}/",
            "boards": f"http://127.0.0.1:{boards_port}/",
            "smtp": f"127.0.0.1:{smtp}",
            "pages": f"http://127.0.0.1:{remembered_port(self.data / 'notify-pages-port')}/",
        }
        mail = Program(
            "the mail catcher",
            "deploy.local.mailcatcher",
            self._log("mailcatcher"),
            ("--smtp-port", str(smtp), "--http-port", str(mail_port), "--data", str(self.data / "mails")),
            environment(),
        )
        boards = Program(
            "the sample boards",
            "deploy.local.boards",
            self._log("boards"),
            ("--port", str(boards_port)),
            environment(),
        )
        self.programs = [mail, boards]
        return mail, boards

    async def _start_broker(self) -> bool:
        """Apache Kafka, or the light broker where its jars cannot be had; whether it is the light one."""
        try:
            self.kafka = await start_kafka(self.data / "kafka", say=self.say)
        except JarsUnavailable as error:
            self.say(f"Apache Kafka's jars cannot be had: {error}")
            self.kafka = await start_light_broker(self.data / "light-broker", say=self.say)
            return True
        return False

    async def _learn_sources(self) -> Path:
        """Ask the sample boards what they are, and write the list that ingest reads."""
        url = self.addresses["boards"] + "sources.json"
        async with httpx2.AsyncClient(timeout=2) as client:
            for _ in range(150):
                try:
                    listed = (await client.get(url)).raise_for_status().json()
                    break
                except httpx2.HTTPError:
                    await asyncio.sleep(0.1)
            else:
                raise RuntimeError(f"the sample boards do not answer at {url}; see {self._log('boards')}")
        path = self.data / "sources.yaml"
        path.write_text(yaml.safe_dump({"sources": listed}, allow_unicode=True), encoding="utf-8")
        return path

    def _service(self, name: str, dsn: str, sources: Path, *, light: bool) -> Program:
        port = remembered_port(self.data / f"{name}-port")
        settings = service_settings(
            kafka=self._kafka.address,
            database=dsn,
            sources=sources,
            http_port=port,
        )
        if name == "notify":
            settings |= mail_settings(self.data, smtp=self.addresses["smtp"], pages=self.addresses["pages"])
        if name == "portal":
            settings |= portal_settings(
                self.data, smtp=self.addresses["smtp"], pages=self.addresses["portal"]
            )
        if name == "webhooks":
            settings |= webhook_settings(self.data, port=remembered_port(self.data / "events-port"))
        if light:
            settings["LOTI_MEMBER"] = f"{name}-1"
        return Program(
            name,
            f"services.{name}.app",
            self._log(name),
            environment=environment() | settings,
            health=f"http://127.0.0.1:{port}/health",
        )

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

    def _log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"


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
