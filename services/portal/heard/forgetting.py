"""Forgetting a person: what it said is said again without its words, and its rows go. The SQL is in `queries.sql`.

It happens where the erasure is asked for on a page, and again where its tombstone is heard, whoever said it; the second
time there is nothing left to do.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TypeVar

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import forgotten
from loti_contracts.delivery.forgotten_letters import REASON_GONE, forget_letters
from loti_contracts.events import Contact, Contribution, Event, Outcome, Request, Review, State, Supporter
from services.portal.heard import store, taking_back
from services.portal.heard.columns import TABLES

_queries = queries_beside(__file__)
S = TypeVar("S", bound=State)


async def forget(tx: Connection, contact_id: str, *, now: datetime) -> None:
    """Take a person out of every table, and out of what it said on every topic."""
    contact = await store.newest(tx, Contact, contact_id, to_change=True)
    said = [event async for event in _taken_back(tx, contact_id, now)]
    await store.keep(tx, [(event, now) for event in said])
    if said:
        await outbox.add(tx, *said, source="/loti/portal")
    async for row in _queries.matches_that_name(tx, contact_id=contact_id):
        await _queries.save_match_state(tx, id=row["id"], state=forgotten(row["state"], contact_id))
    async for row in _queries.drafts_of(tx, contact_id=contact_id):
        await _queries.save_draft_state(tx, id=row["id"], state=forgotten(row["state"], contact_id))
    await forget_letters(tx, contact_id, contact.email if contact else None)
    await _queries.forget_told_letters(tx, contact_id=contact_id, reason=REASON_GONE)
    if contact is not None:
        await _queries.forget_address(tx, contact_id=contact_id, email_key=contact.email.casefold())
    await store.forget_contact(tx, contact_id)
    await store.ring(tx, {TABLES[type(event.state)].name for event in said} | {TABLES[Contact].name})


async def _taken_back(tx: Connection, contact_id: str, now: datetime) -> AsyncIterator[Event]:
    """What the person said, without its words; locked until `tx` ends."""
    events: list[Event | None] = []
    events += [taking_back.of_supporter(one, now=now) for one in await _own(tx, Supporter, contact_id)]
    events += [taking_back.of_request(one) for one in await _own(tx, Request, contact_id)]
    events += [taking_back.of_contribution(one, now=now) for one in await _own(tx, Contribution, contact_id)]
    events += [taking_back.of_review(one) for one in await _own(tx, Review, contact_id)]
    rows = _queries.outcomes_with(tx, contact_id=contact_id)
    events += [taking_back.of_outcome(Outcome.model_validate_json(row["state"])) async for row in rows]
    for event in events:
        if event is not None:
            yield event


async def _own(tx: Connection, kind: type[S], contact_id: str) -> list[S]:
    named = json.dumps({"contact_id": contact_id})
    rows = await tx.fetch(
        f"SELECT state FROM {TABLES[kind].name} WHERE state @> $1::jsonb ORDER BY id FOR UPDATE", named
    )
    return [kind.model_validate_json(row["state"]) for row in rows]
