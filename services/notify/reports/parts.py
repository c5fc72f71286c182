"""Parts: a message that came back, as far as it can be read, whatever its bytes. Pure.

The standard library's lenient policy reads it; everything here is text and may be nonsense.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import HeaderParser
from typing import Final, TypeAlias

Fields: TypeAlias = tuple[tuple[str, str], ...]
"""Names in lower case, and values on one line, in order."""

Part: TypeAlias = "Message[str, str]"

LARGEST: Final = 1024 * 1024
"""Bytes. A report quotes at most the mail that it is about, and ours are far smaller."""
_DEEPEST = 4
_LONGEST = 10_000
_MOST = 100
_MOST_BOUNDARIES = 1_000
_MOST_BLOCKS = 10_000
_CONTENT_TYPE = re.compile(rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)


class Unreadable(ValueError):
    """These bytes are no message that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message that came: its own fields, its parts (none of what it quotes), and the fields of what it quotes."""

    fields: Fields
    parts: tuple[Part, ...]
    quoted: Fields


def read(raw: bytes) -> Came:
    """The message. Raises Unreadable."""
    if (trouble := _out_of_proportion(raw)) is not None:
        raise Unreadable(trouble)
    try:
        message = email.message_from_bytes(raw)
        parts = tuple(_parts(message, 0))[:_MOST]
        quoted = tuple(field for part in parts for field in _quoted(part))
        own = fields(message)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        # the standard library's reader has a fault or two that odd input finds
        raise Unreadable(f"it is no message that can be read: {type(error).__name__}") from error
    if not own:
        raise Unreadable("it has no header fields, so it is no message")
    return Came(own, parts, quoted)


def fields(message: Part) -> Fields:
    """All header fields of a message or of a block of fields."""
    return tuple(
        (str(name).lower(), " ".join(str(value)[:_LONGEST].split())) for name, value in message.items()
    )


def text(part: Part) -> str:
    """The text of a part, whatever its encoding says."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return payload.decode("utf-8", errors="replace")


def blocks(part: Part) -> tuple[Fields, ...]:
    """The blocks of fields in a `message/delivery-status` or the like, parted by empty lines."""
    found: list[Fields] = []
    rest: list[str] = []
    payload = part.get_payload()
    for one in payload if isinstance(payload, list) else []:
        if isinstance(one, Message):
            found.append(fields(one))
            inner = one.get_payload()
            rest.append(inner if isinstance(inner, str) else "")
    loose = "\n".join(rest) if isinstance(payload, list) else str(payload)
    if str(part.get("content-transfer-encoding", "")).strip().lower() in ("base64", "quoted-printable"):
        bare: Part = Message()
        bare["content-transfer-encoding"] = str(part["content-transfer-encoding"])
        bare.set_payload(loose if loose.strip() or not found else _again(payload))
        loose, found = text(bare), []
    found.extend(fields(HeaderParser().parsestr(block.strip("\r\n"))) for block in _split(loose))
    return tuple(block for block in found if block)


def first(of: Fields, *names: str) -> str:
    """The first value of the first of these names that is there; empty where none is."""
    return next((value for name in names for known, value in of if known == name and value), "")


def _out_of_proportion(raw: bytes) -> str | None:
    """Why a message is not even begun: anybody may write to the bounce address, and the standard library's reader takes
    many seconds over some messages that no mail system makes."""
    if len(raw) > LARGEST:
        return f"it has more than {LARGEST} bytes"
    if raw.count(b"\n--") > _MOST_BOUNDARIES or raw.count(b"\n\n") + raw.count(b"\n\r\n") > _MOST_BLOCKS:
        return "it has more parts than any report"
    if any(len(found[0]) > _LONGEST for found in _CONTENT_TYPE.finditer(raw)):
        return "it has a Content-Type longer than any report's"
    return None


def _parts(message: Part, depth: int) -> Iterator[Part]:
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list) and depth < _DEEPEST:
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _quoted(part: Part) -> Fields:
    """The header fields of the mail that a report gives back, whole or only its head."""
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind in ("message/rfc822", "message/global") and isinstance(payload, list):
        return tuple(field for inner in payload if isinstance(inner, Message) for field in fields(inner))
    if kind in ("text/rfc822-headers", "text/rfc822", "message/global-headers"):
        if isinstance(payload, list):
            return tuple(field for inner in payload if isinstance(inner, Message) for field in fields(inner))
        return fields(HeaderParser().parsestr(text(part)))
    return ()


def _split(loose: str) -> list[str]:
    return [block for block in re.split(r"\r?\n[ \t]*\r?\n", loose) if ":" in block]


def _again(payload: object) -> str:
    """The text that was taken for fields before it was decoded."""
    inner = payload[0] if isinstance(payload, list) and payload else None
    return (
        "\n".join(f"{name}: {value}" for name, value in inner.items()) if isinstance(inner, Message) else ""
    )
