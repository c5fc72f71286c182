"""Endpoints and what is to be pushed to them, in the database."""

import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from services.webhooks.filters import Filter
from services.webhooks.log import Kept, Thing
from services.webhooks.push.schedule import Answer, Next
from services.webhooks.push.sealing import NotOpened, Seals

queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events are pushed to, and how it does. The secrets are as they are kept: sealed."""

    name: str
    url: str
    wanted: Filter
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    old_secret_until: datetime | None
    disabled_because: str | None
    failing_since: datetime | None
    not_before: datetime | None
    last_success_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "Endpoint":
        """As its row says."""
        fields = ("name", "url", "secret", "old_secret", "old_secret_until", "disabled_because",
                  "failing_since", "not_before", "last_success_at")  # fmt: skip
        wanted = Filter(tuple(row["types"]), tuple(row["authorities"]))
        return cls(wanted=wanted, **{name: row[name] for name in fields})

    def secrets(self, now: datetime, seals: Seals) -> Sequence[str]:
        """Those that sign now, the newest first, as they were shown; an old one that cannot be opened signs nothing. Raises
        NotOpened where the newest cannot be."""
        newest = seals.open(self.secret, endpoint=self.name)
        if self.old_secret is None or self.old_secret_until is None or now >= self.old_secret_until:
            return [newest]
        with suppress(NotOpened):
            return [newest, seals.open(self.old_secret, endpoint=self.name)]
        return [newest]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint. `attempts` were made before."""

    id: int
    event_id: str
    thing: Thing
    attempts: int
    body: str


async def endpoints(connection: Connection) -> list[Endpoint]:
    """All of them, by name."""
    return [Endpoint.of(row) async for row in queries.endpoints(connection)]


async def endpoint(connection: Connection, name: str) -> Endpoint | None:
    """One of them, or None."""
    row = await queries.endpoint(connection, name=name)
    return Endpoint.of(row) if row else None


async def queue(tx: Connection, kept: Sequence[Kept], everybody: Iterable[Endpoint]) -> int:
    """Let these events, new in the log, be pushed to those who want them; how many deliveries that makes."""
    rows = [
        {"endpoint": one.name, "position": event.position, "event_id": event.id, "type": event.type,
         "topic": event.topic, "key": event.key}
        for one in everybody
        for event in kept
        if one.wanted.passes(event.type, event.concerns)
    ]  # fmt: skip
    if rows:
        await queries.queue(tx, deliveries=json.dumps(rows))
        await _supersede(tx, {(event.topic, event.key) for event in kept})
    return len(rows)


async def due(
    connection: Connection, name: str, *, on_their_way: Collection[Thing], most: int
) -> list[Delivery]:
    """What can be pushed to an endpoint now."""
    rows = queries.due(
        connection, endpoint=name, things=[f"{topic} {key}" for topic, key in on_their_way], most=most
    )
    return [
        Delivery(row["id"], row["event_id"], (row["topic"], row["key"]), row["attempts"], row["body"])
        async for row in rows
    ]


async def record(
    tx: Connection,
    name: str,
    delivery: Delivery,
    answer: Answer,
    then: Next,
    *,
    began: datetime,
    now: datetime,
) -> None:
    """Write down an attempt and what follows from it."""
    await queries.record_attempt(
        tx, delivery=delivery.id, at=began, seconds=answer.seconds, status=answer.status, said=answer.said
    )
    if then.due_at is None:
        await queries.end_delivery(tx, id=delivery.id, state=then.state, now=now)
    else:
        await queries.put_off(tx, id=delivery.id, due_at=then.due_at)
    if then.state == "delivered":
        await queries.endpoint_took(tx, name=name, now=now)
        return
    await queries.endpoint_failed(tx, name=name, now=now, hold_until=then.hold_until, disable=then.disable)
    if then.disable:
        await queries.keep_newest_waiting(tx, endpoint=name)
    else:
        await _supersede(tx, {delivery.thing})


async def _supersede(tx: Connection, things: Collection[Thing]) -> None:
    ordered = sorted(things)
    await queries.supersede(tx, topics=[topic for topic, _ in ordered], keys=[key for _, key in ordered])
