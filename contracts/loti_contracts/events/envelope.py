"""CloudEvents 1.0 on Kafka, binary mode: attributes in `ce_*` headers, the event as JSON in the value.

Source: CloudEvents Kafka protocol binding 1.0.2, section 3.2.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from loti_contracts.events.base import EARLIEST, LATEST, Erasure, Event
from loti_contracts.events.catalogue import event_class

E_co = TypeVar("E_co", bound=Event, covariant=True)
Ev = TypeVar("Ev", bound=Event)
Headers = Sequence[tuple[str, bytes]]

LARGEST_REVISION = 2**31 - 1
"""What counts up by one never comes near it; more is damage, and tables could not hold it."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON escapes it, the only way in which JSON may have it; a backslash before it is no escape of it."""


@dataclass(frozen=True, slots=True)
class Envelope(Generic[E_co]):
    """An event with its CloudEvents attributes.

    `id` is unique for ever. `correlation_id` is the same on everything that one first cause led to;
    `causation_id` is the id of the event that this one answers.
    """

    event: E_co
    id: str
    source: str
    time: datetime
    correlation_id: str
    causation_id: str | None = None

    @property
    def subject(self) -> str:
        """The key of the message."""
        return self.event.subject


def envelop(
    event: Ev,
    *,
    source: str,
    time: datetime,
    caused_by: "Envelope[Event] | None" = None,
    id: str | None = None,
) -> Envelope[Ev]:
    """A new envelope around an event; it carries its cause's correlation id on."""
    own = id or str(uuid.uuid4())
    return Envelope(
        event=event,
        id=own,
        source=source,
        time=time,
        correlation_id=caused_by.correlation_id if caused_by else own,
        causation_id=caused_by.id if caused_by else None,
    )


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message of a type that this version does not know: newer than the reader, to be passed over."""

    type: str


class NotReadable(Exception):
    """The message is not an event of the contract: the text says what, where, and what was expected."""


class NotSayable(ValueError):
    """The event has something in it that no reader could take; the text says what."""


def encode(envelope: Envelope[Event]) -> tuple[bytes, bytes | None, list[tuple[str, bytes]]]:
    """Key, value and headers for Kafka. An erasure's value is None: a tombstone. Raises NotSayable for what `decode` would
    refuse for its characters."""
    event = envelope.event
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_source": envelope.source,
        "ce_type": event.type,
        "ce_subject": event.subject,
        "ce_time": envelope.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce_correlationid": envelope.correlation_id,
    }
    if envelope.causation_id is not None:
        attributes["ce_causationid"] = envelope.causation_id
    attributes["content-type"] = "application/json"
    try:
        value = None if isinstance(event, Erasure) else event.model_dump_json().encode()
    except PydanticSerializationError as error:  # a half of a surrogate pair
        raise NotSayable(f"{event.type} has a text that is no Unicode: {error}") from error
    if "\0" in event.subject or (value is not None and _has_nul(value)):
        raise NotSayable(
            f"{event.type} has the character U+0000 in a text, which no table can keep; leave it out"
        )
    return event.subject.encode(), value, [(name, text.encode()) for name, text in attributes.items()]


def decode(key: bytes | None, value: bytes | None, headers: Headers) -> Envelope[Event] | Unknown:
    """Read a Kafka message.

    Raises NotReadable where it is not an event of the contract; returns Unknown where its type is one that
    this version has never heard of.
    """
    attributes = _attributes(headers)
    type_ = _required(attributes, "ce_type")
    model = event_class(type_)
    if model is None:
        return Unknown(type_)
    id_ = _required(attributes, "ce_id")
    event = _event(model, key, value)
    return Envelope(
        event=event,
        id=id_,
        source=_required(attributes, "ce_source"),
        time=_time(_required(attributes, "ce_time")),
        correlation_id=attributes.get("ce_correlationid") or id_,
        causation_id=attributes.get("ce_causationid"),
    )


def _has_nul(value: bytes) -> bool:
    """Whether a text in this JSON has U+0000. Almost none has the escape at all, and the pattern takes a hundred times as
    long to say so."""
    return b"\\u0000" in value and _NUL.search(value) is not None


def _attributes(headers: Headers) -> dict[str, str]:
    try:
        found = {name: (text or b"").decode() for name, text in headers}
    except UnicodeDecodeError as error:
        raise NotReadable(f"a header is not UTF-8: {error.object[:40]!r}") from error
    for name, text in found.items():
        if "\0" in text:
            raise NotReadable(f"the header {name[:40]} has the character U+0000, which no table can keep")
    return found


def _required(attributes: dict[str, str], name: str) -> str:
    text = attributes.get(name)
    if not text:
        raise NotReadable(f"the header {name} is missing; CloudEvents in binary mode carry it")
    return text


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotReadable(f"ce_time is not RFC 3339: {text[:40]!r}") from error
    if not EARLIEST.year < time.year < LATEST.year:
        raise NotReadable(
            f"ce_time is not in a year from {EARLIEST.year + 1} to {LATEST.year - 1}: {text[:40]!r}"
        )
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _event(model: type[Event], key: bytes | None, value: bytes | None) -> Event:
    subject = (key or b"").decode(errors="replace")
    if issubclass(model, Erasure):
        if not 0 < len(subject) <= 200:
            raise NotReadable(
                f"{model.type} needs a key of 1 to 200 characters: the id of the contact to erase"
            )
        if "\0" in subject:
            raise NotReadable(f"the key of {model.type} has the character U+0000; it is the id of no contact")
        return model(contact_id=subject)
    if value is None:
        raise NotReadable(f"{model.type} has an empty value; only an erasure may be a tombstone")
    if _has_nul(value):
        raise NotReadable(
            f"{model.type} has the character U+0000 in a text, which no table can keep; leave it out"
        )
    try:
        event = model.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the value"
        raise NotReadable(
            f"{model.type} does not fit its schema in {error.error_count()} place(s); {where}: {first['msg']}"
        ) from error
    if event.state.revision > LARGEST_REVISION:
        raise NotReadable(
            f"the revision {event.state.revision} is no count of changes: it begins with 1 and rises by one"
        )
    if subject != event.subject:
        raise NotReadable(f"the key {subject[:60]!r} is not the id in the value {event.subject[:60]!r}")
    return event
