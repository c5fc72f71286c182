"""Statements: what people say to the system, published straight to its topic.

The same statement always carries the same event id, so that saying it twice has no second effect.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer
from pydantic import ValidationError

from loti_contracts.delivery.broker import Broker
from loti_contracts.events import (
    AnswerStated,
    ContactErased,
    ContactStated,
    ContributionStated,
    Event,
    ItemPublished,
    ItemRetired,
    NotSayable,
    OutcomeStated,
    RequestStated,
    ReviewStated,
    RoundStated,
    SupporterStated,
    encode,
    envelop,
    topic_named,
)

SAYABLE: dict[str, type[Event]] = {
    event.type: event
    for event in (
        AnswerStated,
        ContactErased,
        ContactStated,
        ContributionStated,
        ItemPublished,
        ItemRetired,
        OutcomeStated,
        RequestStated,
        ReviewStated,
        RoundStated,
        SupporterStated,
    )
}
"""What people may say. Everything else is said by a service, through its outbox."""

_NAMESPACE = uuid.UUID("3d0f2a10-6a0b-5c0e-9a7e-51c8f1a2d3b4")


class StatementRefused(ValueError):
    """A line is not a statement; the text says which line, what is wrong and what is allowed."""


def read_statements(lines: Iterable[str]) -> Iterator[Event]:
    """JSON Lines of `{"type": "london.loti.request.stated.v1", "data": {…}}`. Raises StatementRefused."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except json.JSONDecodeError as error:
            raise StatementRefused(f"line {number} is not JSON: {error}") from error
        model = SAYABLE.get(str(said.get("type"))) if isinstance(said, dict) else None
        if model is None:
            raise StatementRefused(f"line {number}: `type` must be one of {', '.join(sorted(SAYABLE))}")
        try:
            statement = model.model_validate(said.get("data"))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "data"
            raise StatementRefused(f"line {number}, {where}: {first['msg']}") from error
        try:
            encode(envelop(statement, source="/loti/portal", time=datetime.now(UTC)))
        except NotSayable as error:
            raise StatementRefused(f"line {number}: {error}") from error
        yield statement


async def say(kafka: str | Broker, events: Sequence[Event]) -> None:
    """Publish and wait until Kafka has them all. Raises KafkaError."""
    broker = Broker(kafka) if isinstance(kafka, str) else kafka
    producer = AIOKafkaProducer(**broker.client(), acks="all", enable_idempotence=True)
    try:
        await producer.start()
        for event in events:
            envelope = envelop(
                event,
                source=f"/loti/{topic_named(event.topic).owner}",
                time=datetime.now(UTC),
                id=str(uuid.uuid5(_NAMESPACE, f"{event.type}\n{event.subject}\n{event.model_dump_json()}")),
            )
            key, value, headers = encode(envelope)
            await producer.send_and_wait(event.topic, key=key, value=value, headers=headers)
    finally:
        await producer.stop()
