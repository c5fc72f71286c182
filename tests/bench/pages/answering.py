"""Every kind of page of the portal, with 1,000, 10,000 and 100,000 roles behind it."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Final

from tests.bench.growth.server import own_postgres
from tests.bench.measuring import slope
from tests.bench.results import Reach, Result, Scale, Series
from tests.portal.jobs.bench_pages import filled, measure, percentile

SIZES: Final = (1_000, 10_000, 100_000)
WITHIN: Final = 50.0
"""Milliseconds at p99, for each kind of page on the largest database."""
_SHOWN: Final = 12

Took = Mapping[str, Sequence[float]]


async def bench(scale: Scale) -> Result:
    """Each round asks every kind of page of each database."""
    sizes = (20, 40, 80) if scale.quick else SIZES
    rounds: list[dict[int, Took]] = []
    async with own_postgres() as server:
        dsns = {size: await filled(server, size) for size in sizes}
        for number in range(scale.rounds):
            turned = sizes[number % 3 :] + sizes[: number % 3]
            rounds.append(
                {size: await measure(dsns[size], _requests(size, scale), roles=size) for size in turned}
            )
    return told(rounds, sizes)


def _requests(size: int, scale: Scale) -> int:
    """Of each kind of page: most where the slowest are looked for."""
    return 2 if scale.quick else 40 if size == SIZES[-1] else 8


def told(rounds: Sequence[Mapping[int, Took]], sizes: Sequence[int]) -> Result:
    """What the rounds found, each by the size of its database."""
    largest = [one[sizes[-1]] for one in rounds]
    late = {kind: tuple(percentile(one[kind], 0.99) for one in largest) for kind in largest[0]}
    slowest = sorted(late, key=lambda kind: statistics.median(late[kind]), reverse=True)
    usual = {size: tuple(_usual(one[size]) for one in rounds) for size in sizes}
    slopes = tuple(slope(sizes, [usual[size][n] for size in sizes]) for n in range(len(rounds)))
    over = tuple(float(sum(figures[n] > WITHIN for figures in late.values())) for n in range(len(rounds)))
    return Result(
        name="pages",
        says=f"Time of the portal's application for each of its {len(late)} kinds of page, middleware included, without a "
        f"network: as anybody and as LOTI's staff, with many searches, with {sizes[-1]:,} roles and ten times as many "
        "observations.",
        series=(
            Series("kinds of page over 50 ms at p99", "kinds", over, "less"),
            *(Series(f"{kind}: p99", "ms", late[kind], "less") for kind in slowest[:_SHOWN]),
            *(Series(f"a page on average, {size:,} roles", "ms", usual[size], "less") for size in sizes),
            Series("growth with the roles", "slope", slopes, "less"),
        ),
        reaches=(
            Reach("kinds of page over 50 ms at p99", at_most=0),
            Reach("growth with the roles", at_most=1.1, says="1 is linear"),
        ),
        notes=(
            f"The {_SHOWN} slowest kinds are shown; `python -m tests.portal.jobs.bench_pages` prints all of them.",
        ),
    )


def _usual(took: Took) -> float:
    """The mean over all kinds of page of each one's median, in milliseconds."""
    return statistics.mean(percentile(each, 0.5) for each in took.values())
