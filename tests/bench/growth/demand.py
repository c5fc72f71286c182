"""What a role event costs matching's picture of demand, by how many roles were ever heard."""

import contextlib
from typing import Final

import structlog

from tests.bench.growth.by_size import LINEAR, figures, growth, median_ms
from tests.bench.growth.server import own_postgres
from tests.bench.results import Result, Scale
from tests.matching.bench_demand import measure, world

SIZES: Final = (500, 5_000, 50_000)


async def bench(scale: Scale) -> Result:
    """A database for each size; each event is handled in all of them before the next is."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sizes = (20, 40, 80) if scale.quick else SIZES
    some = 3 if scale.quick else 60
    took: dict[int, list[float]] = {size: [] for size in sizes}
    async with own_postgres() as server, contextlib.AsyncExitStack() as stack:
        worlds = [await world(stack, server.dsn, size) for size in sizes]
        for number in range(-1, scale.rounds):  # the first round warms up
            seconds = await measure(worlds, some, first=(number + 1) * some)
            if number >= 0:
                for size, each in zip(sizes, seconds, strict=True):
                    took[size].append(median_ms(each))
    return Result(
        name="demand",
        says="A role event (found, changed, closed) through what several boroughs look for at once, new kinds of roles and "
        "roles that are hard to recruit, one transaction each, by how many roles were ever heard. What is open at once is "
        "the same in every database, as it is in London.",
        series=(*figures("role event", "ms", "roles ever heard", took), growth(took)),
        reaches=(LINEAR,),
    )
