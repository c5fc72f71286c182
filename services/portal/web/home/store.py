"""Reads what the first page shows; the SQL is in `queries.sql`."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.vocabulary.authorities import authorities

_queries = queries_beside(__file__)
Row = Mapping[str, Any]


async def figures(tx: Connection) -> Row:
    """How much is known just now: roles, boroughs, benchmarks, published, introductions."""
    return dict(await _queries.figures(tx, authorities=sorted(authorities())))


async def heard_last(tx: Connection, *, most: int) -> Sequence[Row]:
    """What was heard last of each kind, at most so many of each."""
    return [{**row, "facts": json.loads(row["facts"])} async for row in _queries.heard_last(tx, most=most)]


async def next_events(tx: Connection, now: datetime, *, most: int) -> Sequence[Row]:
    """The events that come next, the soonest first."""
    return [dict(row) async for row in _queries.next_events(tx, now=now, most=most)]


async def last_edition(tx: Connection) -> Row | None:
    """The newsletter that was sent last."""
    row = await _queries.last_edition(tx)
    return dict(row) if row else None
