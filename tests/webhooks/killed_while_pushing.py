"""The service is killed again and again while it pushes; then what a receiver has got is counted.

    python -m tests.webhooks.killed_while_pushing --kills 50

Events flow through a real Kafka while `kill -9` comes at random moments; the receiver verifies every signature.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.children import Child, spawn
from loti_contracts.events import Envelope, Event
from tests.databases import bring_up_to_date, connected
from tests.delivery.counting import publish, request
from tests.servers import run_kafka, run_postgres
from tests.webhooks.hearing import KEYS, endpoint
from tests.webhooks.receiver import OK, Receiver, Taken

ROOT = Path(__file__).parents[2]
_STATES = 2


@dataclass(frozen=True)
class Counted:
    """What came of it. `in_hand` counts the kills that came while requests were being answered, `again` the events
    that came more than once (each with its own id, as at least once allows), `overtaken` the states that came for the
    first time after a later one of their thing."""

    kills: int
    in_hand: int
    events: int
    missed: int
    again: int
    overtaken: int
    forged: int
    strangers: int


async def killed_while_pushing(
    *, kafka: Any, postgres: Any, kills: int, seed: int, folder: Path, each: int = 30
) -> Counted:
    """Kill it `kills` times, with `each` new things of two states a life; then let it finish, and count."""
    topic, dsn = await kafka.create_topic(), await postgres.create_database()
    chance = random.Random(seed)
    environment = dict(os.environ) | {
        "LOTI_TEST_TOPIC": topic,
        "LOTI_TEST_SERVICE": f"webhooks-{secrets.token_hex(4)}",
        "LOTI_KAFKA": kafka.bootstrap,
        "LOTI_DATABASE": dsn,
        "LOTI_MEMBER": "one",
        "LOTI_BATCH_SIZE": "10",
        "LOTI_ALLOW_PRIVATE": "true",
        "LOTI_ALLOW_HTTP": "true",
        "LOTI_WEBHOOK_KEYS": KEYS,
        "LOTI_LOG_LEVEL": "WARNING",
    }
    said: list[Envelope[Event]] = []
    busy = 0

    async def thinking(taken: Taken, writer: asyncio.StreamWriter) -> None:
        nonlocal busy
        busy += 1
        try:
            await asyncio.sleep(chance.random() * 0.01)
            await OK(taken, writer)
        finally:
            busy -= 1

    async with Receiver(reply=thinking).open() as receiver, connected(dsn) as db:
        await bring_up_to_date("webhooks", db)
        await endpoint(db, receiver)
        in_hand = 0
        for life in range(kills + 1):
            child = await spawn("webhooks", [sys.executable, "-m", "tests.webhooks.pushing_process"],
                                env=environment, log=folder / "webhooks.log", cwd=ROOT)  # fmt: skip
            try:
                first = life * each
                new = [request(first + n, revision=r + 1) for r in range(_STATES) for n in range(each)]
                before = len(receiver.taken)
                said.extend(new)
                await publish(kafka.bootstrap, topic, new)
                if life == kills:
                    await _until(receiver, child, all_of={one.id for one in said})
                else:
                    await _until(receiver, child, many=before + chance.randint(1, each))
                    await asyncio.sleep(chance.random() * 0.02)
                    in_hand += busy > 0
            finally:
                child.kill()
                await child.wait(10)
        return _counted(said, receiver, kills=kills, in_hand=in_hand)


async def _until(receiver: Receiver, child: Child, *, many: int = 0, all_of: Set[str] = frozenset()) -> None:
    async with asyncio.timeout(120):
        while len(receiver.taken) < many or not all_of <= {one.id for one in receiver.taken}:
            await asyncio.sleep(0.005)
            if child.returncode is not None:
                raise RuntimeError(f"the service ended by itself: {child.last_lines()}")


def _counted(said: list[Envelope[Event]], receiver: Receiver, *, kills: int, in_hand: int) -> Counted:
    times = Counter(one.id for one in receiver.taken)
    ids = {one.id for one in said}
    newest: Counter[str] = Counter()
    seen: set[str] = set()
    overtaken = 0
    for one in receiver.taken:
        subject = one.event["subject"]
        overtaken += one.id not in seen and one.revision < newest[subject]
        newest[subject] = max(newest[subject], one.revision)
        seen.add(one.id)
    return Counted(
        kills=kills,
        in_hand=in_hand,
        events=len(said),
        missed=len(ids - set(times)),
        again=sum(count > 1 for count in times.values()),
        overtaken=overtaken,
        forged=receiver.forged,
        strangers=len(set(times) - ids),
    )


def _main(kills: int, seed: int) -> Counted:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka, postgres = stack.enter_context(run_kafka(print)), stack.enter_context(run_postgres(print))
        return asyncio.run(
            killed_while_pushing(kafka=kafka, postgres=postgres, kills=kills, seed=seed, folder=folder)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(asdict(_main(given.kills, given.seed))))  # noqa: T201
