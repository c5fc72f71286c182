"""Spans: what took how long, and where in which trace it belongs. Pure.

A trace's id is the correlation id, and the span of an event is made of the event's id. So nothing has to be kept or passed
on: whoever has an event's ids, in a message or in a table's row, knows its place.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal
from uuid import UUID

Kind = Literal["internal", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span is: in which trace, its own id there, and its parent's. As numbers of 128, 64 and 64 bits."""

    trace: int
    span: int
    parent: int | None = None

    def under(self) -> "Place":
        """Of a part of it."""
        return Place(self.trace, random.getrandbits(64) or 1, self.span)


@dataclass(frozen=True, slots=True)
class Span:
    """What took from `began` to `ended`, in nanoseconds since 1970."""

    name: str
    place: Place
    began: int
    ended: int
    kind: Kind = "internal"
    attributes: Attributes = field(default_factory=dict)


def trace_of(correlation_id: str) -> int:
    """The trace of all that one first cause led to."""
    return _number(correlation_id, 16)


def span_of(event_id: str) -> int:
    """The span in which an event was sent."""
    return _number(event_id, 8)


def span_in(service: str, event_id: str) -> int:
    """The span in which that service handled the event; the events that it said of that, and the mails, are under it."""
    return _hashed(f"{service} {event_id}", 8)


def nanoseconds(at: datetime | int) -> int:
    """Since 1970, to the microsecond."""
    return at if isinstance(at, int) else int(at.timestamp() * 1_000_000) * 1_000


def _number(id_: str, size: int) -> int:
    """The last so many bytes of a UUID, which are random in the kind that we make; of another text its hash. Never 0, which
    stands for no id."""
    try:
        return UUID(id_).int & ((1 << 8 * size) - 1) or 1
    except ValueError:
        return _hashed(id_, size)


def _hashed(text: str, size: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big") or 1
