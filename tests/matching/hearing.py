"""Let matching hear events as the consumer would, and read what it says from the outbox."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    Answer,
    AnswerStated,
    Benchmark,
    BenchmarkUpdated,
    Event,
    Match,
    Notification,
    NotificationSent,
    Outcome,
    OutcomeStated,
    Quantiles,
    Request,
    RequestStated,
    Role,
    RoleDiscovered,
    State,
    Supporter,
    SupporterStated,
    envelop,
)
from services.matching import store
from services.matching.after_handlers import AfterHandlers
from services.matching.cases import match_id
from services.matching.clock import Clock
from services.matching.figures import load_requests
from services.matching.handlers import Handlers
from services.matching.looking import Looking
from services.matching.market_handlers import MarketHandlers
from services.matching.shortlist import Rules, shortlist
from tests.databases import bring_up_to_date
from tests.databases import connected as connected
from tests.matching.making import NOON

RULES = Rules(size=3)


class Town:
    """One process of matching, whose clock the test sets."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.now = NOON
        self.looking = Looking(rules=rules, clock=lambda: self.now)
        self.clock = Clock(self.looking, every=1)
        people, after, market = Handlers(self.looking), AfterHandlers(self.looking), MarketHandlers()
        self._on: dict[type[State], tuple[Any, Any]] = {
            Request: (people.on_request_stated, lambda state: RequestStated(request=state)),
            Supporter: (people.on_supporter_stated, lambda state: SupporterStated(supporter=state)),
            Answer: (people.on_answer_stated, lambda state: AnswerStated(answer=state)),
            Outcome: (after.on_outcome_stated, lambda state: OutcomeStated(outcome=state)),
            Notification: (after.on_notification_sent, lambda state: NotificationSent(notification=state)),
            Benchmark: (market.on_benchmark_updated, lambda state: BenchmarkUpdated(benchmark=state)),
            Role: (market.on_role, lambda state: RoleDiscovered(role=state)),
        }

    async def hear(self, connection: Connection, *states: State) -> None:
        """Handle the events that say these states, in one transaction."""
        async with connection.transaction():
            for state in states:
                await self.hear_within(connection, state)

    async def hear_within(self, tx: Connection, state: State) -> None:
        """Handle the event that says this state, in a transaction of the caller's."""
        handle, event = self._on[type(state)]
        await handle(_in_envelope(event(state), self.now), tx)


class Alone:
    """A pool of this one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """The connection."""
        yield self._connection


town = Town()


async def hear(connection: Connection, *states: State) -> None:
    """Let the test's first process handle the events that say these states, in one transaction."""
    await town.hear(connection, *states)


async def prepare(connection: Connection) -> None:
    """Bring a new database up to date, as the service does when it starts."""
    await bring_up_to_date("matching", connection)


async def empty(connection: Connection) -> None:
    """Forget everything."""
    await connection.execute(
        "TRUNCATE outbox, outcomes, answers, matches, requests, supporters, benchmarks, roles RESTART IDENTITY CASCADE"
    )
    forget()


def forget() -> None:
    """The first process starts anew, at noon."""
    town.looking.people.forget()
    town.now = NOON


async def said(connection: Connection) -> Sequence[tuple[str, Match]]:
    """Everything said so far: the event's name without its frame, and the match in it."""
    rows = await connection.fetch(
        "SELECT headers, value FROM outbox WHERE topic = 'loti.matches.v1' ORDER BY position"
    )
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
    """How it all ends, without what tells of the way there: revisions, times, and scores that moved a little."""
    return {
        request_id: (
            match.stage,
            [one.supporter_id for one in match.shortlist],
            match.accepted.supporter_id if match.accepted else None,
            match.borough,
            match.outcome.result if match.outcome else None,
            [(one.after, one.asked_at is not None) for one in match.follow_ups],
        )
        for request_id, match in (await latest(connection)).items()
        if match.stage != "withdrawn"
    }


async def fresh_shortlists(connection: Connection) -> dict[str, list[str]]:
    """Whom every request that is looked after should have on its shortlist by the newest facts."""
    people = [one.now for one in await store.load_changed_supporters(connection, since=0)]
    asked = await load_requests(connection, stages=["open", "proposed"])
    return {
        one.request.id: [
            candidate.supporter_id
            for candidate in shortlist(one.request, people, today=town.now.date(), rules=RULES).candidates
        ]
        for one in asked
        if one.request.status == "open"
    }


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


def sent(request_id: str, contact_id: str, *, at: datetime = NOON) -> Notification:
    """What notify says when the introduction went out to one of the two."""
    return Notification(
        id=f"{request_id} to {contact_id}",
        revision=1,
        kind="introduction",
        about=match_id(request_id),
        contact_id=contact_id,
        caused_by="the answer",
        why="A match was accepted.",
        attempts=1,
        sent_at=at,
    )


def came_of(request_id: str, result: str, *, revision: int = 1, note: str | None = None) -> Outcome:
    """What somebody says came of an introduction."""
    return Outcome.model_validate(
        {
            "id": match_id(request_id),
            "revision": revision,
            "result": result,
            "note": note,
            "stated_at": NOON,
        }
    )


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


def _in_envelope(event: Event, time: datetime) -> Any:
    return envelop(event, source="/loti/portal", time=time)
