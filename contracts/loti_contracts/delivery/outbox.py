"""The outbox: events are written in the transaction that made them true."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from loti_contracts.delivery import tracing
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Envelope, Event, encode, topic_named
from loti_contracts.events.envelope import envelop

_queries = queries_beside(__file__)

LARGEST = 900_000
"""Bytes of an event's JSON. Kafka's default limit is a mebibyte a message with its headers."""


_muted: ContextVar[bool] = ContextVar("muted", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """Inside, what is added is not said: a service hears again what it answered long ago (`recovering`)."""
    before = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(before)


class TooLarge(ValueError):
    """The event would not fit into a Kafka message; it is refused before anything is committed."""


async def add(
    tx: Connection,
    *events: Event,
    caused_by: Envelope[Any] | None = None,
    correlation_id: str | None = None,
    causation_id: str | None = None,
    source: str | None = None,
) -> list[Envelope[Event]]:
    """Say these events, in this order, if and when the transaction `tx` commits; gives back their envelopes.

    Who says it is the topic's owner, or `source` on a topic that all write to.

    `caused_by` is the event that they answer; without one, `correlation_id` and `causation_id` may carry on a
    chain that was kept in a table. Raises TooLarge, and RuntimeError outside a transaction.
    """
    now = datetime.now(UTC)
    envelopes: list[Envelope[Event]] = []
    for event in events:
        envelope = envelop(
            event, source=source or f"/loti/{topic_named(event.topic).owner}", time=now, caused_by=caused_by
        )
        if correlation_id is not None and caused_by is None:
            envelope = replace(envelope, correlation_id=correlation_id, causation_id=causation_id)
        envelopes.append(envelope)
    await _write(tx, envelopes)
    return envelopes


async def add_each(tx: Connection, said: Iterable[tuple[Event, str, str | None]]) -> None:
    """Say many events, each with its own correlation id and causation id, in one statement; else as `add`."""
    now = datetime.now(UTC)
    await _write(
        tx,
        [
            Envelope(
                event=event,
                id=str(uuid4()),
                source=f"/loti/{topic_named(event.topic).owner}",
                time=now,
                correlation_id=correlation_id,
                causation_id=causation_id,
            )
            for event, correlation_id, causation_id in said
        ],
    )


async def add_answers(tx: Connection, said: Iterable[tuple[Event, Envelope[Any] | None]]) -> None:
    """Say many events, each with the event that it answers, if any, in one statement; else as `add`."""
    now = datetime.now(UTC)
    envelopes = [
        envelop(event, source=f"/loti/{topic_named(event.topic).owner}", time=now, caused_by=cause)
        for event, cause in said
    ]
    await _write(tx, envelopes)


async def _write(tx: Connection, envelopes: Sequence[Envelope[Event]]) -> None:
    if not tx.is_in_transaction():
        raise RuntimeError(
            "the outbox needs a transaction: an event must not be said unless its state is saved"
        )
    encoded = [encode(envelope) for envelope in envelopes]
    for envelope, (_, value, _) in zip(envelopes, encoded, strict=True):
        if value is not None and len(value) > LARGEST:
            event = envelope.event
            raise TooLarge(f"{event.type} for {event.subject} is {len(value)} bytes; {LARGEST} is the most")
    if encoded and not _muted.get():
        await _queries.add_to_outbox(
            tx,
            topics=[envelope.event.topic for envelope in envelopes],
            keys=[key for key, _, _ in encoded],
            values=[value for _, value, _ in encoded],
            headers=[
                json.dumps(
                    {name: text.decode() for name, text in headers}
                    | (tracing.carried(envelope) if tracing.on else {})
                )
                for envelope, (_, _, headers) in zip(envelopes, encoded, strict=True)
            ],
        )
