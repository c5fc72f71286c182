"""The whole path, run as a user runs it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from loti_contracts.events import (
    BenchmarkUpdated,
    Envelope,
    Event,
    MatchAnswered,
    MessageParked,
    NotificationSent,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.salaries.benchmark import benchmark
from services.salaries.cells import cells_of
from services.salaries.observations import observe
from tests.path.running import ROOT, alive, descendants, running
from tests.servers import reachable_folder

pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("servers"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc"),
]

BY_PEOPLE = ("/loti/portal", "/loti/library")
"""What the sample people say; they say it again when they start again, under the same ids."""


async def test_once_counts_the_whole_path_and_a_second_start_goes_on() -> None:
    """`loti up --once --json`: the last line of stdout is one JSON object that counts what is on the topics and in the
    mailbox. Started again, it knows what it knew and says nothing twice; Ctrl-C leaves nothing behind."""
    with reachable_folder() as folder:
        counts = await asyncio.to_thread(_once, folder / "data")
        assert counts["sources"] >= 3
        assert counts["introductions"] >= 1
        assert counts["emails"] > counts["introductions"], "there are alerts, too"
        async with running(folder) as up:
            await up.quiet()
            heard = await up.heard()
            _in_order(heard)
            assert _counted(heard) == {name: counts[name] for name in _counted(heard)}
            assert len(await up.mails()) == counts["emails"]
            under = descendants(up.process.pid)
            assert len(under) > 8
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


def _once(data: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "up", "--once", "--json", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


async def test_any_process_killed_at_any_time_loses_and_doubles_nothing() -> None:
    """kill -9 of each process in turn, with roles, matches and mail under way; at the end every database, topic
    and mailbox holds exactly what the boards and the people said."""
    with reachable_folder() as folder:
        async with running(folder) as up:
            victims = (
                "ingest",
                "matching",
                "salaries",
                "notify",
                "webhooks",
                "kafka",
                "people",
                "postgres",
                "boards",
                "mailcatcher",
            )
            for number, name in enumerate(victims):
                pid = await _pid_of(up, name)
                os.kill(pid, signal.SIGKILL)
                await _is_back(up, name, pid)
                await up.change_board("hackney", {"add": [_advert(number)]})
                if number in (1, 4):
                    await up.change_board(
                        "hackney", {"replace": [{"id": "killed-0", "pay": f"£{50 + number},000"}]}
                    )
            await up.quiet()
            await _all_read(up, len(victims))
            await up.quiet()
            await _check(up)
            assert await up.stop() == 0


def _advert(number: int) -> dict[str, Any]:
    return {
        "id": f"killed-{number}",
        "title": "Senior Data Engineer",
        "employer": "London Borough of Hackney",
        "authority": "E09000012",
        "location": "Hackney",
        "pay": f"£{45 + number},000 - £{55 + number},000",
        "description": "You will keep the council's data flowing.",
    }


async def _pid_of(up: Any, name: str) -> int:
    async with asyncio.timeout(180):
        while name not in (found := up.processes()):
            await asyncio.sleep(0.1)
    return int(found[name])


async def _is_back(up: Any, name: str, former: int) -> None:
    async with asyncio.timeout(180):
        while up.processes().get(name, former) == former:
            await asyncio.sleep(0.1)
        while name == "boards" and not await _answers(up):
            await asyncio.sleep(0.1)


async def _answers(up: Any) -> bool:
    try:
        await up.change_board("hackney", {})
    except httpx2.HTTPError:
        return False
    return True


async def _all_read(up: Any, number: int) -> None:
    """The boards forget their changes when they are killed, so say what must be there again, and wait for it."""
    await up.change_board("hackney", {"reset": True, "add": [_advert(n) for n in range(number)]})
    async with asyncio.timeout(180):
        while True:
            rows = await up.rows(
                "ingest", "SELECT role FROM roles WHERE source = 'hackney' AND role->>'status' = 'open'"
            )
            pays = {json.loads(row["role"])["pay"]["minimum"] for row in rows if "Senior Data" in row["role"]}
            if pays == {(45 + n) * 1000_00 for n in range(number)}:
                return
            await asyncio.sleep(0.5)


async def _check(up: Any) -> None:
    heard: list[Envelope[Event]] = await up.heard()
    _in_order(heard)
    roles = {
        said.subject: said.event.role
        for said in heard
        if isinstance(said.event, (RoleDiscovered, RoleReadvertised, RoleChanged, RoleClosed))
    }
    await _ingest_said_what_it_knows(up, roles)
    await _benchmarks_are_a_recomputation(up, heard, roles)
    await _mails_are_once_each(up, heard, roles)


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


async def _ingest_said_what_it_knows(up: Any, roles: dict[str, Any]) -> None:
    rows = await up.rows("ingest", "SELECT id, role FROM roles")
    known = {row["id"]: json.loads(row["role"]) for row in rows}
    assert known == {id_: json.loads(role.model_dump_json()) for id_, role in roles.items()}


async def _benchmarks_are_a_recomputation(
    up: Any, heard: list[Envelope[Event]], roles: dict[str, Any]
) -> None:
    observations = [observe(role) for role in roles.values()]
    said = {one.subject: one.event.benchmark for one in heard if isinstance(one.event, BenchmarkUpdated)}
    wanted = {cell for observation in observations for cell in cells_of(observation)}
    assert wanted
    for cell in wanted:
        is_ = said[cell.id]
        assert is_ == benchmark(cell, observations, family=is_.family, revision=is_.revision)
    kept = {row["benchmark"] for row in await up.rows("salaries", "SELECT benchmark FROM benchmarks")}
    assert {json.dumps(json.loads(text), sort_keys=True) for text in kept} == {
        json.dumps(json.loads(one.model_dump_json()), sort_keys=True) for one in said.values()
    }


async def _mails_are_once_each(up: Any, heard: list[Envelope[Event]], roles: dict[str, Any]) -> None:
    accepted = {
        said.subject for said in heard if isinstance(said.event, MatchAnswered) and said.event.match.accepted
    }
    assert len(accepted) == 2
    told = Counter(
        (said.event.notification.kind, said.event.notification.id)
        for said in {one.id: one for one in heard if isinstance(one.event, NotificationSent)}.values()
    )
    assert set(told.values()) == {1}, "one notification, one event"
    assert sum(kind == "introduction" for kind, _ in told) == 4, "two introductions, both sides told"
    rows = await up.rows("notify", "SELECT kind, about, contact_id, withheld, mail_id FROM notification")
    assert len(told) == sum(row["withheld"] is None and row["mail_id"] is not None for row in rows)
    everything = {
        row["about"] for row in rows if (row["contact_id"], row["kind"]) == ("contact-loti", "new role")
    }
    assert everything == set(roles), "LOTI subscribed to every role"

    sent = await up.rows("notify", "SELECT status, doubts FROM mail")
    assert {row["status"] for row in sent} <= {"sent", "withheld"}
    doubts = sum(row["doubts"] for row in sent)
    mails = await up.mails()
    assert len(mails) == sum(row["status"] == "sent" for row in sent)
    extra = sum(mail["deliveries"] - 1 for mail in mails)
    assert extra <= doubts, "a mail came twice without having been in doubt"
