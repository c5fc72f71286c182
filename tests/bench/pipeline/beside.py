"""The service beside what a user would write instead, on one partition and several."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from loti_contracts.events import Role, decode
from services.salaries.observations import observe
from tests.bench.measuring import interleaved
from tests.bench.pipeline.draining import Figures, Run, drain
from tests.bench.pipeline.rows import SAVE_OBSERVATIONS, row_of
from tests.bench.pipeline.stage import Message, Stage, messages, stage
from tests.bench.results import Comparison, Result, Scale, Series
from tests.databases import connected

PARTITIONS: Final = 4
NAMES: Final = {
    "service": "the service",
    "faststream": "FastStream, one message, one transaction",
    "aiokafka": "aiokafka getmany and multi-row upserts",
    "confluent": "confluent-kafka and multi-row upserts",
    "broker": "the broker alone, read and dropped",
}


class TablesDiffer(Exception):
    """Two sides did not come to the same benchmark table, so that their speeds say nothing. The text names a cell."""


async def bench(scale: Scale) -> Result:
    """All sides drain the same events."""
    roles = 200 if scale.quick else 10_000
    loaded = messages(roles, seed=1)
    few = loaded[: 100 if scale.quick else 1_200]
    runs: dict[str, list[Run]] = {name: [] for name in NAMES}
    async with stage() as here:
        await here.roles_topic(PARTITIONS)
        tables: dict[int, Figures] = {}

        def side(name: str) -> Callable[[], Awaitable[float]]:
            async def one() -> float:
                run = await drain(here, name, few if name == "faststream" else loaded, partitions=PARTITIONS)
                if run.table is not None:
                    same(tables, run.events, run.table, name)
                runs[name].append(run)
                return run.rate

            return one

        async def copy() -> float:
            return await copied(here, loaded)

        rates = await interleaved({**{name: side(name) for name in NAMES}, "copy": copy}, scale.rounds)
    series = [Series(said, "events/s", rates[name], "more") for name, said in NAMES.items()]
    series.append(Series("COPY alone, of the offers", "rows/s", rates["copy"], "more"))
    for name in ("service", "aiokafka", "confluent", "faststream"):
        kept = runs[name][-scale.rounds :]
        said = NAMES[name]
        series += [
            Series(
                f"{said}: its processor time", "µs/event", tuple(1e6 * r.own / r.events for r in kept), "less"
            ),
            Series(
                f"{said}: PostgreSQL's", "µs/event", tuple(1e6 * r.database / r.events for r in kept), "less"
            ),
            Series(f"{said}: memory", "MB", tuple(r.memory for r in kept), "less"),
        ]
    ours, by_hand = NAMES["service"], NAMES["aiokafka"]
    return Result(
        name="pipeline",
        says=f"{len(loaded):,} events about {roles:,} roles, loaded into {PARTITIONS} partitions before one process of each "
        "side may read them: events a second until the benchmark table has all of them. The service keeps its guarantee: "
        "inbox, outbox, pay signals, row locks.",
        series=tuple(series),
        comparisons=(
            Comparison(ours, by_hand, at_least=0.8, says="the limit by hand, with nothing guaranteed"),
            Comparison(ours, NAMES["confluent"], says="the same behind librdkafka"),
            Comparison(ours, NAMES["faststream"], at_least=10, says="what most teams write"),
            Comparison(ours, NAMES["broker"]),
            Comparison(ours, "COPY alone, of the offers"),
        ),
        notes=(
            "All benchmark tables were compared cell by cell and are equal (revisions apart).",
            f"FastStream drains the first {len(few):,} events alone: its cost rises with the offers of a cell, so this "
            "flatters it.",
            "By hand: cells in the memory of one process, no inbox, no outbox, no pay signals, no locks, "
            "synchronous_commit off.",
        ),
    )


def same(tables: dict[int, Figures], events: int, table: Mapping[str, Figures], side: str) -> None:
    """Compare a side's table with the first one that came of as many events. Raises TablesDiffer."""
    first = tables.setdefault(events, dict(table))
    for cell in sorted(first.keys() | table.keys()):
        if first.get(cell) != table.get(cell):
            raise TablesDiffer(f"{side} has {cell} as {table.get(cell)}, another side as {first.get(cell)}")


async def copied(here: Stage, loaded: list[Message]) -> float:
    """Rows a second of COPY, of the offers that the events give, each role's last."""
    offers = {}
    for message in loaded:
        said = decode(*message)
        role: Role = said.event.role  # type: ignore[union-attr]
        offers[role.id] = observe(role)
    rows = [row_of(one) for one in offers.values()]
    dsn = await here.database()
    async with connected(dsn) as db:
        await db.execute(
            "CREATE TABLE raw (LIKE observations); ALTER TABLE raw ALTER areas TYPE text, ALTER authorities TYPE text"
        )
        began = time.perf_counter()
        await db.copy_records_to_table("raw", records=rows, columns=_COLUMNS)
        took = time.perf_counter() - began
    await here.drop(dsn)
    return len(rows) / took


_COLUMNS = [
    word.strip()
    for word in SAVE_OBSERVATIONS.partition("(")[2].partition(")")[0].replace("\n", " ").split(",")
]
