"""docker-compose.yml, run for real: built, started, killed, frozen, stopped with its data kept, and started again.

It takes minutes, so it runs when LOTI_TEST_COMPOSE=1, on a project and ports of its own. What it leaves behind is its
images, tagged `test`, so that the next run need not build them again.
"""

import asyncio
import re
import secrets
from collections.abc import Iterator

import httpx2
import pytest

from deploy.compose.healthy import PATIENCE
from deploy.local.settings import SERVICES
from tests.path.composing import Stack, listening, missing, settled, started, told, until

_WHY_NOT = missing()
pytestmark = [
    pytest.mark.skipif(_WHY_NOT is not None, reason=str(_WHY_NOT)),
    pytest.mark.timeout(1800),
]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The whole system, started from nothing and removed with its data."""
    with started() as found:
        yield found


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


def test_the_steps_before_a_service_have_ended_well(stack: Stack) -> None:
    """Databases were made, and each service's migrations and topics: once, by steps that ended with 0."""
    for step in ("databases", *(f"prepare-{name}" for name in SERVICES)):
        state = stack.inspect(step)["State"]
        assert (state["Status"], state["ExitCode"]) == ("exited", 0), step


def test_an_image_holds_its_service_and_no_other(stack: Stack) -> None:
    """Of the services only its own, none of the others' libraries (scipy is matching's), no pip, and no command that needs more."""
    look = "import importlib.util as u, os, sys; print(*sorted(os.listdir(next(iter(__import__('services').__path__)))), u.find_spec('scipy') is not None, u.find_spec('pip') is not None, os.path.exists('/app/bin/loti'))"
    for name in SERVICES:
        said = stack.compose("exec", "-T", name, "python", "-c", look).split()
        assert said == [name, str(name == "matching"), "False", "False"], name


async def test_prometheus_measures_every_service(stack: Stack) -> None:
    """The profile `observability`: every service is a target that answers, and the alerts are loaded."""
    stack.compose("--profile", "observability", "up", "--build", "--detach", "prometheus")

    def up() -> set[str]:
        try:
            answer = httpx2.get(f"{stack.prometheus}/api/v1/query", params={"query": "up == 1"}, timeout=10)
        except httpx2.HTTPError:
            return set()
        return {one["metric"].get("service", "") for one in answer.json()["data"]["result"]}

    await until("every target is up", lambda: up() == set(SERVICES))
    rules = httpx2.get(f"{stack.prometheus}/api/v1/rules", timeout=10).json()["data"]["groups"]
    assert sum(len(group["rules"]) for group in rules) >= 5
    assert stack.inspect("prometheus")["HostConfig"]["ReadonlyRootfs"]


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


async def test_frozen_it_is_started_again(stack: Stack) -> None:
    """Stopped in its tracks a service answers nothing and does not end; after some it is ended and started again."""
    await settled(stack)
    restarts = stack.inspect("salaries")["RestartCount"]
    await asyncio.to_thread(stack.kill, "salaries", 19)
    await until(
        "salaries is started again",
        lambda: stack.inspect("salaries")["RestartCount"] > restarts,
        seconds=PATIENCE + 120,
    )
    await settled(stack)
