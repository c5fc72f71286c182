"""Where spans go: to a collector over OTLP (HTTP), and to files of JSON Lines.

Loaded only where traces are wanted. Where, how many of them, with what headers and how long they are kept here is read
from OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_…, OTEL_TRACES_SAMPLER, OTEL_BSP_…, OTEL_RESOURCE_ATTRIBUTES).
"""

import json
import os
from pathlib import Path
from typing import Final, TextIO

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NoOpTracer, SpanContext, SpanKind, TraceFlags

from loti_contracts.delivery.spans import Kind, Span
from loti_contracts.delivery.tracing import TracingIncomplete

_KINDS: Final[dict[Kind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)


class Export:
    """Takes spans; threads of its own take them further. Raises TracingIncomplete where the folder cannot be written to."""

    def __init__(self, service: str, folder: Path | None, *, collector: bool) -> None:
        named = Resource({"service.name": service, "service.namespace": "talent-exchange"})
        provider = TracerProvider(shutdown_on_exit=False)
        self._resource = Resource.create().merge(named).merge(OTELResourceDetector().detect())
        self._sampler, self._scope = provider.sampler, InstrumentationScope("loti")
        self._off = isinstance(provider.get_tracer("loti"), NoOpTracer)  # OTEL_SDK_DISABLED
        self._file = None if folder is None else _opened(folder / f"{service}-{os.getpid()}.jsonl")
        to: list[SpanExporter] = [OTLPSpanExporter()] if collector else []
        if self._file is not None:
            to.append(ConsoleSpanExporter(out=self._file, formatter=as_line))
        self._processors = [BatchSpanProcessor(exporter) for exporter in to]

    def wants(self, trace: int) -> bool:
        """As the sampler says, to every service alike: its answer depends on the trace's id alone."""
        sample = self._sampler.should_sample(None, trace, "").decision
        return bool(sample.is_sampled()) and not self._off  # type: ignore[no-untyped-call]

    def tell(self, span: Span) -> None:
        """Hand it to the threads. It has ended already, with the ids that it must have: no tracer is needed to begin it."""
        place = span.place
        parent = None
        if place.parent is not None:
            parent = SpanContext(place.trace, place.parent, is_remote=True, trace_flags=_SAMPLED)
        told = ReadableSpan(
            name=span.name,
            context=SpanContext(place.trace, place.span, is_remote=False, trace_flags=_SAMPLED),
            parent=parent,
            resource=self._resource,
            attributes=span.attributes,
            kind=_KINDS[span.kind],
            instrumentation_scope=self._scope,
            start_time=span.began,
            end_time=max(span.began, span.ended),
        )
        for processor in self._processors:
            processor.on_end(told)

    def close(self) -> None:
        """Hand over what is still here; a collector that is away is not waited for longer than its timeout."""
        for processor in self._processors:
            processor.shutdown()  # type: ignore[no-untyped-call]
        if self._file is not None:
            self._file.close()


def _opened(file: Path) -> TextIO:
    try:
        return file.open("a", encoding="utf-8")
    except OSError as error:
        raise TracingIncomplete(
            f"LOTI_TRACES: {file} cannot be written ({error.strerror}); name a folder that is there"
        ) from error


def as_line(span: ReadableSpan) -> str:
    """A span as one line of JSON: ids in hexadecimal, times in nanoseconds since 1970."""
    own, parent = span.get_span_context(), span.parent
    assert own is not None  # noqa: S101 - a span that ended has its ids
    told = {
        "trace": f"{own.trace_id:032x}",
        "span": f"{own.span_id:016x}",
        "parent": f"{parent.span_id:016x}" if parent else None,
        "service": span.resource.attributes["service.name"],
        "name": span.name,
        "kind": span.kind.name.lower(),
        "began": span.start_time,
        "ended": span.end_time,
        "attributes": dict(span.attributes or {}),
    }
    return json.dumps(told) + "\n"
