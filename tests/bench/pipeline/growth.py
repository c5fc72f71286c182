"""What a role event costs by how many roles are known already, from 10,000 to 1,000,000."""

from typing import Any, Final

from loti_contracts.events import Role, decode
from services.salaries import recount
from services.salaries.observations import observe
from services.salaries.rules import Rules
from tests.bench.measuring import slope
from tests.bench.pipeline.draining import Run, drain
from tests.bench.pipeline.rows import SAVE_OBSERVATIONS, row_of
from tests.bench.pipeline.stage import Stage, messages, stage
from tests.bench.results import Comparison, Reach, Result, Scale, Series
from tests.databases import connected

SIZES: Final = (10_000, 100_000, 1_000_000)
_DISTINCT: Final = 10_000

# The same roles again, with other ids, each time £3 more a year and some days earlier. Without their adverts, so that a count
# from nothing takes their amounts as they are.
_MORE = """
INSERT INTO observations
SELECT role_id || '-' || n, revision, standard_role, family, level, areas, authorities,
    bottom + CASE period WHEN 'year' THEN 300 * (n % 300) ELSE 0 END,
    top + CASE period WHEN 'year' THEN 300 * (n % 300) ELSE 0 END,
    seen_on - (n * 7 % 300)::int, why_left_out, period, rule, how, NULL
FROM observations CROSS JOIN generate_series(1, $1::bigint - 1) AS n
"""


async def bench(scale: Scale) -> Result:
    """One process, four partitions; each size in rounds of its own, since a database of a million is filled once."""
    sizes = (100, 1_000) if scale.quick else SIZES
    loaded = messages(100 if scale.quick else 4_000, seed=2)
    runs: dict[int, list[Run]] = {size: [] for size in sizes}
    async with stage() as here:
        await here.roles_topic(4)
        for size in sizes:
            await _known(here, size)
        for number in range(scale.rounds + 1):
            for size in sizes[number % len(sizes) :] + sizes[: number % len(sizes)]:
                mine = loaded if number == 0 else messages(len(loaded) * 10 // 13, seed=2 + number)
                run = await drain(here, "service", mine, partitions=4, database=here.dsn(f"known_{size}"))
                if number:
                    runs[size].append(run)
    series = [Series(_of(size), "µs/event", tuple(run.each for run in runs[size]), "less") for size in sizes]
    slopes = [slope(sizes, [one.values[n] for one in series]) for n in range(scale.rounds)]
    memory = [
        Series(f"memory, {size:,} roles known", "MB", tuple(run.memory for run in runs[size]), "less")
        for size in sizes
    ]
    return Result(
        name="pipeline-growth",
        says=f"Processor time of the service and PostgreSQL an event, with {', '.join(f'{n:,}' for n in sizes)} roles known. "
        "The slope is that of its logarithm over the logarithm of the roles known: 0 is no growth, 1 linear growth.",
        series=(*series, Series("slope", "", tuple(slopes), "less"), *memory),
        comparisons=(
            Comparison(_of(sizes[-1]), _of(sizes[0]), at_most=1.1, says="a hundred times the roles"),
        ),
        reaches=(Reach("slope", at_most=0.1),),
    )


def _of(size: int) -> str:
    return f"processor time, {size:,} roles known"


async def _known(here: Stage, size: int) -> None:
    """A database that has so many roles counted."""
    distinct = min(size, _DISTINCT)
    name = f"known_{size}"
    async with connected(here.postgres.dsn) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE empty")
    async with connected(here.dsn(name)) as db:
        rows = []
        for message in messages(distinct, seed=9):
            role: Role = decode(*message).event.role  # type: ignore[union-attr]
            if role.revision == 1:
                rows.append(row_of(observe(role)))
        columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
        await db.execute(SAVE_OBSERVATIONS, *columns)
        await db.execute(_MORE, size // distinct, timeout=900)
        await db.execute("ANALYZE observations")
        async with db.transaction():
            await recount.everything(db, Rules())
        await db.execute("DELETE FROM outbox")
        await db.execute(
            "INSERT INTO inbox (event_id) SELECT gen_random_uuid()::text FROM generate_series(1, $1::bigint)",
            size,
        )
        await db.execute("VACUUM ANALYZE", timeout=900)
        await db.execute("CHECKPOINT")
