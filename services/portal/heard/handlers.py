"""What the portal does with the events that it hears: keep them, and tell the pages that are open."""

from collections.abc import Sequence
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import is_sweep
from loti_contracts.delivery.handlers import followed
from loti_contracts.events import (
    EVENTS,
    TOPICS,
    ContactErased,
    Envelope,
    Erasure,
    Event,
    FollowUpDue,
    Topic,
)
from services.portal.heard import forgetting, store
from services.portal.heard.columns import TABLES

_queries = queries_beside(__file__)


def heard_topics() -> Sequence[Topic]:
    """Every topic whose events are kept here."""
    return [topic for topic in TOPICS if "portal" in topic.heard_by]


def heard_events() -> frozenset[type[Event]]:
    """Every event on them."""
    names = {topic.name for topic in heard_topics()}
    return frozenset(event for event in EVENTS.values() if event.topic in names)


async def on_events(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Keep what was said. An erasure counts after what came before it, and before what comes after."""
    waiting: list[store.Said] = []
    for one in said:
        if isinstance(one.event, Erasure):
            await store.keep(tx, waiting)
            waiting = []
            with followed(one):
                await _forget(tx, one)
            continue
        waiting.append((one.event, one.time))
        if isinstance(one.event, FollowUpDue):
            await _queries.add_follow_up(
                tx,
                match_id=one.event.match.id,
                after=one.event.after,
                said_at=one.time,
                contact_ids=list(one.event.contact_ids),
            )
    await store.keep(tx, waiting)
    changed = {
        "contact" if isinstance(one.event, Erasure) else TABLES[type(one.event.state)].name for one in said
    }
    await store.ring(tx, changed)


async def _forget(tx: Connection, said: Envelope[Any]) -> None:
    """An erased contact is forgotten altogether; of one whose choice alone is said to be erased, that goes: it may have
    been stated anew before the owner of the choice had heard of the erasure."""
    contact_id = said.event.contact_id
    if is_sweep(contact_id):
        return
    if isinstance(said.event, ContactErased):
        await forgetting.forget(tx, contact_id, now=said.time)
    else:
        await _queries.forget_choice(tx, contact_id=contact_id)
