"""Which dead letters: by their state, topic, reason and age; and giving them up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from loti_contracts.delivery import outbox, parking
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import MessageDiscarded

_queries = queries_beside(__file__)

Status = Literal["parked", "replayed", "discarded"]
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds of every letter that is meant; None lets all through.

    `reason`: words in it, in any case; `pattern`: a PostgreSQL regular expression that is found in it, in any case.
    `older`, `newer`: set aside before, or at or after, this moment.
    """

    status: tuple[Status, ...] | None = ("parked",)
    topic: str | None = None
    reason: str | None = None
    pattern: str | None = None
    older: datetime | None = None
    newer: datetime | None = None
    ids: tuple[uuid.UUID, ...] | None = None


async def letters(connection: Connection, choice: Choice, *, most: int = MOST) -> list[dict[str, Any]]:
    """The dead letters that are meant, newest first. Raises asyncpg.InvalidRegularExpressionError."""
    rows = _queries.chosen_letters(
        connection,
        ids=None if choice.ids is None else list(choice.ids),
        status=None if choice.status is None else list(choice.status),
        topic=choice.topic,
        reason=choice.reason,
        pattern=choice.pattern,
        older=choice.older,
        newer=choice.newer,
        most=most,
    )
    return [dict(row) async for row in rows]


async def discard(tx: Connection, ids: Sequence[uuid.UUID], *, by: str, why: str) -> list[dict[str, Any]]:
    """Give these up, those that are still set aside: they stay, with who did it and why, and have no effect. It is said to
    whoever was told of them. Gives back those that were given up."""
    rows = [dict(row) async for row in _queries.discard(tx, ids=list(ids), by=by, why=why)]
    for row in rows:
        if row["said_by"] is not None:
            letter = parking.told(row, service=row["said_by"])
            event = MessageDiscarded(dead_letter=letter, changed=("status", "discarded_at", "discarded_why"))
            await outbox.add(tx, event, source=f"/loti/{row['said_by']}")
    return rows
