"""The inbox: an event that had its effect has none again."""

from collections.abc import Sequence
from typing import TypeVar

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Envelope, Event

_queries = queries_beside(__file__)
E_ = TypeVar("E_", bound=Event)


async def only_new(tx: Connection, envelopes: Sequence[Envelope[E_]]) -> list[Envelope[E_]]:
    """Those that this database has not handled, in order, each once; remembered when `tx` commits."""
    if not envelopes:
        return []
    rows = [row async for row in _queries.claim(tx, ids=[envelope.id for envelope in envelopes])]
    new = {row["event_id"] for row in rows}
    fresh = []
    for envelope in envelopes:
        if envelope.id in new:
            new.discard(envelope.id)
            fresh.append(envelope)
    return fresh
