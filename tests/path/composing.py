"""docker-compose.yml as a test drives it: a project on free ports, and what can be seen of it from outside."""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from deploy.local.server import free_port
from deploy.local.settings import SERVICES
from deploy.local.story import Story

REPOSITORY = Path(__file__).parents[2]
ENGINES = (["docker", "compose"], ["docker-compose"])
ASK = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8080/health').read().decode())"


def _answers(*command: str) -> bool:
    return (
        shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0
    )


def missing() -> str | None:
    """Why this cannot be run here."""
    if os.environ.get("LOTI_TEST_COMPOSE") != "1":
        return "takes minutes: set LOTI_TEST_COMPOSE=1 to run docker-compose.yml for real"
    if not _answers("docker", "info"):
        return "no Docker engine answers"
    if not any(_answers(*command, "version") for command in ENGINES):
        return "neither `docker compose` nor `docker-compose` is installed"
    return None


class Stack:
    """One project of docker-compose.yml on free ports."""

    def __init__(self, *files: str) -> None:
        found = next(command for command in ENGINES if _answers(*command, "version"))
        self.command = [*found, *(word for file in files for word in ("--file", file))]
        self.project = f"loti-test-{secrets.token_hex(4)}"
        mail, boards, kafka, pages, events, portal, prometheus = (free_port() for _ in range(7))
        self.mail, self.boards = f"http://127.0.0.1:{mail}", f"http://127.0.0.1:{boards}"
        self.kafka, self.prometheus = f"127.0.0.1:{kafka}", f"http://127.0.0.1:{prometheus}"
        self._environment = os.environ | {
            "LOTI_MAIL_PORT": str(mail),
            "LOTI_BOARDS_PORT": str(boards),
            "LOTI_KAFKA_PORT": str(kafka),
            "LOTI_PAGES_PORT": str(pages),
            "LOTI_EVENTS_PORT": str(events),
            "LOTI_PORTAL_PORT": str(portal),
            "LOTI_PROMETHEUS_PORT": str(prometheus),
            "LOTI_TAG": "test",
        }

    def compose(self, *arguments: str) -> str:
        """Run a compose command; its output. Fails the test with the command's own words."""
        done = subprocess.run(
            [*self.command, "--project-name", self.project, *arguments],
            cwd=REPOSITORY,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout[-4000:]}"
        return done.stdout

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        container = self.compose("ps", "--quiet", service).split()[-1]
        found: dict[str, Any] = json.loads(subprocess.check_output(["docker", "inspect", container]))[0]
        return found

    def kill(self, service: str, signal: int = 9) -> None:
        """SIGKILL to the process itself, as the kernel does: `docker kill` would count as a wish to stop. Where a small first
        process passes signals on, it is its child."""
        process = self._process(self.inspect(service))
        other = ["--user", "0", "--pid", "host", "--entrypoint", "python", "talent-exchange/boards:test"]
        kill = f"import os; os.kill({process}, {signal})"
        subprocess.run(["docker", "run", "--rm", *other, "-c", kill], check=True)

    def _process(self, container: dict[str, Any]) -> int:
        """The process id of what a container runs, on this machine."""
        said = subprocess.check_output(["docker", "top", container["Id"], "-eo", "pid,args"], text=True)
        found = {int(line.split()[0]): line for line in said.splitlines()[1:]}
        first: int = container["State"]["Pid"]
        return sorted(found)[1] if "docker-init" in found[first] else first

    def health(self, service: str) -> dict[str, Any]:
        """The health page of a service; empty while it does not answer well."""
        asked = [*self.command, "--project-name", self.project, "exec", "-T", service, "python", "-c", ASK]
        done = subprocess.run(asked, cwd=REPOSITORY, env=self._environment, capture_output=True, text=True)
        found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        return found

    def mails(self) -> list[dict[str, Any]]:
        """What the mail catcher caught."""
        caught: list[dict[str, Any]] = httpx2.get(f"{self.mail}/mails.json", timeout=10).json()
        return caught

    def advertise(self, title: str) -> None:
        """A new advert on Hackney's board, of a kind that Hackney's contact has subscribed to."""
        advert = {
            "id": title.lower().replace(" ", "-"),
            "title": title,
            "employer": "London Borough of Hackney",
            "authority": "E09000012",
            "location": "Hackney",
            "description": "You will answer the council's questions with data.",
        }
        httpx2.put(f"{self.boards}/control/hackney", json={"add": [advert]}, timeout=10).raise_for_status()


@contextmanager
def started(*files: str) -> Iterator[Stack]:
    """Everything, started from nothing and removed with its data."""
    stack = Stack(*files)
    try:
        stack.compose("up", "--build", "--detach")
        yield stack
    finally:
        stack.compose("down", "--volumes", "--timeout", "5")


async def until(what: str, holds: Callable[[], bool], *, seconds: float = 180) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(0.5)


def open_ends(stack: Stack) -> Sequence[str]:
    """What is still under way."""
    health = {name: stack.health(name) for name in SERVICES}
    if unwell := [name for name, found in health.items() if not found.get("healthy")]:
        return unwell
    ingest, notify = health["ingest"]["ingest"], health["notify"]["notify"]
    return [
        *(["boards to read"] if ingest["read_whole"] < ingest["sources"] or not ingest["sources"] else []),
        *(["mails to send"] if notify["due"] or notify["sending"] else []),
        *(f"{name}'s outbox" for name, found in health.items() if found["outbox"]["depth"]),
        *(f"{name}'s lag" for name, found in health.items() if found.get("consumer", {}).get("lag")),
    ]


async def settled(stack: Stack) -> None:
    """Wait until nothing is under way, three times in a row."""
    quiet = 0
    deadline = time.monotonic() + 240
    while quiet < 3:
        pending = await asyncio.to_thread(open_ends, stack)
        assert time.monotonic() < deadline, f"never settled: {pending}"
        quiet = 0 if pending else quiet + 1
        await asyncio.sleep(1)


@asynccontextmanager
async def listening(stack: Stack) -> AsyncIterator[Story]:
    """All that is on the public topics, read from outside through the published port."""
    story, stopping = Story(since=datetime.now(UTC), tell=lambda _: None), asyncio.Event()
    following = asyncio.create_task(story.follow(stack.kafka, stopping))
    try:
        heard = -1
        while story.heard != heard or heard <= 0:
            heard = story.heard
            await asyncio.sleep(3)
        yield story
    finally:
        stopping.set()
        await following


def told(mails: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How often each mail was delivered, by its Message-ID."""
    return {mail["message_id"]: mail["deliveries"] for mail in mails}
