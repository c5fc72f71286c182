"""Pipelining: one side of a conversation by SMTP, from the first MAIL on (RFC 5321, RFC 2920). Pure: bytes out, replies in.

MAIL, RCPT and DATA of a message go in one piece, and behind the data of the message before it: one wait for each
message. After DATA nothing more may be said until it is answered, so no message is handed over before everything
about it was let through. A message for several recipients asks for DATA only when it knows of them all, since it goes
to all or to none. A relay that does not offer PIPELINING hears one command at a time.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from services.notify.sending import verdicts
from services.notify.sending.envelope import Delivery, Offers, impossible, mail_command, with_final_dot
from services.notify.sending.outgoing import InDoubt
from services.notify.sending.replies import Nonsense, Reply
from services.notify.sending.verdicts import Verdict

_Step: TypeAlias = Literal["mail", "rcpt", "data", "message", "nothing", "rset", "quit"]
Ended: TypeAlias = tuple[Delivery, Verdict]


@dataclass(slots=True)
class Dialogue:
    """What was said, what is to be said, and which answers are still to come, in order."""

    offers: Offers
    _unsaid: deque[tuple[_Step, bytes]] = field(default_factory=deque)
    _unanswered: deque[_Step] = field(default_factory=deque)
    _envelope: Delivery | None = None
    _sender: Reply | None = None
    _recipients: list[Reply] = field(default_factory=list)
    _handed_over: Delivery | None = None
    _dirty: bool = False  # a transaction was begun and came to nothing: RSET before the next
    _leaving: bool = False

    @property
    def has_room(self) -> bool:
        """Whether another message may be begun."""
        if self._envelope is not None or self._leaving:
            return False
        return self.offers.pipelining or not self._unanswered

    @property
    def waits(self) -> bool:
        """Whether answers are to come."""
        return bool(self._unanswered)

    def begin(self, delivery: Delivery) -> Verdict | None:
        """Begin this message; a verdict where the relay need not be asked."""
        if verdict := impossible(delivery, self.offers):
            return verdict
        self._envelope, self._sender, self._recipients = delivery, None, []
        if self._dirty:
            self._unsaid.append(("rset", b"RSET\r\n"))
            self._dirty = False
        self._unsaid.append(("mail", mail_command(delivery, self.offers)))
        self._unsaid.extend(("rcpt", f"RCPT TO:<{one}>\r\n".encode()) for one in delivery.recipients)
        if self.offers.pipelining and len(delivery.recipients) == 1:
            self._unsaid.append(("data", b"DATA\r\n"))
        return None

    def leave(self) -> None:
        """Say goodbye; only when everything is answered."""
        self._leaving = True
        self._unsaid.append(("quit", b"QUIT\r\n"))

    def said(self) -> Iterator[bytes]:
        """What is to be written now, in pieces that belong together."""
        while self._unsaid and (self.offers.pipelining or not self._unanswered):
            step, words = self._unsaid.popleft()
            self._unanswered.append(step)
            yield words

    def hear(self, reply: Reply, *, more: bool) -> Ended | None:
        """An answer; what ended by it. `more`: bytes that came with it were not looked at yet.

        Raises Nonsense for an answer that nobody asked for or that fits no question. After that, and after 421, the
        connection is of no use any more: `lost` says what is left of it.
        """
        if reply.code == 421 and not (self._unanswered and self._unanswered[0] == "message"):
            return None  # it may have been said before it heard what was said here
        if not self._unanswered:
            raise Nonsense(f"unasked, the relay said {verdicts.said(reply)}")
        step = self._unanswered.popleft()
        match step:
            case "message":
                return self._message_answered(reply)
            case "mail":
                self._sender = reply
            case "rcpt":
                self._recipients.append(reply)
            case "data":
                return self._data_answered(reply, more=more)
            case "rset" if reply.code // 100 != 2:
                raise Nonsense(f"to RSET the relay said {verdicts.said(reply)}")
        return self._envelope_answered() if step in ("mail", "rcpt") else None

    def lost(self, why: str) -> list[tuple[Delivery, Verdict | None]]:
        """The connection is gone: what becomes of the messages it carried. None: this one was surely not taken, and
        may be tried over another connection."""
        left: list[tuple[Delivery, Verdict | None]] = []
        if self._handed_over is not None:
            left.append((self._handed_over, Verdict(InDoubt(why))))
        if self._envelope is not None:
            left.append((self._envelope, None))
        self._handed_over = self._envelope = None
        self._leaving = True
        return left

    def _envelope_answered(self) -> Ended | None:
        """Once sender and recipients are answered, where DATA was not said yet: say it, or give up."""
        delivery = self._envelope
        assert delivery is not None  # noqa: S101
        if "data" in self._unanswered:
            return None
        whole = len(self._recipients) == len(delivery.recipients)
        failed = self._failed()
        if not whole and (failed is None or self.offers.pipelining):
            return None
        if failed is None:
            self._unsaid.append(("data", b"DATA\r\n"))
            return None
        self._unsaid.clear()  # the rest of its envelope
        return self._give_up(failed)

    def _failed(self) -> Verdict | None:
        assert self._envelope is not None  # noqa: S101
        assert self._sender is not None  # noqa: S101
        return verdicts.of_sender(self._sender) or verdicts.of_recipients(
            list(zip(self._envelope.recipients, self._recipients, strict=False))
        )

    def _data_answered(self, reply: Reply, *, more: bool) -> Ended | None:
        delivery = self._envelope
        assert delivery is not None  # noqa: S101
        failed = self._failed()
        if reply.code == 354:
            if more:  # whatever it is, it is no answer to a message that was not handed over yet
                raise Nonsense("the relay answered a message before it had it")
            if failed is not None:  # RFC 2920, 3.1: a message without recipients and without content
                self._unsaid.append(("nothing", b".\r\n"))
                return self._give_up(failed, dirty=False)
            if delivery.abandoned:
                raise Nonsense("nobody waits for this message any more")
            delivery.handed_over = True
            self._handed_over, self._envelope = delivery, None
            self._unsaid.append(("message", with_final_dot(delivery.message)))
            return None
        if reply.code < 400:
            raise Nonsense(f"to DATA the relay said {verdicts.said(reply)}")
        return self._give_up(failed or verdicts.of_data(reply))

    def _give_up(self, verdict: Verdict, *, dirty: bool = True) -> Ended:
        assert self._envelope is not None  # noqa: S101
        ended = self._envelope, verdict
        self._envelope, self._dirty = None, dirty
        return ended

    def _message_answered(self, reply: Reply) -> Ended:
        assert self._handed_over is not None  # noqa: S101
        ended = self._handed_over, verdicts.of_message(reply, self._handed_over.recipients)
        self._handed_over = None
        return ended
