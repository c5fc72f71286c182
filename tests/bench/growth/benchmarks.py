"""What a role event and a reading cost, by how many observations lie behind the cell; percentile_cont over the same rows
beside it."""

import contextlib
import statistics
from collections import defaultdict
from typing import Final

import structlog

from tests.bench.growth.by_size import LINEAR, figures, growth
from tests.bench.growth.server import own_postgres
from tests.bench.results import Comparison, Result, Scale, Series
from tests.databases import connected
from tests.salaries.bench_benchmarks import events, fill, naive, reading
from tests.salaries.hearing import prepare

SIZES: Final = (10_000, 100_000, 1_000_000)


async def bench(scale: Scale) -> Result:
    """A database for each size; each round asks each of them."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sizes = (50, 100, 200) if scale.quick else SIZES
    some = 2 if scale.quick else 40
    said: dict[int, list[float]] = {size: [] for size in sizes}
    counting: dict[int, list[float]] = {size: [] for size in sizes}
    largest: dict[str, list[float]] = defaultdict(list)
    async with own_postgres() as server, contextlib.AsyncExitStack() as stack:
        databases = {}
        for size in sizes:
            db = await stack.enter_async_context(connected(await server.create_database()))
            await prepare(db)
            counting[size].append(await fill(db, size))
            databases[size] = db
        for number in range(-1, scale.rounds):  # the first round warms up
            for size, db in databases.items():
                event = statistics.median(await events(db, some, first=(number + 1) * some))
                read = statistics.median(await reading(db, some * 10))
                if number < 0:
                    continue
                said[size].append(event)
                if size == sizes[-1]:
                    largest["ours"].append(read)
                    largest["raw"].append(statistics.median(await naive(db, 1)))
    ours, raw = f"reading, {sizes[-1]:,} observations", f"percentile_cont, {sizes[-1]:,} observations"
    return Result(
        name="benchmarks",
        says="A role event through the handlers into its cells, one transaction each, and a reading of the benchmark, with "
        f"{', '.join(f'{size:,}' for size in sizes)} observations behind one cell.",
        series=(
            *figures("role event", "ms", "observations", said),
            growth(said),
            Series(ours, "ms", tuple(largest["ours"]), "less"),
            Series(raw, "ms", tuple(largest["raw"]), "less"),
            *figures("all counted anew", "s", "observations", counting),
            growth(counting, name="growth of counting anew"),
        ),
        comparisons=(
            Comparison(
                raw, ours, says="percentiles of the raw rows, unweighted, in the place of the kept steps"
            ),
        ),
        reaches=(LINEAR,),
        notes=(
            "`python -m tests.salaries.bench_benchmarks` prints p50 and p99, and the rebuild from the topic.",
        ),
    )
