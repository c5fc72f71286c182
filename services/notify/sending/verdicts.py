"""Verdicts: what a relay's answer means for the mail, for its domain and for its recipients. Pure.

The first figure of a reply decides between later and never (RFC 5321, 4.2.1); the enhanced status code (RFC 3463, RFC 7505
and the IANA registry of them) says whose fault it is. Where there is none, or one that says nothing (5.0.0), the words
that common servers use do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.notify.addresses import without_addresses
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Refused
from services.notify.sending.replies import Reply

# No such mailbox, no such domain, no address at all, moved away, a domain that takes no mail (null MX), disabled.
# Not among them: a full mailbox (5.2.2), and 5.4.1, with which some servers refuse unknown people and whole senders.
UNDELIVERABLE: Final = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
_NO_SUCH_MAILBOX = re.compile(
    r"(user|mailbox|recipient|address|account|person)( \S+)?( is)? (unknown|not (be )?found|(does not|doesn't) exist)"
    r"|(unknown|invalid|no such) (local )?(user|mailbox|recipient|address|account|person)"
    r"|no mailbox here|does not have an? \S+ account|mailbox unavailable",
    re.IGNORECASE,
)
_NOT_OUR_RELAY = re.compile(
    r"relay(ing)?( access| mail)? (is )?(denied|not (permitted|allowed)|prohibited)"
    r"|(unable|not (permitted|allowed)) to relay|authentication (is )?required",
    re.IGNORECASE,
)
_GREYLISTED = re.compile(r"gr[ae]y.?list", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a mail, and what was learned of the domain: that it wants a rest (True), that it takes mail
    (False), or nothing (None)."""

    outcome: Outcome
    domain_rests: bool | None = None


def of_sender(reply: Reply) -> Verdict | None:
    """After MAIL; None: go on.

    A refused sender is our own mistake and not the mail's, so that is for now, but for what is said of the mail: its
    size and its letters.
    """
    if reply.code // 100 == 2:
        return None
    if _is_nobody(reply):
        return nobody(reply)
    status = _status(reply)
    if reply.code == 552 or (reply.code >= 500 and status in ((3, 4), (6, 7), (6, 9))):
        return Verdict(Refused(said(reply)))
    return Verdict(NotNow(said(reply), unreachable=status in ((3, 1), (3, 2), (7, 0), (7, 8))))


def of_recipients(answers: Sequence[tuple[str, Reply]]) -> Verdict | None:
    """After every RCPT; None: go on. One that is refused refuses the mail for all: an introduction that reaches one
    of two introduces nobody. One for ever counts more than one for now."""
    failed = [(recipient, reply) for recipient, reply in answers if reply.code // 100 != 2]
    if not failed:
        return None
    if unserved := next((reply for _, reply in failed if _is_nobody(reply)), None):
        return nobody(unserved)
    for_ever = [(recipient, reply) for recipient, reply in failed if reply.code >= 500 and not _of_us(reply)]
    if for_ever:
        return Verdict(
            Refused(
                said(for_ever[0][1]),
                undeliverable=tuple(recipient for recipient, reply in for_ever if is_undeliverable(reply)),
            )
        )
    return _later(failed[0][1])


def of_data(reply: Reply) -> Verdict:
    """After a DATA that was not let through."""
    if _is_nobody(reply):
        return nobody(reply)
    if reply.code == 503:  # the relay lost count, not the mail
        return Verdict(NotNow(said(reply)))
    return Verdict(Refused(said(reply))) if reply.code >= 500 else _later(reply)


def of_message(reply: Reply, recipients: Sequence[str]) -> Verdict:
    """After the final dot. What is said of a mailbox here counts only where there is but one it can be said of."""
    match reply.code // 100:
        case 2:
            return Verdict(Accepted(said(reply)), domain_rests=False)
        case 4:
            return nobody(reply) if _is_nobody(reply, by_words=False) else _later(reply)
        case 5:
            gone = len(recipients) == 1 and is_undeliverable(reply, by_words=False)
            return Verdict(Refused(said(reply), undeliverable=tuple(recipients) if gone else ()))
    return Verdict(InDoubt(f"the relay answered the message with {said(reply)}"))


def is_undeliverable(reply: Reply, *, by_words: bool = True) -> bool:
    """Whether it says that this recipient can never be reached."""
    if reply.code < 500:
        return False
    status = _status(reply)
    if status is not None and status not in ((0, 0), (1, 0)):
        return status in UNDELIVERABLE
    return by_words and reply.code in (550, 551, 553, 554) and bool(_NO_SUCH_MAILBOX.search(reply.text))


def said(reply: Reply) -> str:
    """The answer as it may be kept: without addresses."""
    return without_addresses(str(reply))


def _later(reply: Reply) -> Verdict:
    """For now. A mailbox that is full or busy and greylisting are the mail's own affair; the rest is the domain's."""
    status = _status(reply)
    if _of_us(reply):
        return Verdict(NotNow(said(reply)))
    its_own = _GREYLISTED.search(reply.text) or (
        status[0] in (1, 2, 6) or status == (5, 3) if status else reply.code == 450
    )
    return Verdict(NotNow(said(reply)), domain_rests=None if its_own else True)


def _of_us(reply: Reply) -> bool:
    """Many relays say what they hold against a sender only when they hear the recipient."""
    return _status(reply) in ((1, 7), (1, 8))


def _status(reply: Reply) -> tuple[int, int] | None:
    return reply.enhanced[1:] if reply.enhanced else None


def _is_nobody(reply: Reply, *, by_words: bool = True) -> bool:
    """421, or a relay that does not know us: a setting is wrong, and no mail is lost over that."""
    return reply.code in (421, 530) or (
        by_words and reply.code >= 400 and bool(_NOT_OUR_RELAY.search(reply.text))
    )


def nobody(reply: Reply) -> Verdict:
    """No other mail would fare better now."""
    return Verdict(NotNow(f"the relay serves nobody now: {said(reply)}", unreachable=True))
