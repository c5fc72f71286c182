"""Traces: OpenTelemetry spans that follow one posting from its board to the email, across Kafka and every table between.

Each span's place follows from ids that events have anyway (`spans`). Messages carry the same as a W3C `traceparent`, for
readers of other makes. What tells of an event is told when that is committed.

Off, this costs a look at `on`, and imports nothing of OpenTelemetry; `set_up` turns it on.
"""

import json
import time
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal, Protocol

from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.spans import Place, Span, nanoseconds, span_in, span_of, trace_of
from loti_contracts.events import Envelope, Event

on = False
"""Whether anybody wants spans."""

beginning: ContextVar[list[Place] | None] = ContextVar("beginning", default=None)
"""The places, in traces that begin with an event of it, of the work that is going on (`traced_work`)."""


class Tells(Protocol):
    """Takes spans to where they are looked at."""

    def wants(self, trace: int) -> bool:
        """Whether this trace is one of the sample."""

    def tell(self, span: Span) -> None:
        """Take it, without waiting."""

    def close(self) -> None:
        """Hand over what is still here."""


class TracingIncomplete(Exception):
    """Traces are wanted and cannot be had; the text says what to do."""


_service = ""
_tells: Tells


def set_up(service: str, settings: ServiceSettings) -> None:
    """Tell spans from now on, if the settings say to whom. Raises TracingIncomplete where the libraries are missing, or
    the folder cannot be written to."""
    if settings.otlp_endpoint is None and settings.traces is None:
        return
    try:
        from loti_contracts.delivery.tracing_export import Export
    except ImportError as error:
        raise TracingIncomplete(
            f"traces are asked for (OTEL_EXPORTER_OTLP_ENDPOINT or LOTI_TRACES), and {error.name} is not "
            "installed: install loti-contracts[tracing], or unset them"
        ) from error
    tell_to(service, Export(service, settings.traces, collector=settings.otlp_endpoint is not None))


def tell_to(service: str, tells: Tells | None) -> None:
    """Tell this service's spans to that; None: to nobody."""
    global on, _service, _tells
    on, _service = tells is not None, service
    if tells is not None:
        _tells = tells


def tell(span: Span) -> None:
    """Tell one, if its trace is wanted. Only while tracing is on."""
    if _tells.wants(span.place.trace):
        _tells.tell(span)


def close() -> None:
    """Hand over what was told, at the end of a process."""
    if on:
        _tells.close()


def carried(envelope: Envelope[Event]) -> dict[str, str]:
    """The headers of a message that take its place along. An event that nobody caused begins a trace, under the work that
    is going on."""
    trace, parent = trace_of(envelope.correlation_id), None
    if envelope.causation_id is not None:
        parent = span_in(_service, envelope.causation_id)
    elif (places := beginning.get()) is not None:
        parent = span_in("work", envelope.id)
        places.append(Place(trace, parent))
    headers = {"traceparent": f"00-{trace:032x}-{span_of(envelope.id):016x}-{int(_tells.wants(trace)):02x}"}
    return headers if parent is None else headers | {"tracestate": f"loti={parent:016x}"}


def published(rows: Sequence[Any], *, read: int, sent: int) -> None:
    """Kafka has these rows of the outbox, which were `read` and `sent` then (nanoseconds)."""
    for row in rows:
        headers = json.loads(row["headers"])
        if (carried := headers.get("traceparent")) is None or carried.endswith("-00"):
            continue  # it was put down before anybody wanted traces, or is none of the sample
        parent = headers.get("tracestate", "").removeprefix("loti=")
        place = Place(int(carried[3:35], 16), int(carried[36:52], 16), int(parent, 16) if parent else None)
        said = nanoseconds(datetime.fromisoformat(headers["ce_time"]))
        facts = _of_message(row["topic"], headers["ce_id"], headers["ce_type"], "send")
        tell(Span(f"send {row['topic']}", place, said, sent, "producer", facts))
        tell(Span("outbox", place.under(), said, read))
        tell(Span("publish", place.under(), read, sent))


def handled(envelopes: Sequence[Envelope[Event]], *, began: int, done: int) -> None:
    """These had their effect together, and that is committed now; the handler was through with them at `done`."""
    now = time.time_ns()
    for one in envelopes:
        topic = one.event.topic
        place = Place(trace_of(one.correlation_id), span_in(_service, one.id), span_of(one.id))
        facts = _of_message(topic, one.id, one.event.type, "process") | {
            "messaging.consumer.group.name": f"loti.{_service}",
            "messaging.batch.message_count": len(envelopes),
        }
        tell(Span(f"process {topic}", place, began, now, "consumer", facts))
        tell(Span("handle", place.under(), began, done))
        tell(Span("commit", place.under(), done, now))


def _of_message(topic: str, id_: str, type_: str, doing: Literal["send", "process"]) -> dict[str, str | int]:
    """By OpenTelemetry's names (semantic conventions for messaging and for CloudEvents). No key: it may be a person's id."""
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.operation.name": doing,
        "messaging.operation.type": doing,
        "messaging.message.id": id_,
        "cloudevents.event_id": id_,
        "cloudevents.event_type": type_,
    }
