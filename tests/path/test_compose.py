"""docker-compose.yml, run for real: built, started, killed, stopped with its data kept, and started again.

It takes minutes, so it runs when LOTI_TEST_COMPOSE=1, on a project and ports of its own. What it leaves behind is its
images, tagged `test`, so that the next run need not build them again.
"""

import asyncio
import json
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

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


def _missing() -> str | None:
    """Why this cannot be run here."""
    if os.environ.get("LOTI_TEST_COMPOSE") != "1":
        return "takes minutes: set LOTI_TEST_COMPOSE=1 to run docker-compose.yml for real"
    if not _answers("docker", "info"):
        return "no Docker engine answers"
    if not any(_answers(*command, "version") for command in ENGINES):
        return "neither `docker compose` nor `docker-compose` is installed"
    return None


_WHY_NOT = _missing()
pytestmark = [
    pytest.mark.skipif(_WHY_NOT is not None, reason=str(_WHY_NOT)),
    pytest.mark.timeout(1800),
]


class Stack:
    """One project of docker-compose.yml on free ports."""

    def __init__(self) -> None:
        self.command = next(command for command in ENGINES if _answers(*command, "version"))
        self.project = f"loti-test-{secrets.token_hex(4)}"
        mail, boards, kafka, pages, events, portal = (free_port() for _ in range(6))
        self.mail, self.boards = f"http://127.0.0.1:{mail}", f"http://127.0.0.1:{boards}"
        self.kafka = f"127.0.0.1:{kafka}"
        self._environment = os.environ | {
            "LOTI_MAIL_PORT": str(mail),
            "LOTI_BOARDS_PORT": str(boards),
            "LOTI_KAFKA_PORT": str(kafka),
            "LOTI_PAGES_PORT": str(pages),
            "LOTI_EVENTS_PORT": str(events),
            "LOTI_PORTAL_PORT": str(portal),
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

    def kill(self, service: str) -> None:
        """SIGKILL to the process itself, as the kernel does: `docker kill` would count as a wish to stop."""
        process = self.inspect(service)["State"]["Pid"]
        other = ["--user", "0", "--pid", "host", "--entrypoint", "python", "talent-exchange/boards:test"]
        kill = f"import os; os.kill({process}, 9)"
        subprocess.run(["docker", "run", "--rm", *other, "-c", kill], check=True)

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


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The whole system, started from nothing and removed with its data."""
    stack = Stack()
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


async def test_the_path_runs(stack: Stack) -> None:
    """From nothing to an alert and an introduction by mail, each delivered once, with every health page green."""
    await until("an introduction", lambda: any("Introduction" in mail["subject"] for mail in stack.mails()))
    await settled(stack)
    mails = stack.mails()
    assert any(re.search(r"new roles?\b", mail["subject"]) for mail in mails)
    assert set(told(mails).values()) == {1}
    async with listening(stack) as story:
        assert len(story.roles) >= 10
        assert story.benchmarks
        assert any(match.status == "accepted" for match in story.matches.values())
    for name in SERVICES:
        found = stack.inspect(name)
        assert found["State"]["Health"]["Status"] == "healthy"
        assert found["Config"]["User"] == "10001:10001"
        assert stack.health(name)["dead_letters"] == 0


CONFINED = """
import os, pathlib, sys
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines() if ":" in line)
assert os.getuid() != 0, "root"
assert all(int(status[kind], 16) == 0 for kind in ("CapEff", "CapPrm", "CapBnd")), "a capability"
assert status["NoNewPrivs"].strip() == "1", "more rights can be gained"
for place in ("/", "/app", "/etc", "/usr/local/bin"):
    try:
        pathlib.Path(place, "written").write_text("x")
    except OSError:
        continue
    sys.exit(f"{place} can be written")
"""
STRANGERS = """
import asyncio, asyncpg, os
async def strangers():
    own = os.environ["LOTI_DATABASE"].partition("@")
    for other in os.environ["OTHERS"].split():
        try:
            await asyncpg.connect(own[0] + "@postgres/" + other)
        except asyncpg.InsufficientPrivilegeError:
            continue
        raise SystemExit(f"{other} was opened")
asyncio.run(strangers())
"""


async def test_nothing_in_a_container_can_do_more_than_its_work(stack: Stack) -> None:
    """Seen from within each service: not root, no capability, nothing of the image can be changed, and no database but
    its own is opened. The servers' containers are held as tightly."""
    for name in (*SERVICES, "boards", "mailcatcher"):
        stack.compose("exec", "-T", name, "python", "-c", CONFINED)
    for name in SERVICES:
        others = [f"loti_{each}" for each in SERVICES if each != name] + ["postgres", "template1"]
        stack.compose("exec", "-T", "-e", f"OTHERS={' '.join(others)}", name, "python", "-c", STRANGERS)
    for name in ("kafka", "postgres"):
        found = stack.inspect(name)
        assert found["Config"]["User"] in ("1000:1000", "postgres")
        assert found["HostConfig"]["ReadonlyRootfs"]
        assert found["HostConfig"]["CapDrop"] == ["ALL"]
        assert found["HostConfig"]["SecurityOpt"] == ["no-new-privileges:true"]


async def test_stopped_and_started_again_nothing_is_said_twice(stack: Stack) -> None:
    """`down` and `up` keep the data: no mail is missing, none is sent again, no role or match is made again."""
    await settled(stack)
    before = told(stack.mails())
    async with listening(stack) as story:
        roles, matches = set(story.roles), set(story.matches)
    stack.compose("down")
    stack.compose("up", "--detach")
    await settled(stack)
    await asyncio.sleep(10)  # two polls of every board
    await settled(stack)
    assert told(stack.mails()) == before
    async with listening(stack) as story:
        assert set(story.roles) == roles
        assert set(story.matches) == matches


@pytest.mark.parametrize("victim", [*SERVICES, "kafka", "postgres"])
async def test_killed_it_comes_back_and_loses_nothing(stack: Stack, victim: str) -> None:
    """After kill -9 the engine starts it again, and what was advertised meanwhile is one role and one mail each."""
    await settled(stack)
    before, restarts = told(stack.mails()), stack.inspect(victim)["RestartCount"]
    title = f"Senior Data Analyst {secrets.token_hex(3)}"
    await asyncio.to_thread(stack.kill, victim)
    stack.advertise(title)
    await until(f"{victim} is back", lambda: stack.inspect(victim)["RestartCount"] > restarts)
    await until(
        f"{victim} is healthy", lambda: stack.inspect(victim)["State"]["Health"]["Status"] == "healthy"
    )
    await until("the alert", lambda: len(stack.mails()) > len(before))
    await settled(stack)
    async with listening(stack) as story:
        assert [role.title for role in story.roles.values()].count(title) == 1
    after = told(stack.mails())
    assert {message: after[message] for message in before} == before
    fresh = [mail for mail in stack.mails() if mail["message_id"] not in before]
    assert all(title in mail["subject"] + mail["text"] for mail in fresh)
    assert set(told(fresh).values()) == {1}
    to = [address for mail in fresh for address in mail["to"]]
    assert len(to) == len(set(to))
    assert "digital.recruitment@hackney.example.org" in to
