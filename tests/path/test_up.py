"""The whole path, run as a user runs it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from loti_contracts.events import (
    BenchmarkUpdated,
    Envelope,
    Event,
    MessageParked,
    NotificationSent,
)
from tests.path.running import ROOT, alive, descendants, running
from tests.security import secrets_search, using_secrets
from tests.servers import reachable_folder

pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("servers"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

BY_PEOPLE = ("/loti/portal", "/loti/library")
"""What the sample people say; they say it again when they start again, under the same ids."""


# A client that connects while the broker is being killed leaves its socket to the garbage collector (aiokafka).
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*(_SelectorTransport|socket):pytest.PytestUnraisableExceptionWarning"
)
async def test_once_counts_the_whole_path_and_a_second_start_goes_on() -> None:
    """`loti up --once --json`: the last line of stdout is one JSON object that counts what is on the topics and in the
    mailbox; each alert about a role is in one trace with the poll that found it (LOTI_TRACES). Started again, it knows what it knew and says nothing twice, nor when servers and services are killed, which are
    started again; what it wrote holds no secret, and no address where none may be; Ctrl-C leaves nothing behind."""
    with reachable_folder() as folder:
        (folder / "traces").mkdir()
        counts = await asyncio.to_thread(_once, folder / "data", folder / "traces")
        _hang_together(folder / "traces")
        assert counts["sources"] >= 3
        assert counts["introductions"] >= 1
        assert counts["emails"] > counts["introductions"], "there are alerts, too"
        async with running(folder) as up:
            await up.quiet()
            heard = await up.heard()
            _in_order(heard)
            assert _counted(heard) == {name: counts[name] for name in _counted(heard)}
            assert len(await up.mails()) == counts["emails"]
            await _kill_and_await(up, "kafka", "postgres", "mailcatcher", "people", "notify")
            await up.quiet()
            assert _counted(await up.heard()) == {name: counts[name] for name in _counted(heard)}
            assert len(await up.mails()) == counts["emails"]
            under = descendants(up.process.pid)
            assert len(under) > 8
            shown = await using_secrets.used(up)
            everywhere = using_secrets.addresses_of(up)
            known = await secrets_search.known_to(everywhere, shown)
            assert await secrets_search.search(everywhere, known, processes=under) == []
            assert await up.stop() == 0
            assert not [pid for pid in under if alive(pid)]


def _counted(heard: list[Envelope[Event]]) -> dict[str, int]:
    """The same counts, from the events."""
    newest = {(said.event.topic, said.subject): said.event for said in heard}
    roles = [event.role for event in newest.values() if hasattr(event, "role")]
    matches = [event.match for event in newest.values() if hasattr(event, "match")]
    return {
        "roles": len(roles),
        "boards_with_roles": len({role.source for role in roles}),
        "benchmarks": sum(isinstance(event, BenchmarkUpdated) for event in newest.values()),
        "matches": len(matches),
        "introductions": sum(match.status == "accepted" for match in matches),
        "alerts": sum(isinstance(event, NotificationSent) for event in newest.values()),
        "dead_letters": sum(isinstance(event, MessageParked) for event in newest.values()),
    }


def _hang_together(traces: Path) -> None:
    """From every mail the way up leads through the services and over Kafka to where its trace begins: mails about roles to
    a poll of a board, and each role was in its trace."""
    lines = [line for file in traces.iterdir() for line in file.read_text().splitlines()]
    spans = {(span["trace"], span["span"]): span for span in map(json.loads, lines)}
    polls = 0
    for mail in (span for span in spans.values() if span["name"] == "mail"):
        way = [mail]
        while (above := spans.get((mail["trace"], way[-1]["parent"]))) is not None:
            assert above["began"] <= way[-1]["began"]
            way.append(above)
        if way[-1]["name"] == "poll":
            polls += 1
            names = [(span["service"], span["name"]) for span in reversed(way)]
            assert names[:2] == [("ingest", "poll"), ("ingest", "send loti.roles.v1")]
            assert names[-2][0] == "notify"
            assert names[-2][1].startswith("process ")
    assert polls > 10, "alerts about roles begin with a poll"
    assert {"compose", "publish", "fetch", "extract", "conclude"} <= {span["name"] for span in spans.values()}


def _once(data: Path, traces: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "up", "--once", "--json", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=ROOT,
        env=os.environ | {"LOTI_TRACES": str(traces)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


async def _kill_and_await(up: Any, *names: str) -> None:
    """kill -9, all at once, and wait until each was started again."""
    pids = {name: await _pid_of(up, name) for name in names}
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    for name, pid in pids.items():
        await _is_back(up, name, pid)


async def _pid_of(up: Any, name: str) -> int:
    async with asyncio.timeout(180):
        while name not in (found := up.processes()):
            await asyncio.sleep(0.1)
    return int(found[name])


async def _is_back(up: Any, name: str, former: int) -> None:
    async with asyncio.timeout(180):
        while up.processes().get(name, former) == former:
            await asyncio.sleep(0.1)


def _in_order(heard: list[Envelope[Event]]) -> None:
    """Of each thing, every revision was said, in rising order; what was said twice has the same id."""
    first_ids: dict[tuple[str, str, int], str] = {}
    highest: dict[tuple[str, str], int] = {}
    for said in heard:
        if said.source in BY_PEOPLE:
            continue
        place, revision = (said.event.topic, said.subject), said.event.state.revision
        assert first_ids.setdefault((*place, revision), said.id) == said.id, "one revision, two events"
        if revision > highest.get(place, 0):
            assert revision == highest.get(place, 0) + 1, f"{place} lost a revision before {revision}"
            highest[place] = revision
