"""Traces: places that follow from ids, what messages carry, and that nobody pays who does not want them."""

import asyncio
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from loti_contracts.delivery import outbox, tracing
from loti_contracts.delivery.batch import BatchHandling
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.spans import Place, Span, span_in, span_of, trace_of
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.traced_work import step, work
from loti_contracts.events import TOPICS, Event, RequestStated
from loti_contracts.events.topics import REQUESTS
from tests.delivery.counting import request
from tests.servers import Kafka, Postgres

ids = st.one_of(st.uuids().map(str), st.text(min_size=1, max_size=60))


class Told:
    """Keeps the spans that it is told."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def wants(self, trace: int) -> bool:
        return True

    def tell(self, span: Span) -> None:
        self.spans.append(span)

    def close(self) -> None:
        pass

    def named(self, name: str) -> Span:
        [found] = [span for span in self.spans if span.name == name]
        return found


@pytest.fixture
def told() -> Iterator[Told]:
    """Tracing is on, and told to this."""
    found = Told()
    tracing.tell_to("first", found)
    yield found
    tracing.tell_to("", None)


@given(st.lists(ids, unique=True, min_size=1, max_size=20))
def test_a_place_follows_from_ids_alone(some: list[str]) -> None:
    """The same ids, whoever asks, give the same places; others give others; none is the 0 that stands for no id; and a
    trace is found by the correlation id itself where that is a UUID."""
    for ask in (trace_of, span_of, lambda id_: span_in("notify", id_)):
        found = [ask(id_) for id_ in some]
        assert found == [ask(id_) for id_ in some]
        assert len(set(found)) == len(some)
        assert all(0 < number < 2**128 for number in found)
    assert all(0 < span_of(id_) < 2**64 for id_ in some)
    correlation = str(uuid.uuid4())
    assert f"{trace_of(correlation):032x}" == correlation.replace("-", "")


def test_off_nothing_of_opentelemetry_is_loaded() -> None:
    """A service that is not told where traces go loads no library for them, and does not say them."""
    asked = (
        "import sys\n"
        "import loti_contracts.delivery.process, loti_contracts.delivery.traced_work\n"
        "from loti_contracts.delivery import tracing\n"
        "from loti_contracts.delivery.settings import ServiceSettings\n"
        "tracing.set_up('salaries', ServiceSettings())\n"
        "print(tracing.on, [name for name in sys.modules if name.endswith('tracing_export')\n"
        "    or name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', 'opentelemetry.proto'))])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "False []"


def test_traces_without_the_libraries_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever asks for traces and did not install them learns what to install; a folder that is not there is named."""
    monkeypatch.setenv("LOTI_TRACES", str(tmp_path / "nowhere"))
    with pytest.raises(tracing.TracingIncomplete, match=r"nowhere.*No such file.*name a folder"):
        tracing.set_up("salaries", ServiceSettings())
    monkeypatch.setitem(sys.modules, "loti_contracts.delivery.tracing_export", None)
    with pytest.raises(tracing.TracingIncomplete, match=r"install loti-contracts\[tracing\]"):
        tracing.set_up("salaries", ServiceSettings())
    assert not tracing.on


