"""Let matching hear events as the consumer would, and read what it says from the outbox."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

import services.matching
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.events import (
    Answer,
    AnswerStated,
    Benchmark,
    BenchmarkUpdated,
    Event,
    Match,
    Quantiles,
    Request,
    RequestStated,
    Supporter,
    SupporterStated,
    envelop,
)
from services.matching.handlers import Matching
from services.matching.matches import match_id
from services.matching.store import load_open_requests
from tests.matching.making import NOON

MIGRATIONS = Path(services.matching.__file__).parent / "migrations"
matching = Matching(clock=lambda: NOON, size=3)


async def prepare(connection: Connection) -> None:
    """Bring a new database up to date, as the service does when it starts."""
    await migrate_delivery(connection)
    await migrate(connection, "matching", MIGRATIONS)


async def empty(connection: Connection) -> None:
    """Forget everything."""
    await connection.execute(
        "TRUNCATE outbox, waiting, answers, matches, requests, supporters, benchmarks RESTART IDENTITY"
    )


async def hear(connection: Connection, *states: Request | Supporter | Answer | Benchmark) -> None:
    """Handle the events that say these states, in one transaction."""
    async with connection.transaction():
        for state in states:
            await hear_within(connection, state)


async def hear_within(tx: Connection, state: Request | Supporter | Answer | Benchmark) -> None:
    """Handle the event that says this state, in a transaction of the caller's."""
    if isinstance(state, Request):
        await matching.on_request_stated(_in_envelope(RequestStated(request=state)), tx)
    elif isinstance(state, Supporter):
        await matching.on_supporter_stated(_in_envelope(SupporterStated(supporter=state)), tx)
    elif isinstance(state, Answer):
        await matching.on_answer_stated(_in_envelope(AnswerStated(answer=state)), tx)
    else:
        await matching.on_benchmark_updated(_in_envelope(BenchmarkUpdated(benchmark=state)), tx)


async def said(connection: Connection) -> Sequence[tuple[str, Match]]:
    """Everything said so far: the event's name without its frame, and the match in it."""
    rows = await connection.fetch("SELECT headers, value FROM outbox ORDER BY position")
    return [
        (
            json.loads(row["headers"])["ce_type"].split(".")[3],
            Match.model_validate(json.loads(row["value"])["match"]),
        )
        for row in rows
    ]


async def latest(connection: Connection) -> dict[str, Match]:
    """The newest match said of each request: what a compacted topic holds."""
    return {match.request_id: match for _, match in await said(connection)}


async def standing(connection: Connection) -> dict[str, Any]:
    """How it all ends, without what tells of the way there: revisions and times."""
    live = {
        request_id: (match.status, match.shortlist, match.accepted, match.borough)
        for request_id, match in (await latest(connection)).items()
        if match.status != "withdrawn"
    }
    waiting = {
        one.request.id: one.left_out for one in await load_open_requests(connection) if one.waiting_since
    }
    return {"live": live, "waiting": waiting}


def accepts(request_id: str, supporter_id: str | None, *, revision: int = 1) -> Answer:
    """The borough's answer that it wants this supporter."""
    return Answer(
        id=match_id(request_id),
        revision=revision,
        answer="accepted",
        supporter_id=supporter_id,
        stated_at=NOON,
    )


def declines(request_id: str, *, revision: int = 1) -> Answer:
    """The borough's answer that it wants none of them."""
    return Answer(id=match_id(request_id), revision=revision, answer="declined", stated_at=NOON)


def a_benchmark(**differences: Any) -> Benchmark:
    """What practitioner data engineers are offered in inner London."""
    middle = Quantiles(p10=40_000_00, p25=45_000_00, p50=50_000_00, p75=55_000_00, p90=60_000_00)
    usual: dict[str, Any] = {
        "id": f"Data engineer/{differences.get('level', 'practitioner')}/{differences.get('area', 'inner')}",
        "revision": 1,
        "standard_role": "Data engineer",
        "family": "Data",
        "level": "practitioner",
        "area": "inner",
        "middle": middle,
        "adverts": 6,
        "boroughs": 4,
    }
    return Benchmark.model_validate({**usual, **differences})


@asynccontextmanager
async def connected(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection of one's own."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def _in_envelope(event: Event) -> Any:
    return envelop(event, source="/loti/portal", time=datetime.now(UTC))
