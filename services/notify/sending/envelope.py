"""Envelopes: a message on its way, and what a relay must offer to carry it. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.notify.sending.outgoing import Refused
from services.notify.sending.verdicts import Verdict

_DOT_AT_START = re.compile(rb"(?m)^\.")
_NOT_IN_A_COMMAND = re.compile(r"[\x00-\x20<>\x7f]")


@dataclass(frozen=True, slots=True)
class Offers:
    """What the relay said it can (EHLO)."""

    pipelining: bool = False
    smtputf8: bool = False
    eight_bit: bool = False
    size: int | None = None  # None: it does not say; 0: without limit


@dataclass(slots=True, eq=False)
class Delivery:
    """A message on its way; `ended` is told its verdict. `abandoned`: nobody waits for that any more, so it must not be
    handed over. `attempts`: over so many connections it was begun before."""

    return_path: str
    recipients: tuple[str, ...]
    message: bytes
    ended: Callable[[Verdict], None]
    attempts: int = 0
    abandoned: bool = False
    handed_over: bool = False

    @property
    def utf8(self) -> bool:
        """Whether it needs SMTPUTF8: an address has letters beyond ASCII (RFC 6531)."""
        return not (self.return_path.isascii() and all(one.isascii() for one in self.recipients))


def impossible(delivery: Delivery, offers: Offers) -> Verdict | None:
    """Why the relay need not be asked; None: it can be."""
    if any(map(_NOT_IN_A_COMMAND.search, (delivery.return_path, *delivery.recipients))):
        return Verdict(Refused("an address of its envelope is none that SMTP can carry"))
    if delivery.utf8 and not offers.smtputf8:
        return Verdict(Refused("the address needs SMTPUTF8, which the relay does not offer"))
    if offers.size and len(delivery.message) > offers.size:
        return Verdict(
            Refused(f"the message has {len(delivery.message)} bytes, the relay takes {offers.size}")
        )
    return None


def mail_command(delivery: Delivery, offers: Offers) -> bytes:
    """MAIL, with what the relay wants to know beforehand."""
    options = ""
    if offers.size is not None:
        options += f" SIZE={len(delivery.message)}"
    if delivery.utf8:
        options += " BODY=8BITMIME SMTPUTF8" if offers.eight_bit else " SMTPUTF8"
    return f"MAIL FROM:<{delivery.return_path}>{options}\r\n".encode()


def with_final_dot(message: bytes) -> bytes:
    """As it is sent: a line that begins with a dot gets another, and a dot ends it (RFC 5321, 4.5.2).

    That its lines end with CRLF is seen to by `message.py`.
    """
    if message.startswith(b".") or b"\n." in message:
        message = _DOT_AT_START.sub(b"..", message)
    return message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def recipients_domains(recipients: Sequence[str]) -> tuple[str, ...]:
    """Each domain once, in order."""
    return tuple(dict.fromkeys(one.rpartition("@")[2].lower() for one in recipients))
