"""Dead letters: what can never be handled is kept as it came, with the reason, and said to whoever watches."""

import base64
import json
import traceback
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgetting import names_people
from loti_contracts.events import DeadLetter, MessageParked, NotReadable, topic_named

_queries = queries_beside(__file__)
_BUG = "unexpected "
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
) -> bool:
    """Keep the message as a dead letter and, if it is to be `said`, say so, in the transaction `tx`. Whether it is new:
    parking twice keeps one."""
    row = await _queries.park(
        tx,
        id=message.letter_id(),
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=json.dumps([(_storable(name), _base64(text)) for name, text in message.headers]),
        reason=reason,
        stack=stack_of(error),
        attempts=attempts,
        timestamp=message.timestamp,
        said_by=service if said else None,
    )
    if row is not None and said:
        parked = MessageParked(dead_letter=told(row, service=service))
        await outbox.add(tx, parked, source=f"/loti/{service}")
    return row is not None


def told(row: Mapping[str, Any], *, service: str) -> DeadLetter:
    """A row of the table, as events tell it: what is about people, or in their own words, stays in the table, where an
    erasure reaches it; the topic keeps what it was told for thirty days."""
    private = _is_restricted(row["topic"])
    return DeadLetter(
        id=str(row["id"]),
        revision=row["revision"],
        service=service,
        topic=row["topic"],
        partition=row["partition"],
        offset=row["message_offset"],
        reason="see the service's own table: the topic is restricted" if private else _told(row)[:2_000],
        attempts=row["attempts"],
        key=None if private else _short(row["key"]),
        value=None if names_people(row["topic"]) else _short(row["value"]),
        headers=() if private else tuple((n, t) for n, t in json.loads(row["headers"])[:50]),
        parked_at=row["parked_at"],
        status=status_of(row),
        replayed_at=row["replayed_at"],
        discarded_at=row["discarded_at"],
        discarded_why=None if row["discarded_why"] is None else row["discarded_why"][:500],
    )


def status_of(row: Mapping[str, Any]) -> Literal["parked", "replayed", "discarded"]:
    """What became of a letter."""
    if row["replayed_at"] is not None:
        return "replayed"
    return "parked" if row["discarded_at"] is None else "discarded"


def as_received(row: Mapping[str, Any]) -> Received:
    """The message as it came, from a row of the table."""
    return Received(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["message_offset"],
        timestamp=row["message_timestamp"] or 0,  # letters of long ago have none
        key=row["key"],
        value=row["value"],
        headers=[(name, base64.b64decode(text)) for name, text in json.loads(row["headers"])],
    )


def _told(row: Mapping[str, Any]) -> str:
    """The reason; of a bug with a message about people its kind alone, since the error may quote the message."""
    reason: str = row["reason"]
    if reason.startswith(_BUG) and names_people(row["topic"]):
        return f"{reason.partition(':')[0]}: see the service's own table"
    return reason


def reason_of(error: BaseException) -> str:
    """Why a message is parked, for a person to read."""
    if isinstance(error, (Park, NotReadable)):
        return _storable(str(error))
    if isinstance(error, asyncpg.DataError):
        return _storable(f"a value in it is one that no table can keep: {error}")
    return _storable(f"{_BUG}{type(error).__name__}: {error}")


def stack_of(error: BaseException | None) -> str | None:
    """Where it was raised."""
    return _storable("".join(traceback.format_exception(error))) if error else None


async def letter(connection: Connection, id_: uuid.UUID) -> dict[str, Any] | None:
    """One dead letter, whole, or None."""
    row = await _queries.parked_by_id(connection, id=id_)
    return dict(row) if row else None


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
