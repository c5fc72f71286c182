"""Sends malformed inputs over every boundary, and counts what came of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random
from typing import Final

from tests.malformed import messages, pages, readers
from tests.malformed.outcomes import WORDS, Boundary, Tally
from tests.malformed.sites import visits
from tests.malformed.worlds import hearing
from tests.servers import Postgres

_TURN: Final = 20


@contextlib.asynccontextmanager
async def boundaries(postgres: Postgres) -> AsyncIterator[list[Boundary]]:
    """All of them, until the block ends."""
    async with hearing(postgres) as services, visits(postgres) as sites:
        yield [*messages.boundaries(services), *readers.boundaries(), *pages.boundaries(sites)]


async def send(all_: list[Boundary], *, inputs: int, seed: int) -> dict[str, Tally]:
    """So many inputs in all, by the boundaries' shares; what came of them by boundary."""
    shares = sum(one.share for one in all_)
    found = {}
    for one in all_:
        tally = found[one.name] = Tally()
        chance = Random(f"{seed} {one.name}")
        for number in range(-(-inputs * one.share // shares)):
            tally.add(*await one.send(chance))
            if number % _TURN == 0:
                await asyncio.sleep(0)  # sites have work of their own
    return found


def table(found: dict[str, Tally]) -> str:
    """What came of them, for people."""
    rows = [f"{'':34}" + "".join(f"{word:>13}" for word in WORDS)]
    rows += [f"{name:34}" + "".join(f"{one.counts[w]:13,}" for w in WORDS) for name, one in found.items()]
    total = {word: sum(one.counts[word] for one in found.values()) for word in WORDS}
    rows.append(f"{sum(total.values()):<34,}" + "".join(f"{total[word]:13,}" for word in WORDS))
    return "\n".join([*rows, *(f"{name}: {one}" for name, tally in found.items() for one in tally.examples)])


def bad(found: dict[str, Tally]) -> int:
    """How many crashed, or were parked by an error that nobody thought of."""
    return sum(one.counts["crashed"] + one.counts["unexpected"] for one in found.values())
