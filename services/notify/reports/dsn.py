"""Delivery status notifications: what became of a mail, as RFC 3464 lets a mail system say it. Pure.

`Status` and `Diagnostic-Code` tell whether the address can never be reached (hard) or this mail was not wanted or could
not be delivered just then (soft). The status codes are those of RFC 3463 and of IANA's registry of them.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from services.notify.reports.parts import Came, Fields, blocks, first
from services.notify.sending.replies import Reply
from services.notify.sending.verdicts import is_undeliverable

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
Weight: TypeAlias = Literal["hard", "soft"]

KINDS: Final = ("message/delivery-status", "message/global-delivery-status")

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.])(5\d\d)(?![\d.])")
_ADDRESS = re.compile(r"(?<![^\s<>;,\"()])[^\s<>;,\"()@]{1,64}@[^\s<>;,\"()@]{1,255}")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mail for one recipient. `recipients` are the addresses that the report has for it, as the sender
    wrote it and as it was in the end. `status` is like 5.1.1; `said` is what the last mail system said."""

    recipients: tuple[str, ...]
    action: Action
    status: str | None
    said: str

    @property
    def weight(self) -> Weight | None:
        """How a failure counts; None where it is none."""
        if self.action != "failed":
            return None
        return "hard" if is_dead(self.status, self.said) else "soft"


def read(came: Came) -> tuple[Fate, ...]:
    """What the message reports, recipient by recipient; nothing where it is no delivery status notification."""
    fates = []
    for part in came.parts:
        if part.get_content_type() in KINDS:
            named = [found for block in blocks(part) if (found := _fate(block))]
            if len(named) == 1:  # what the head of the message says is about the only one
                named = [_with(named[0], addresses_in(first(came.fields, "x-failed-recipients")))]
            fates.extend(named)
    return tuple(fates)


def is_dead(status: str | None, said: str) -> bool:
    """Whether a permanent failure with that status and those words is one of the address, so that no mail can ever
    reach it: judged as what a relay says at once is. What is about this mail, this moment or the sender is not."""
    if status is None or not status.startswith("5."):
        return False
    code = _CODE.search(said)
    words = said[code.end() :] if code else said.partition(";")[2] or said
    words = _STATUS.sub("", words, count=1).strip(" -#:()")
    return is_undeliverable(Reply(int(code[1]) if code else 550, f"{status} {words}"))


def status_in(text: str) -> str | None:
    """The first status such as 5.1.1 in a text."""
    found = _STATUS.search(text)
    return ".".join(str(int(part)) for part in found.groups()) if found else None


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in a text, in lower case, each once."""
    return tuple(dict.fromkeys(found.lower().strip(".") for found in _ADDRESS.findall(text)))


def _fate(block: Fields) -> Fate | None:
    recipients = tuple(
        dict.fromkeys(
            address
            for name in ("original-recipient", "final-recipient")
            for address in addresses_in(first(block, name).partition(";")[2] or first(block, name))
        )
    )
    status = status_in(first(block, "status"))
    said = first(block, "diagnostic-code")
    action = _action(first(block, "action"), status)
    if action is None or not (recipients or first(block, "final-recipient", "original-recipient", "status")):
        return None
    better = status_in(said)
    if status is None or (status.endswith(".0.0") and better is not None and better[0] == status[0]):
        status = better or status
    return Fate(recipients, action, status, said)


def _action(said: str, status: str | None) -> Action | None:
    """What the report says; where it does not, only a permanent status is a failure."""
    word = said.partition(" ")[0].strip("()").lower()
    for action in ("failed", "delayed", "delivered", "relayed", "expanded"):
        if word == action:
            return action
    if status is None or word:
        return None
    return {"2": "delivered", "4": "delayed", "5": "failed"}[status[0]]  # type: ignore[return-value]


def _with(fate: Fate, more: tuple[str, ...]) -> Fate:
    recipients = tuple(dict.fromkeys((*fate.recipients, *more)))
    return Fate(recipients, fate.action, fate.status, fate.said)
