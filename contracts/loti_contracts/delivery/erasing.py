"""Erasures and dead letters: neither may undo the other.

A tombstone has no revision, so nothing but its place says whether something is older. Three rules keep it:

* While an erasure is set aside, what is said later of the same contact is set aside behind it. Handled, and the erasure
  replayed afterwards, the person would be lost who came back; without the erasure, what was to be erased would stay.
* When the erasure is replayed, what waits behind it is replayed after it, in order.
* When an erasure is handled, what was set aside of the same contact before it is forgotten: replayed, it would bring the
  person back.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from loti_contracts.delivery import outbox, parking
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.letters import Letter
from loti_contracts.events import EVENTS, Erasure, MessageDiscarded

_queries = queries_beside(__file__)

ERASED: Final = frozenset(event.topic for event in EVENTS.values() if issubclass(event, Erasure))
"""Topics on which a contact can be erased."""


async def behind(tx: Connection, letters: Sequence[Letter]) -> list[Letter]:
    """Those that came after an erasure of the same contact that is still set aside."""
    asked = [one for one in letters if one.envelope and one.envelope.event.topic in ERASED and not one.erases]
    if not asked:
        return []
    await _queries.wait_for_replays(tx)
    rows = _queries.behind_an_erasure(
        tx,
        topics=[one.message.topic for one in asked],
        keys=[one.message.key for one in asked],
        partitions=[one.message.partition for one in asked],
        offsets=[one.message.offset for one in asked],
    )
    places = {row["place"] async for row in rows}
    return [one for place, one in enumerate(asked, start=1) if place in places]


WHY_BEHIND: Final = (
    "an erasure of this contact was set aside before it; replay that, and this follows by itself"
)


async def forget_earlier(tx: Connection, erasure: parking.Received) -> None:
    """Forget what was set aside of that contact, on that topic, before it was erased; who was told of it is told."""
    rows = _queries.forget_letters_before(
        tx, topic=erasure.topic, key=erasure.key, partition=erasure.partition, offset=erasure.offset
    )
    for row in [dict(row) async for row in rows]:
        if row["said_by"] is not None and row["replayed_at"] is None and row["discarded_at"] is None:
            gone = row | {"revision": row["revision"] + 1, "discarded_why": "the contact was erased"}
            gone["discarded_at"] = row["gone_at"]
            event = MessageDiscarded(
                dead_letter=parking.told(gone, service=row["said_by"]),
                changed=("status", "discarded_at", "discarded_why"),
            )
            await outbox.add(tx, event, source=f"/loti/{row['said_by']}")


async def later_ones(tx: Connection, erasure: parking.Received) -> list[dict[str, Any]]:
    """What was set aside of that contact, on that topic, after it was erased."""
    rows = _queries.letters_after(
        tx, topic=erasure.topic, key=erasure.key, partition=erasure.partition, offset=erasure.offset
    )
    return [dict(row) async for row in rows]


async def let_follow(tx: Connection, letters: Sequence[dict[str, Any]]) -> None:
    """Have these replayed, also where the handler of the erasure forgot them with all else of that contact."""
    for row in letters:
        plain = {name: _plain(value) for name, value in row.items()} | {
            "headers": json.loads(row["headers"]),
            "replay_asked_at": datetime.now(UTC).isoformat(),
        }
        await _queries.keep_and_ask(tx, letter=json.dumps(plain))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return str(value) if isinstance(value, UUID | datetime) else value
