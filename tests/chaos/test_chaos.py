"""The shorter run of `make chaos`: the whole system, one node, one replica each, under a dozen faults of every kind."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.schedule import KINDS

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("servers"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stops processes by /proc"),
]


async def test_whatever_is_broken_nothing_is_lost_doubled_out_of_order_or_stuck() -> None:
    """A dozen faults of every kind that this machine can make, while roles, matches, mails and pushes are under way; at the
    end every database, topic and mailbox holds exactly what the boards and the people said."""
    command = [sys.executable, "-m", "tests.chaos", "--json", "--seed", "7", "--replicas", "1"]
    command += ["--minutes", "0.6", "--faults", "20", "--longest", "11.5"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=1100
    )
    assert done.stdout, done.stderr[-6_000:]
    report = json.loads(done.stdout)
    assert report["clean"], f"{json.dumps(report, indent=1)}\n{done.stderr[-6_000:]}"
    assert done.returncode == 0
    assert sum(report["faults"].values()) + len(report["passed_over"]) == 12
    unmade = {line.partition(":")[0] for line in report["not_here"]}
    passed = {kind for kind in KINDS for line in report["passed_over"] if f" {kind} " in line}
    assert set(report["faults"]) | unmade | passed == set(KINDS)
    assert report["put_in"]["postings"] > 10
    assert report["put_in"]["statements"] > 10


def test_a_wish_that_cannot_be_is_told() -> None:
    """What there is to choose from, and status 2, before anything starts."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--kinds", "kill,flood"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no fault flood; there are kill, " in done.stderr
