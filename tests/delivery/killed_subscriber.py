"""An outside subscriber that is killed again and again, and what it missed or did twice.

    python -m tests.delivery.killed_subscriber --kills 50 --way faststream

Events flow at a steady rate while `kill -9` comes at random moments; at the end each event's effect is counted.
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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.children import spawn
from tests.delivery.counting import effects, publish, request
from tests.servers import run_kafka, run_postgres

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Counted:
    """What came of it. `in_hand` counts the kills that came while events were being handled."""

    way: str
    kills: int
    in_hand: int
    events: int
    missed: int
    repeated: int


async def killed_subscriber(
    *, kafka: Any, postgres: Any, way: str, kills: int, seed: int, folder: Path, each: int = 40
) -> Counted:
    """Kill it `kills` times, with `each` new events a life; then let it finish, and count."""
    topic, dsn = await kafka.create_topic(), await postgres.create_database()
    chance = random.Random(seed)
    told = {"BROKER": kafka.bootstrap, "DSN": dsn, "TOPIC": topic, "WAY": way,
            "SERVICE": f"subscriber-{secrets.token_hex(4)}"}  # fmt: skip
    environment = dict(os.environ) | {f"LOTI_TEST_{name}": text for name, text in told.items()}
    said: list[str] = []
    in_hand = 0

    async def life(*, last: bool) -> int:
        child = await spawn("subscriber", [sys.executable, "-m", "tests.delivery.subscribing"],
                            env=environment, log=folder / "subscriber.log", cwd=ROOT)  # fmt: skip
        try:
            new = [request(len(said) + n) for n in range(each)]
            said.extend(envelope.id for envelope in new)
            before = len(await effects(dsn))
            await publish(kafka.bootstrap, topic, new)
            async with asyncio.timeout(120):
                while len(there := await effects(dsn)) < (
                    len(said) if last else before + chance.randint(1, each)
                ):
                    await asyncio.sleep(0.02)
                    if child.returncode is not None:
                        raise RuntimeError(f"the subscriber ended by itself: {child.last_lines()}")
            await asyncio.sleep(chance.random() * 0.05)
            return len(said) - len(there)
        finally:
            child.kill()
            await child.wait(10)

    for _ in range(kills):
        in_hand += bool(await life(last=False))
    await life(last=True)
    times = await effects(dsn)
    return Counted(
        way=way,
        kills=kills,
        in_hand=in_hand,
        events=len(said),
        missed=len(set(said) - set(times)),
        repeated=sum(count > 1 for count in times.values()),
    )


def _main(way: str, kills: int, seed: int) -> Counted:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka, postgres = stack.enter_context(run_kafka(print)), stack.enter_context(run_postgres(print))
        return asyncio.run(
            killed_subscriber(kafka=kafka, postgres=postgres, way=way, kills=kills, seed=seed, folder=folder)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--way", choices=("faststream", "plain"), default="faststream")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(asdict(_main(given.way, given.kills, given.seed))))  # noqa: T201
