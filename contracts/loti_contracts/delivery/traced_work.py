"""Traced work: what a service does that is no handling of an event: a poll of a board, a mail on its way."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from loti_contracts.delivery import tracing
from loti_contracts.delivery.spans import Attributes, Kind, Place, Span, nanoseconds, span_in, trace_of

_MOST_STEPS: Final = 24
"""Of one piece of work: a board of a thousand pages must not make a thousand spans of each of its postings."""

_NOTHING: Final = nullcontext()


@dataclass(slots=True)
class Work:
    """Something done once that belongs to each of some traces: a poll that found three postings, a mail that tells of two.

    It is told in all of them when it has ended well. `began` is in nanoseconds since 1970.
    """

    name: str
    began: int
    attributes: Attributes
    places: list[Place] = field(default_factory=list)
    _steps: list[tuple[str, int, int, Kind]] = field(default_factory=list)

    def follows(self, service: str, event_id: str, correlation_id: str) -> None:
        """It is done because that service handled this event."""
        self.places.append(Place(trace_of(correlation_id), span_in(service, event_id)).under())

    def step(self, name: str, began: datetime | int, ended: datetime | int, kind: Kind = "internal") -> None:
        """A part of it, from then to then."""
        if len(self._steps) < _MOST_STEPS:
            self._steps.append((name, nanoseconds(began), nanoseconds(ended), kind))

    def tell(self, ended: int) -> None:
        """In each of its traces."""
        for place in {place.trace: place for place in self.places}.values():
            tracing.tell(Span(self.name, place, self.began, ended, attributes=self.attributes))
            for name, began, done, kind in self._steps:
                tracing.tell(Span(name, place.under(), began, done, kind))


_going: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def work(name: str, attributes: Attributes | None = None) -> Iterator[Work | None]:
    """A piece of work, in which events may be said that begin traces; None as long as nobody wants spans. What raises is
    not told."""
    if not tracing.on:
        yield None
        return
    going = Work(name, time.time_ns(), attributes or {})
    before, places_before = _going.set(going), tracing.beginning.set(going.places)
    try:
        yield going
    finally:
        _going.reset(before)
        tracing.beginning.reset(places_before)
    going.tell(time.time_ns())


def step(name: str, kind: Kind = "internal") -> AbstractContextManager[None]:
    """A part of the work that is going on, if any."""
    going = _going.get() if tracing.on else None
    return _NOTHING if going is None else _step(going, name, kind)


@contextmanager
def _step(going: Work, name: str, kind: Kind) -> Iterator[None]:
    began = time.time_ns()
    try:
        yield
    finally:
        going.step(name, began, time.time_ns(), kind)
