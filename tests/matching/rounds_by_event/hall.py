"""A round as staff runs it: asked for, decided, published, called off, on a database of matching's own."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Request, Round, RoundResult, RoundStated, Supporter, envelop
from services.matching.asked_rounds.clock import RoundClock
from services.matching.asked_rounds.deciding import decide
from services.matching.asked_rounds.facts import Asked
from services.matching.asked_rounds.handlers import RoundHandlers
from tests.matching.hearing import Alone, Town, town
from tests.matching.making import BARNET, CAMDEN, HACKNEY, NOON, a_request, a_supporter


async def at_once(asked: Asked, stopping: asyncio.Event) -> RoundResult | None:
    """Decide in this process: the same as in one of its own, without the wait for it to start."""
    return decide(asked)


def a_round(**differences: Any) -> Round:
    """Staff asks for a round of mentors with everybody."""
    usual: dict[str, Any] = {
        "id": "round-1",
        "revision": 1,
        "title": "Spring mentoring",
        "contact_id": "contact-loti",
        "stated_at": NOON,
    }
    return Round.model_validate({**usual, **differences})


def asks(number: int = 1, **differences: Any) -> Request:
    """Camden asks for a mentor for a practitioner."""
    usual = {
        "id": f"request-{number}",
        "kind": "mentor",
        "level": "practitioner",
        "need_by": None,
        "borough": (CAMDEN, BARNET)[number % 2],
        "contact_id": f"asks-{number}",
    }
    return a_request(**{**usual, **differences})


def mentors(number: int = 1, **differences: Any) -> Supporter:
    """A lead from Hackney who takes one person."""
    usual = {
        "id": f"mentor-{number}",
        "kind": "mentor",
        "level": "lead",
        "own_borough": HACKNEY,
        "capacity": 1,
        "contact_id": f"helps-{number}",
    }
    return a_supporter(**{**usual, **differences})


async def hear_round(db: Connection, round_: Round, *, by: Town = town) -> None:
    """Handle the event that states a round, in a transaction."""
    async with db.transaction():
        await hear_round_within(db, round_, by=by)


async def hear_round_within(tx: Connection, round_: Round, *, by: Town = town) -> None:
    """The same in a transaction of the caller's."""
    said = envelop(RoundStated(round=round_), source="/loti/portal", time=by.now)
    await RoundHandlers(by.looking).on_round_stated(said, tx)


async def decided(db: Connection, *, by: Town = town) -> int:
    """Let the clock decide what waits; how many rounds that were."""
    clock = RoundClock(by.looking, every=1, decide=at_once)
    return await clock.turn(Alone(db), asyncio.Event())


async def results(db: Connection) -> Sequence[RoundResult]:
    """Everything said of rounds so far."""
    rows = await db.fetch("SELECT value FROM outbox WHERE topic = 'loti.round-results.v1' ORDER BY position")
    return [RoundResult.model_validate(json.loads(row["value"])["result"]) for row in rows]


async def published(db: Connection, **differences: Any) -> RoundResult:
    """Ask for a round, have it decided and publish it; the last that was said of it."""
    await hear_round(db, a_round(**differences))
    await decided(db)
    (looked_at,) = await results(db)
    await hear_round(
        db, a_round(revision=2, status="published", result_revision=looked_at.revision, **differences)
    )
    return (await results(db))[-1]
