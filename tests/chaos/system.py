"""The whole system under faults: every service with its replicas, each behind ways of its own, supervised as an operator
would have it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.local.kafka_properties import Door
from deploy.local.postgres import PostgresServer, ensure_databases
from deploy.local.programs import Program
from deploy.local.server import Server, data_folder, free_port
from deploy.local.settings import SERVICES
from tests.chaos.addresses import Addresses
from tests.chaos.clocks import Clock
from tests.chaos.disk import Disk
from tests.chaos.proxy import Way
from tests.chaos.replicas import Surroundings, replica
from tests.chaos.servers import Say, boards, learn_sources, mailcatcher, start_database, start_nodes
from tests.chaos.supervising import Supervisor

MAILING = ("notify", "portal")
"""Services that send mail."""


@dataclass(eq=False)
class System:
    """Everything that runs. `disk` and `stepping` (the library that steps clocks) are None where the machine has none."""

    folder: Path
    say: Say
    nodes: int = 1
    replicas: int = 2
    disk: Disk | None = None
    stepping: Path | None = None
    things: dict[str, Server | Program] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    supervisor: Supervisor = field(init=False)
    around: Surroundings | None = None
    _pages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.things, self.say)

    async def start(self) -> Addresses:
        """Start everything. Raises StartFailed and the like; `stop` then ends what did start."""
        self.folder = data_folder(self.folder)
        ports = {name: free_port() for name in ("smtp", "mails", "boards", "notify", "portal")}
        self._pages = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        smtp = {name: await self.way(f"{name}~smtp", f"127.0.0.1:{ports['smtp']}") for name in MAILING}
        self.things["mailcatcher"] = mailcatcher(self.folder, smtp=ports["smtp"], http=ports["mails"])
        self.things["boards"] = boards(self.folder, port=ports["boards"])
        for name in ("mailcatcher", "boards"):
            await self.things[name].start()
        nodes, database = await asyncio.gather(
            start_nodes(self.folder / "kafka", nodes=self.nodes, doors=await self._doors(), say=self.say),
            start_database(self.folder / "postgres", disk=self.disk, say=self.say),
            return_exceptions=True,
        )
        if not isinstance(nodes, BaseException):
            self.things |= {f"kafka-{number}": node for number, node in enumerate(nodes, 1)}
        if not isinstance(database, BaseException):
            self.things["postgres"] = database
        for failed in (nodes, database):
            if isinstance(failed, BaseException):
                raise failed
        self.around = Surroundings(
            folder=self.folder,
            sources=await learn_sources(self._pages["boards"], self.folder),
            copies=min(3, self.nodes),
            kafka={
                service: ",".join(self.ways[f"{service}~kafka-{n}"].address for n in range(1, self.nodes + 1))
                for service in SERVICES
            },
            smtp=smtp,
            databases=await ensure_databases(self.postgres, SERVICES),
            pages=self._pages,
        )
        for service in SERVICES:
            for number in range(1, self.replicas + 1):
                await self.add(f"{service}-{number}", clocked=number == 1)
        return self.addresses()

    async def add(
        self, name: str, *, clocked: bool = False, more: Mapping[str, str] | None = None
    ) -> Program:
        """Start one more replica, behind a way to its database of its own. Its name begins with its service's and "-"."""
        assert self.around is not None, "the system is not started"
        if clocked and self.stepping is not None:
            self.clocks[name] = Clock(self.stepping, self.folder / f"{name}.clock")
            more = {**(more or {}), **self.clocks[name].environment}
        database = await self.way(f"{name}~postgres", self.postgres.address)
        program = replica(name, self.around, database=database, more=more)
        await program.start()
        self.things[name] = program
        return program

    async def remove(self, name: str) -> None:
        """Stop a replica in good order, for ever."""
        program = self.things.pop(name)
        assert isinstance(program, Program)
        await program.stop()
        await self.ways.pop(f"{name}~postgres").close()

    @property
    def postgres(self) -> PostgresServer:
        """The database server."""
        server = self.things["postgres"]
        assert isinstance(server, PostgresServer)
        return server

    def addresses(self) -> Addresses:
        """Where everything is, past the ways."""
        nodes = [
            one.address
            for name, one in self.things.items()
            if name.startswith("kafka-") and isinstance(one, Server)
        ]
        dsn = urlsplit(self.postgres.dsn)
        return Addresses(
            kafka=",".join(nodes),
            databases={name: urlunsplit(dsn._replace(path=f"/loti_{name}")) for name in SERVICES},
            boards=self._pages["boards"],
            mails=self._pages["mails"],
            portal=self._pages["portal"],
            health={
                name: one.health.removesuffix("/health")
                for name, one in self.things.items()
                if isinstance(one, Program) and one.health
            },
            folder=self.folder,
        )

    async def stop(self) -> None:
        """Stop everything in good order; killed, what does not end. Nothing is left running."""
        services = [one for one in self.things.values() if isinstance(one, Program) and one.health]
        others = [one for one in self.things.values() if one not in services]
        await asyncio.gather(*(one.stop() for one in services), return_exceptions=True)
        await asyncio.gather(*(one.stop() for one in others), return_exceptions=True)
        for one in self.things.values():
            if one.child is not None:
                one.child.kill()
        for way in self.ways.values():
            await way.close()

    async def _doors(self) -> Mapping[int, Sequence[Door]]:
        """For every node a door for each service, behind a way: who came in there is told to go on through the way."""
        found: dict[int, list[Door]] = {}
        for number in range(1, self.nodes + 1):
            for service in SERVICES:
                port = free_port()
                told = await self.way(f"{service}~kafka-{number}", f"127.0.0.1:{port}")
                found.setdefault(number, []).append(Door(service.upper(), port, told))
        return found

    async def way(self, name: str, target: str) -> str:
        """Open a way of that name to a server (host:port); where it is entered."""
        way = self.ways[name] = Way(name, target)
        await way.open()
        return way.address
