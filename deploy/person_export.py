"""What the whole system holds on one person: the rows of every service that name it, and what topics say of it."""

import json
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.settings import SERVICES
from loti_contracts.delivery.about_people import pattern_of, plain, rows_about
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.holdings import OF_DELIVERY, Holding
from loti_contracts.events import TOPICS, Topic

_WHO = "SELECT id, email FROM contact WHERE id = $1 OR lower(email) = lower($1)"


async def terms_of(databases: Mapping[str, str], asked: str) -> Sequence[str]:
    """Every id and address of the person that was asked for by one of them; what was asked for comes first."""
    terms = {asked: None}
    for service in ("portal", "notify"):
        async with _connected(databases[service]) as connection:
            for row in await connection.fetch(_WHO, asked):
                terms |= {text: None for text in (row["id"], row["email"]) if text}
    return list(terms)


async def held_by_services(databases: Mapping[str, str], terms: Sequence[str]) -> dict[str, Any]:
    """By service and table: what it is, why it is kept, and the rows that name one of these terms."""
    services: dict[str, Any] = {}
    for service in (one for one in SERVICES if one in databases):
        own: Sequence[Holding] = import_module(f"services.{service}.holdings").HOLDINGS
        async with _connected(databases[service]) as connection:
            tables = {one.table: await _rows(connection, one, terms) for one in (*own, *OF_DELIVERY)}
        services[service] = {table: found for table, found in tables.items() if found}
    return {name: tables for name, tables in services.items() if tables}


async def _rows(connection: Connection, holding: Holding, terms: Sequence[str]) -> dict[str, Any] | None:
    rows = await rows_about(connection, holding, terms)
    return {"what": holding.what, "kept": holding.because, "rows": rows} if rows else None


async def said_on_topics(
    kafka: str, terms: Sequence[str], topics: Sequence[Topic] = TOPICS
) -> dict[str, Any]:
    """By topic and key the newest messages that name one of these terms."""
    looked_for = re.compile(pattern_of(terms), re.IGNORECASE | re.MULTILINE)
    newest: dict[str, dict[bytes, Any]] = {}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    try:
        await consumer.start()
        places = await _partitions(kafka, (await consumer.topics()) & {topic.name for topic in topics})
        if not places:
            return {}
        consumer.assign(places)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    newest.setdefault(place.topic, {})[record.key] = record.value
    finally:
        await consumer.stop()
    found = {}
    for topic, by_key in newest.items():
        texts = {plain(key): plain(value) for key, value in by_key.items() if value is not None}
        named = {key: _read(text) for key, text in texts.items() if looked_for.search(f"{key}\n{text}")}
        if named:
            found[topic] = named
    return dict(sorted(found.items()))


async def _partitions(kafka: str, topics: Collection[str]) -> list[TopicPartition]:
    """All of them: an operator may have added some."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await admin.start()
        told = await admin.describe_topics(sorted(topics)) if topics else []
    finally:
        await admin.close()
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in told
        for partition in topic["partitions"]
    ]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@asynccontextmanager
async def _connected(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection that reads one snapshot and changes nothing."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
    finally:
        await connection.close()
