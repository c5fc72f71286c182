"""Handlers: what a service does with events, one by one or a batch at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any

import structlog

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, Event

Handler = Callable[[Envelope[Any], Connection], Awaitable[None]]
BatchHandler = Callable[[Sequence[Envelope[Any]], Connection], Awaitable[None]]

in_hand: ContextVar[str | None] = ContextVar("in_hand", default=None)
"""The id of the event that a handler is about. One that goes through a batch step by step sets it, so that the one that
fails is known at once."""


def followed(envelope: Envelope[Any]) -> AbstractContextManager[None]:
    """Inside, every log line names the event that it is about, and the thread by which one posting is followed to the
    email."""
    return structlog.contextvars.bound_contextvars(
        correlation_id=envelope.correlation_id, event_id=envelope.id
    )


def each(handlers: Mapping[type[Event], Handler]) -> BatchHandler:
    """Handle a batch event by event, in order, by the handler of its class."""

    async def handle(envelopes: Sequence[Envelope[Any]], tx: Connection) -> None:
        for envelope in envelopes:
            in_hand.set(envelope.id)
            with followed(envelope):
                await handlers[type(envelope.event)](envelope, tx)

    return handle
