"""Dead letters: what can never be handled is kept as it came, with the reason, and said to whoever watches."""

import base64
import json
import traceback
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import DeadLetter, MessageParked, topic_named

_queries = queries_beside(__file__)
_NAMESPACE = uuid.UUID("0b9f6a1e-4a2e-5a53-8c5d-6b3f0f8f7d51")


@dataclass(frozen=True, slots=True)
class Received:
    """A Kafka message as it came."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    @property
    def place(self) -> str:
        """Where it lies, in words."""
        return f"{self.topic}[{self.partition}]@{self.offset}"

    def letter_id(self) -> uuid.UUID:
        """The same for the same message, however often it is parked."""
        return uuid.uuid5(_NAMESPACE, f"{self.topic}:{self.partition}:{self.offset}:{self.timestamp}")


async def park(
    tx: Connection,
    message: Received,
    *,
    service: str,
    reason: str,
    error: BaseException | None,
    attempts: int,
    said: bool = True,
) -> None:
    """Keep the message as a dead letter and, if it is to be `said`, say so, in the transaction `tx`. Parking twice keeps
    one."""
    id_ = message.letter_id()
    result = await _queries.park(
        tx,
        id=id_,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=json.dumps([(name, _base64(text)) for name, text in message.headers]),
        reason=reason,
        stack="".join(traceback.format_exception(error)) if error else None,
        attempts=attempts,
    )
    if result == "INSERT 0 0" or not said:
        return
    private = _is_restricted(message.topic)
    await outbox.add(
        tx,
        MessageParked(
            dead_letter=DeadLetter(
                id=str(id_),
                revision=1,
                service=service,
                topic=message.topic,
                partition=message.partition,
                offset=message.offset,
                reason="see the service's own table: the topic is restricted" if private else reason[:2_000],
                attempts=attempts,
                key=None if private else _short(message.key),
                value=None if private else _short(message.value),
                headers=() if private else tuple((n, _base64(t)) for n, t in message.headers[:50]),
                parked_at=datetime.now(UTC),
            )
        ),
        source=f"/loti/{service}",
    )


async def letters(connection: Connection, *, most: int) -> list[dict[str, Any]]:
    """The dead letters that are kept, newest first."""
    return [dict(row) async for row in _queries.parked(connection, most=most)]


async def letter(connection: Connection, id_: uuid.UUID) -> dict[str, Any] | None:
    """One dead letter, whole, or None."""
    row = await _queries.parked_by_id(connection, id=id_)
    return dict(row) if row else None


async def close_breaker(connection: Connection) -> bool:
    """Let the consumer go on; whether its breaker was open. The consumer notices within seconds."""
    return str(await _queries.close_breaker(connection)) != "DELETE 0"


def _is_restricted(name: str) -> bool:
    try:
        return topic_named(name).restricted
    except KeyError:
        return False


def _base64(text: bytes | None) -> str:
    return base64.b64encode(text or b"").decode()


def _short(text: bytes | None) -> str | None:
    """Base64, or nothing where it would not fit beside the reason; the table has the whole."""
    return None if text is None or len(text) > outbox.LARGEST // 2 else _base64(text)
