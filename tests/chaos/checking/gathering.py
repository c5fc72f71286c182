"""Reads all that there is: the whole log of every topic, the tables that can be recomputed, the mailbox."""

import asyncio
import json
from collections.abc import Mapping
from typing import Final

import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.events import TOPICS, NotReadable, Unknown, decode
from services.portal.heard.columns import TABLES
from tests.chaos.addresses import Addresses
from tests.chaos.checking.world import Heard, Row, World
from tests.chaos.settling import reading

_EVERYWHERE: Final = {
    "inbox": "event_id",
    "outbox": "position, topic, encode(key, 'escape') AS key, added_at",
    "dead_letters": "id, topic, encode(key, 'escape') AS key, reason, headers, replayed_at",
    "breaker": "opened_at, reason",
}
_PORTAL: Final = {
    **{table.name: "id, revision, state" for table in TABLES.values()},
    "role_history": "id, revision, type, changed, state",
    "benchmark_history": "id, revision, p25, p50, p75, adverts",
    "item_history": "id, revision, state",
    "follow_up": "match_id, after, contact_ids",
}
TABLES_READ: Final[Mapping[str, Mapping[str, str]]] = {
    "ingest": {
        "roles": "id, source, role",
        "sightings": "id, source, posting_key, role_id, reading, missing",
        "sources": "id, said, failures, last_outcome",
    },
    "salaries": {
        "observations": "*",
        "superseded_observations": "role_id, revision",
        "benchmarks": "id, benchmark",
        "pay_signals": "id, signal",
    },
    "matching": {
        "supporters": "id, revision, state",
        "requests": "id, revision, state",
        "matches": "id, request_id, status, accepted_supporter_id, state, finished",
        "answers": "match_id, revision, state",
        "outcomes": "match_id, revision, state",
        "roles": "id, revision, status, state",
        "benchmarks": "id, revision, state",
        "shared_demand": "standard_role, state",
        "novel_roles": "role_id, state",
        "hard_roles": "role_id, state",
    },
    "notify": {
        "contact": "id, revision, email, erased_at, borough, roles",
        "choice": "contact_id, revision, status, subscriptions",
        "thing": "kind, id, revision, current, state, judged",
        "notification": "id, kind, about, contact_id, thing_kind, thing_id, revision, withheld, mail_id, due_at, held",
        "mail": "id, kind, status, attempts, doubts, answer",
    },
    "library": {
        "items": "id, revision, status, state",
        "drafts": "id, revision, status, heard, state",
        "reviews": "id, revision",
        "adverts": "role_id, revision, standard_role, level, open",
        "gaps": "id, revision, standard_role, level, state, to_assemble",
    },
    "portal": _PORTAL,
    "webhooks": {
        "events": "position, id, type, topic, key",
        "things": "topic, key, revision",
        "deliveries": "endpoint, event_id, state, attempts",
    },
}
"""What is read of each service's database, by table: its columns."""


async def gather(addresses: Addresses) -> World:
    """Read everything. Raises what Kafka, PostgreSQL and HTTP raise."""
    log, unreadable, unknown = await _log(addresses.kafka)
    tables = {service: await _tables(addresses, service) for service in addresses.databases}
    async with httpx2.AsyncClient(timeout=120) as client:
        mails = (await client.get(f"{addresses.mails}/mails.json")).raise_for_status().json()
    return World(log, tables, mails, unreadable, unknown)


async def _tables(addresses: Addresses, service: str) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    async with reading(addresses, service) as connection, connection.transaction(isolation="repeatable_read"):
        for table, columns in (_EVERYWHERE | dict(TABLES_READ.get(service, {}))).items():
            # The names are our own.
            rows = await connection.fetch(
                f"SELECT to_jsonb(it)::text FROM (SELECT {columns} FROM {table}) AS it"
            )
            found[table] = [json.loads(row[0]) for row in rows]
    return found


async def _log(kafka: str) -> tuple[list[Heard], list[str], int]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        max_poll_records=5000,
    )
    heard: list[Heard] = []
    unreadable: list[str] = []
    unknown = 0
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, n) for topic in TOPICS for n in range(topic.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    try:
                        said = decode(record.key, record.value, record.headers)
                    except NotReadable as error:
                        unreadable.append(f"{place.topic}[{place.partition}]@{record.offset}: {error}")
                        continue
                    if isinstance(said, Unknown):
                        unknown += 1
                    else:
                        heard.append(Heard(place.topic, place.partition, record.offset, said))
                await asyncio.sleep(0)
    finally:
        await consumer.stop()
    return heard, unreadable, unknown
