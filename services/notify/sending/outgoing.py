"""Outgoing: one message for its envelope, and what became of it in one of four words. Pure."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from services.notify.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, to all `recipients` or to none of them.

    `message` is RFC 5322 with CRLF, not signed yet; `return_path` is where it comes back to. `letter` and `unsubscribe`
    are for a transport that makes the message itself.
    """

    mail_id: UUID
    return_path: str
    recipients: tuple[str, ...]
    message: bytes
    letter: Letter
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay took the mail over, and said so."""

    answer: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """It surely did not, and may later.

    `unreachable` where no other mail would fare better now. `wait` (seconds) where the mail was held back here (its
    domain rests, the rate is used up) and the relay was not asked: it is due again after that, and that was no attempt.
    """

    answer: str
    unreachable: bool = False
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It never will. `undeliverable` are the recipients that no mail can ever reach, as the relay says."""

    answer: str
    undeliverable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The mail was handed over and no answer came: nobody knows."""

    answer: str


Outcome: TypeAlias = Accepted | NotNow | Refused | InDoubt


class Transport(Protocol):
    """Hands mails over; many `send` at a time are wanted. `answer`s hold no addresses."""

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        """Hand over one mail in at most `within` seconds, waiting for its turn included."""
        ...

    async def settle(self, outgoing: Outgoing) -> Outcome | None:
        """What became of a mail in doubt, where the other side can be asked; None where it cannot."""
        ...

    def paused(self) -> float:
        """Seconds for which no mail at all can leave (the rate is used up); 0: claim and send."""
        ...

    async def close(self) -> None:
        """Say goodbye; the next `send` begins anew."""
        ...
