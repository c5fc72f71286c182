"""Dead letters: what can never be handled is kept as it came, with the reason, and said to whoever watches."""

import base64
import json
import traceback
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.errors import Park
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
    row = await _queries.park(
        tx,
        id=message.letter_id(),
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=json.dumps([(name, _base64(text)) for name, text in message.headers]),
        reason=reason,
        stack=stack_of(error),
        attempts=attempts,
    )
    if row is not None and said:
        parked = MessageParked(dead_letter=told(row, service=service))
        await outbox.add(tx, parked, source=f"/loti/{service}")


def told(row: Mapping[str, Any], *, service: str) -> DeadLetter:
    """A row of the table, as events tell it: what is about people stays in the table."""
    private = _is_restricted(row["topic"])
    return DeadLetter(
        id=str(row["id"]),
        revision=row["revision"],
        service=service,
        topic=row["topic"],
        partition=row["partition"],
        offset=row["message_offset"],
        reason="see the service's own table: the topic is restricted" if private else row["reason"][:2_000],
        attempts=row["attempts"],
        key=None if private else _short(row["key"]),
        value=None if private else _short(row["value"]),
        headers=() if private else tuple((n, t) for n, t in json.loads(row["headers"])[:50]),
        parked_at=row["parked_at"],
        status="parked" if row["replayed_at"] is None else "replayed",
        replayed_at=row["replayed_at"],
    )


def as_received(row: Mapping[str, Any]) -> Received:
    """The message as it came, from a row of the table."""
    return Received(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["message_offset"],
        timestamp=0,  # not kept; nothing but the letter's id was made of it
        key=row["key"],
        value=row["value"],
        headers=[(name, base64.b64decode(text)) for name, text in json.loads(row["headers"])],
    )


def reason_of(error: BaseException) -> str:
    """Why a message is parked, for a person to read."""
    return _storable(str(error) if isinstance(error, Park) else f"unexpected {type(error).__name__}: {error}")


def stack_of(error: BaseException | None) -> str | None:
    """Where it was raised."""
    return _storable("".join(traceback.format_exception(error))) if error else None


async def letters(connection: Connection, *, most: int, replayed: bool = False) -> list[dict[str, Any]]:
    """The dead letters, newest first; with those that were handled after all if `replayed`."""
    return [dict(row) async for row in _queries.parked(connection, most=most, replayed=replayed)]


async def letter(connection: Connection, id_: uuid.UUID) -> dict[str, Any] | None:
    """One dead letter, whole, or None."""
    row = await _queries.parked_by_id(connection, id=id_)
    return dict(row) if row else None


async def close_breaker(connection: Connection) -> bool:
    """Let the consumer go on; whether its breaker was open. The consumer notices within seconds."""
    return str(await _queries.close_breaker(connection)) != "DELETE 0"


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold: an error's words may be made of the message that caused it."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")


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
