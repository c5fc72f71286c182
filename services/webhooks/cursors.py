"""A place in the log of events, as readers carry it. They need not understand it, and keep it as long as they like."""

import base64
import binascii
import struct
from dataclasses import dataclass
from uuid import UUID

_FORM = struct.Struct(">B16sQ?")
_VERSION = 1


class NotACursor(ValueError):
    """The text was never given as a cursor here."""


class NoLongerKept(Exception):
    """What follows the cursor is not whole any more; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Log:
    """Which log it is, its last position, and the position up to which states that were superseded are gone."""

    id: UUID
    last: int = 0
    thinned: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """After which position to go on. `replaying`: the reader is still among what was thinned out before it came, and
    was promised the newest state of each thing, not every event."""

    log: UUID
    position: int
    replaying: bool = False

    def __str__(self) -> str:
        packed = _FORM.pack(_VERSION, self.log.bytes, self.position, self.replaying)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(text: str) -> Cursor:
    """The cursor that was given as this text. Raises NotACursor."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        version, log, position, replaying = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError) as error:
        raise NotACursor("`after` is not a cursor; give the one of the last answer, unchanged") from error
    if version != _VERSION or str(cursor := Cursor(UUID(bytes=log), position, replaying)) != text:
        raise NotACursor("`after` is not a cursor; give the one of the last answer, unchanged")
    return cursor


def start(log: Log) -> Cursor:
    """Before everything that is kept."""
    return at(0, log)


def at(position: int, log: Log) -> Cursor:
    """After that position."""
    return Cursor(log.id, position, replaying=position < log.thinned)


def check(cursor: Cursor, log: Log) -> None:
    """Raises NoLongerKept where going on from here would leave something out."""
    again = "begin again without `after`: that gives the newest state of each thing, and all that is kept"
    if cursor.log != log.id or cursor.position > log.last:
        raise NoLongerKept(f"this cursor points into another log of events than the one kept here; {again}")
    if not cursor.replaying and cursor.position < log.thinned:
        raise NoLongerKept(f"events that followed this cursor have been superseded and removed; {again}")
