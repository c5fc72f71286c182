"""Reading: what a message that came back says, of which of our mails, and whether that can be believed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from services.notify.reports import arf, dsn, plain_bounces, return_path
from services.notify.reports.arf import Feedback
from services.notify.reports.dsn import Fate
from services.notify.reports.parts import Came, Unreadable, first
from services.notify.reports.parts import read as read_parts


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a mail, for each recipient named, or what a reader said of it.

    `signed`: it came by the return path that only those have seen who had the mail. Without that, anybody could have
    written it.
    """

    mail_id: UUID
    signed: bool
    says: tuple[Fate, ...] | Feedback


@dataclass(frozen=True, slots=True)
class Passed:
    """A message that is none of our business, such as an automatic reply. `why` says which."""

    why: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A message that nothing can be done with; it must be kept for a person to look at."""

    why: str


Found: TypeAlias = Report | Passed | NotTaken


def read(raw: bytes, keys: Sequence[str], *, domain: str) -> Found:
    """Whatever the bytes are. `domain` is the one of our Message-IDs."""
    try:
        came = read_parts(raw)
    except Unreadable as error:
        return NotTaken(str(error))
    feedback = arf.read(came)
    says = feedback or dsn.read(came) or plain_bounces.read(came)
    if not says:
        return _no_report(came)
    path = return_path.read(_texts(came, feedback), keys)
    if path.about is not None:
        return Report(path.about, True, says)
    if path.forged and not keys:
        return NotTaken(
            "LOTI_LINK_KEYS is empty, so no return path can be checked: set the keys of the service"
        )
    if path.forged:
        return NotTaken(
            "its return path is not signed with one of our keys: it is forged, or the key (LOTI_LINK_KEYS) is gone"
        )
    mail = return_path.read_message_id(_message_ids(came), domain=domain)
    if mail is not None:
        return Report(mail, False, says)
    return NotTaken("it is a report, but neither a return path nor a Message-ID of ours is in it")


def _no_report(came: Came) -> Found:
    automatic = first(came.fields, "auto-submitted").partition(";")[0].strip().lower()
    if automatic.startswith("auto-replied") or first(came.fields, "x-autoreply", "x-autorespond"):
        return Passed("it is an automatic reply")
    return NotTaken("it is neither a delivery report (RFC 3464) nor a feedback report (RFC 5965)")


def _texts(came: Came, feedback: Feedback | None) -> list[str]:
    """Where a return path may stand: to whom the report went first, then what it says, then what it quotes."""
    return [
        *(value for name, value in came.fields if name in _ADDRESSED),
        *(feedback.return_paths if feedback else ()),
        *(value for _, value in came.quoted),
    ]


def _message_ids(came: Came) -> list[str]:
    return [
        *(value for name, value in came.quoted if name == "message-id"),
        *(
            value
            for name, value in came.fields
            if name in ("in-reply-to", "references", "original-message-id")
        ),
    ]


_ADDRESSED = frozenset(
    {"to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to"}
)
