"""What must be so after an overload: every event had its effect everywhere, nothing was set aside, and what came first was
told first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.events import TOPICS
from tests.overload.world import SERVICES, World


async def said(kafka: str) -> dict[str, dict[str, str]]:
    """Every event on every topic: topic, id, type."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    found: dict[str, dict[str, str]] = {}
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, n) for topic in TOPICS for n in range(topic.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    headers = {name: value.decode() for name, value in record.headers}
                    found.setdefault(place.topic, {})[headers["ce_id"]] = headers["ce_type"]
    finally:
        await consumer.stop()
    return found


async def dropped(world: World) -> dict[str, Counter[str]]:
    """By service: of each type that it handles, how many events on the topics that it hears had no effect in it."""
    everything = await said(world.kafka)
    missing = {}
    for service in SERVICES:
        had = {row["event_id"] for row in await world.query(service, "SELECT event_id FROM inbox")}
        heard = {
            id_: type_
            for topic in TOPICS
            if service in topic.heard_by
            for id_, type_ in everything.get(topic.name, {}).items()
        }
        handled = {heard[id_] for id_ in had & heard.keys()}
        missing[service] = Counter(
            type_ for id_, type_ in heard.items() if type_ in handled and id_ not in had
        )
    return missing


async def set_aside(world: World) -> int:
    """Dead letters in all services."""
    counts = [await world.query(name, "SELECT count(*) AS count FROM dead_letters") for name in SERVICES]
    return sum(int(rows[0]["count"]) for rows in counts)


@dataclass(frozen=True, slots=True)
class Told:
    """An alert: to whom, when its cause was heard, when its mail was taken by the relay."""

    contact: str
    heard_at: datetime
    sent_at: datetime


async def alerts(world: World) -> list[Told]:
    """Of new roles, in the order in which their causes were heard."""
    rows = await world.query(
        "notify",
        """SELECT notification.contact_id, inbox.handled_at, mail.sent_at FROM notification
           JOIN mail ON mail.id = notification.mail_id JOIN inbox ON inbox.event_id = notification.caused_by
           WHERE notification.kind = 'new role' AND mail.sent_at IS NOT NULL ORDER BY inbox.handled_at""",
    )
    return [Told(row["contact_id"], row["handled_at"], row["sent_at"]) for row in rows]


def overtaken(told: Sequence[Told]) -> float:
    """By how many seconds at most an alert left before another one to the same contact whose cause had been heard earlier.
    `told` is in the order of the causes. Pure."""
    worst = 0.0
    earliest_after: dict[str, datetime] = {}
    for one in reversed(told):
        later = earliest_after.get(one.contact)
        if later is not None and later < one.sent_at:
            worst = max(worst, (one.sent_at - later).total_seconds())
        if later is None or one.sent_at < later:
            earliest_after[one.contact] = one.sent_at
    return worst