async def test_a_trace_goes_from_one_service_through_kafka_to_the_next(
    kafka: Kafka, postgres: Postgres, told: Told
) -> None:
    """What one service does, says, another hears, and says of that, is one trace whose spans hang together; the message
    carries its place as W3C Trace Context does. What fails is not told."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn = await postgres.create_database()
    async with asyncpg.create_pool(dsn, min_size=1, max_size=3) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
        cause, answer = request(1).event, request(2).event
        with pytest.raises(ZeroDivisionError):
            await _says_in_vain(pool, cause)
        with work("poll", {"loti.source": "camden"}), step("fetch", "client"):
            async with pool.acquire() as tx, tx.transaction():
                [said] = await outbox.add(tx, cause)
        await _relayed(kafka, dsn)
        message = await _message(kafka, said.id)
        trace = said.correlation_id.replace("-", "")
        assert dict(message.headers)["traceparent"] == f"00-{trace}-{span_of(said.id):016x}-01".encode()

        tracing.tell_to("second", told)

        async def handle(heard: Any, tx: Any) -> None:
            await outbox.add(tx, answer, caused_by=heard[0])

        await _handling(pool, handle).process([message])
        await _relayed(kafka, dsn)
    assert {span.place.trace for span in told.spans} == {int(trace, 16)}
    known = {span.place.span: span for span in told.spans}
    assert len(known) == len(told.spans), "no two spans have one id"
    assert [span.name for span in told.spans if span.place.parent not in known] == ["poll"]
    sends = [span for span in told.spans if span.name == f"send {REQUESTS.name}"]
    above = [known[span.place.parent or 0].name for span in sends]
    assert sorted(above) == ["poll", f"process {REQUESTS.name}"]
    assert (
        known[told.named(f"process {REQUESTS.name}").place.parent or 0].attributes["messaging.message.id"]
        == said.id
    )
    assert all(span.began <= span.ended for span in told.spans)


async def test_what_is_off_leaves_messages_as_they_were(postgres: Postgres) -> None:
    """Without traces a message carries no header of theirs, and work has no traces to be told in."""
    dsn = await postgres.create_database()
    connection = await asyncpg.connect(dsn)
    await migrate_delivery(connection)
    with work("poll") as going, step("fetch"):
        async with connection.transaction():
            await outbox.add(connection, request(1).event)
    assert going is None
    assert "traceparent" not in await connection.fetchval("SELECT headers FROM outbox")
    await connection.close()


def test_a_collector_is_told_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """OTEL_EXPORTER_OTLP_ENDPOINT: the spans are posted to its /v1/traces, with the ids and times they have and the name of
    the service; a trace that the sampler leaves out is not wanted."""
    span = Span("send loti.roles.v1", Place(7, 8, 9), 1_000, 2_000, "producer", {"messaging.system": "kafka"})
    with _collector() as (url, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        tracing.set_up("ingest", ServiceSettings())
        tracing.tell(span)
        tracing.close()
        monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
        tracing.set_up("ingest", ServiceSettings())
        assert '-00"' in f"{tracing.carried(request(1))}".replace("'", '"')
        tracing.tell(span)
        tracing.close()
        tracing.tell_to("", None)
    [(path, body)] = taken
    [resource] = ExportTraceServiceRequest.FromString(body).resource_spans
    [one] = resource.scope_spans[0].spans
    assert path == "/v1/traces"
    assert {one.key: one.value.string_value for one in resource.resource.attributes}[
        "service.name"
    ] == "ingest"
    assert (one.name, one.kind, one.start_time_unix_nano, one.end_time_unix_nano) == (
        span.name,
        4,
        1_000,
        2_000,
    )
    told = [int.from_bytes(id_, "big") for id_ in (one.trace_id, one.span_id, one.parent_span_id)]
    assert told == [7, 8, 9]


@contextmanager
def _collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    taken: list[tuple[str, bytes]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Takes) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()
        thread.join()


async def _says_in_vain(pool: Any, event: Event) -> None:
    with work("poll"):
        async with pool.acquire() as tx, tx.transaction():
            await outbox.add(tx, event)
            raise ZeroDivisionError


def _handling(pool: Any, handle: Any) -> BatchHandling:
    return BatchHandling(
        service="second",
        pool=pool,
        handle=handle,
        handles=frozenset({RequestStated}),
        breaker=Breaker(service="second", pool=pool, limit=20),
        hold=1.0,
        bug_attempts=1,
        stopping=asyncio.Event(),
    )


async def _relayed(kafka: Kafka, dsn: str) -> None:
    stopping = asyncio.Event()
    stopping.set()  # it publishes what is there, and ends
    await Relay(service=uuid.uuid4().hex, dsn=dsn, kafka=kafka.bootstrap, most=50, poll=0.2).run(stopping)


async def _message(kafka: Kafka, id_: str) -> Received:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(REQUESTS.name, n) for n in range(REQUESTS.partitions)])
        async for record in consumer:
            if dict(record.headers).get("ce_id") == id_.encode():
                return Received(
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    key=record.key,
                    value=record.value,
                    headers=record.headers,
                    timestamp=record.timestamp,
                )
    finally:
        await consumer.stop()
    raise AssertionError("it did not come")
