"""What the pages know of matches, and how they say what was answered. The SQL is in `queries.sql`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Answer, AnswerStated, Event, Match, Outcome, OutcomeStated
from services.notify.web.standing import Person, Said

_queries = queries_beside(__file__)

_SOURCE = "/loti/notify"

S = TypeVar("S", Answer, Outcome)


@dataclass(frozen=True, slots=True)
class Heard:
    """A match as it was heard last, and which events it belongs to."""

    match: Match
    event_id: str
    correlation_id: str


async def load(tx: Connection, match_id: str, *, to_answer: bool = False) -> Heard | None:
    """The match; held until the transaction ends if it is to be answered."""
    if to_answer:
        await _queries.hold_match(tx, match_id=match_id)
    row = await _queries.match_heard(tx, match_id=match_id)
    if row is None:
        return None
    return Heard(Match.model_validate_json(row["state"]), row["event_id"], row["correlation_id"])


async def answer_to(tx: Connection, match_id: str) -> Said[Answer]:
    """What was answered to it last."""
    return await _said(tx, "answer", match_id, Answer)


async def outcome_of(tx: Connection, match_id: str) -> Said[Outcome]:
    """What was said to have come of it last."""
    return await _said(tx, "outcome", match_id, Outcome)


async def say_answer(tx: Connection, answer: Answer, to: Heard) -> None:
    """Say it to everybody, if the transaction commits."""
    await _say(tx, "answer", AnswerStated(answer=answer), to)


async def say_outcome(tx: Connection, outcome: Outcome, of: Heard) -> None:
    """Say it to everybody, if the transaction commits."""
    await _say(tx, "outcome", OutcomeStated(outcome=outcome), of)


async def people(tx: Connection, ids: Iterable[str]) -> Mapping[str, Person]:
    """Who those contacts are; nothing of those that were erased."""
    rows = _queries.people(tx, ids=sorted(set(ids)))
    return {row["id"]: Person(row["name"], row["organisation"]) async for row in rows}


async def titles(tx: Connection, notification_ids: Iterable[Any]) -> Mapping[Any, str]:
    """What those notifications tell of, where it has a title."""
    rows = _queries.titles(tx, ids=list(notification_ids))
    return {row["id"]: row["title"] async for row in rows if row["title"]}


async def _said(tx: Connection, kind: str, match_id: str, model: type[S]) -> Said[S]:
    row = await _queries.said_of(tx, kind=kind, match_id=match_id)
    if row is None:
        return Said()
    whole = "stated_at" in json.loads(row["state"])
    return Said(row["revision"], row["heard_at"], model.model_validate_json(row["state"]) if whole else None)


async def _say(tx: Connection, kind: str, event: Event, of: Heard) -> None:
    await outbox.add(
        tx,
        event,
        source=_SOURCE,
        correlation_id=of.correlation_id or None,
        causation_id=of.event_id or None,
    )
    await _queries.remember_said(
        tx,
        kind=kind,
        match_id=event.state.id,
        revision=event.state.revision,
        state=event.state.model_dump_json(),
        event_id=of.event_id,
        correlation_id=of.correlation_id,
    )
