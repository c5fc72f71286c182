"""What answers mean, by table: codes and words as common relays say them."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.sending import verdicts
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Refused
from services.notify.sending.replies import Reply
from services.notify.sending.verdicts import Verdict

ONE = ("r@b.example",)
Word = Literal["on", "accepted", "later", "domain rests", "nobody", "refused", "gone", "doubt"]


def word(verdict: Verdict | None) -> Word:
    """A verdict in one word; `on`: the next question may be asked."""
    match verdict:
        case None:
            return "on"
        case Verdict(Accepted(), False):
            return "accepted"
        case Verdict(NotNow(unreachable=True), None):
            return "nobody"
        case Verdict(NotNow(unreachable=False), True):
            return "domain rests"
        case Verdict(NotNow(unreachable=False), None):
            return "later"
        case Verdict(Refused(undeliverable=()), None):
            return "refused"
        case Verdict(Refused(undeliverable=recipients), None) if recipients == ONE:
            return "gone"
        case Verdict(InDoubt(), None):
            return "doubt"
    raise AssertionError(verdict)


def reply(said: str) -> Reply:
    """As read from the relay."""
    return Reply(int(said[:3]), said[4:])


SENDER: dict[str, Word] = {
    "250 2.1.0 ok": "on",
    "421 4.3.2 going down": "nobody",
    "450 4.1.8 <us@loti.example>: Sender address rejected: Domain not found": "later",
    "451 4.3.0 local error": "later",
    "452 4.3.1 Insufficient system storage": "nobody",
    "530 5.7.0 Authentication required": "nobody",
    "550 5.7.1 sender not allowed": "later",  # our own mistake is nobody's loss
    "550 Authentication required for relay": "nobody",
    "501 5.1.7 Bad sender address syntax": "later",
    "552 5.3.4 Message size exceeds fixed limit": "refused",
    "552 Error: message size exceeds fixed maximum message size": "refused",
    "550 5.6.7 Address does not support SMTPUTF8": "refused",
    "503 5.5.1 nested MAIL": "later",
    "555 5.5.4 Unsupported option": "later",
}
RECIPIENT: dict[str, Word] = {
    "250 2.1.5 ok": "on",
    "251 user not local, will forward": "on",
    "252 cannot verify but will try": "on",
    "421 4.7.0 too many connections": "nobody",
    "450 mailbox busy": "later",
    "450 4.2.0 <r@b.example>: Recipient address rejected: Greylisted": "later",
    "451 4.7.1 Greylisting in action, please come back later": "later",
    "451 try later": "domain rests",
    "451 4.3.0 temporary system problem": "domain rests",
    "451 4.4.1 no answer from host": "domain rests",
    "451 4.7.500 Server busy": "domain rests",
    "452 4.2.2 mailbox full": "later",
    "452 4.5.3 too many recipients": "later",
    "452 insufficient system storage": "domain rests",
    "454 4.7.1 <r@b.example>: Relay access denied": "nobody",
    "554 5.7.1 <r@b.example>: Relay access denied": "nobody",
    "550 5.7.1 Unable to relay": "nobody",
    "550 relay not permitted": "nobody",
    "550 5.1.1 <r@b.example>: Recipient address rejected: User unknown in virtual mailbox table": "gone",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup": "gone",
    "550 5.1.2 bad destination system": "gone",
    "501 5.1.3 bad destination mailbox address syntax": "gone",
    "551 5.1.6 moved, no forwarding": "gone",
    "556 5.1.10 Recipient address has null MX": "gone",
    "550 5.2.1 The email account that you tried to reach is disabled": "gone",
    "552 5.2.2 mailbox full": "refused",
    "550 5.4.1 Recipient address rejected: Access denied": "refused",  # Exchange, for more than one reason
    "550 5.7.1 blocked by policy": "refused",
    "554 5.7.1 Service unavailable; Client host blocked using a list": "refused",
    "550 5.1.8 <us@loti.example>: Sender address rejected: Domain not found": "later",
    "550 5.0.0 no such user": "gone",
    "550 5.1.0 Address rejected": "refused",
    "550 5.1.0 unknown user": "gone",
    "550 No such user here": "gone",
    "550 r@b.example... User unknown": "gone",
    "550 unknown recipient": "gone",
    "550 Requested action not taken: mailbox unavailable": "gone",
    "550 the account does not exist": "gone",
    "553 sorry, no mailbox here by that name": "gone",
    "550 rejected": "refused",
    "550 message rejected as spam by unknown means": "refused",
    "551 user not local": "refused",
    "554 delivery error": "refused",
    "354 go ahead": "domain rests",
}
DATA: dict[str, Word] = {
    "421 4.3.2 going down": "nobody",
    "451 4.3.0 later": "domain rests",
    "451 4.7.1 greylisted": "later",
    "452 4.3.1 out of storage": "domain rests",
    "503 5.5.1 no valid recipients": "later",
    "550 5.7.1 no": "refused",
    "554 5.5.1 no valid recipients": "refused",
}
MESSAGE: dict[str, Word] = {
    "250 2.0.0 queued as 1": "accepted",
    "252 taken": "accepted",
    "421 4.3.2 going down": "nobody",
    "451 4.3.0 later": "domain rests",
    "452 4.2.2 mailbox full": "later",
    "450 busy": "later",
    "550 5.1.1 no such mailbox": "gone",
    "550 no such user": "refused",  # words alone do not count against an address that was let in before
    "550 5.7.1 message content rejected": "refused",
    "550 5.7.26 Unauthenticated mail is prohibited; authentication is required": "refused",
    "552 5.3.4 message too big": "refused",
    "552 5.2.2 mailbox full": "refused",
    "554 5.6.0 bad content": "refused",
    "554 5.7.1 spam": "refused",
    "354 go ahead": "doubt",
}


@pytest.mark.parametrize(("said", "means"), SENDER.items())
def test_of_a_sender(said: str, means: Word) -> None:
    """A refused sender is our own mistake: for later, and nobody's where the relay says that it does not know us."""
    assert word(verdicts.of_sender(reply(said))) == means


@pytest.mark.parametrize(("said", "means"), RECIPIENT.items())
def test_of_a_recipient(said: str, means: Word) -> None:
    """No such mailbox ends the address, policy ends the mail, a setting of ours ends nothing, and greylisting or a full
    mailbox keeps no other mail to the domain waiting."""
    assert word(verdicts.of_recipients([(ONE[0], reply(said))])) == means


@pytest.mark.parametrize(("said", "means"), DATA.items())
def test_of_data(said: str, means: Word) -> None:
    """A refused DATA refuses the mail, never the address."""
    assert word(verdicts.of_data(reply(said))) == means


@pytest.mark.parametrize(("said", "means"), MESSAGE.items())
def test_of_a_message(said: str, means: Word) -> None:
    """What is held against the content refuses the mail; only a status that names the mailbox counts against it."""
    assert word(verdicts.of_message(reply(said), ONE)) == means


def test_of_several_recipients() -> None:
    """Never counts more than later, and only who is unknown is named; a late "unknown" of two names nobody."""
    two = ("a@b.example", "c@d.example")
    found = verdicts.of_recipients([(two[0], reply("451 4.3.0 later")), (two[1], reply("550 5.1.1 unknown"))])
    assert found == Verdict(Refused("550 5.1.1 unknown", undeliverable=(two[1],)))
    assert verdicts.of_message(reply("550 5.1.1 unknown"), two) == Verdict(Refused("550 5.1.1 unknown"))
    assert verdicts.of_recipients([(one, reply("250 ok")) for one in two]) is None


@given(code=st.integers(200, 599), text=st.text(max_size=60), recipients=st.integers(1, 2))
def test_whatever_is_said(code: int, text: str, recipients: int) -> None:
    """Only 2xx is ever accepted, only 5xx ever refuses, nothing is undeliverable without 5xx, and no answer that is kept
    holds an address."""
    said = Reply(code, f"{text} <someone@b.example>")
    to = ("r@b.example", "s@b.example")[:recipients]
    found = [
        verdicts.of_sender(said),
        verdicts.of_recipients([(one, said) for one in to]),
        verdicts.of_data(said) if code >= 400 else None,
        verdicts.of_message(said, to),
    ]
    for verdict in filter(None, found):
        outcome = verdict.outcome
        assert not isinstance(outcome, Accepted) or code // 100 == 2
        assert not isinstance(outcome, Refused) or code // 100 == 5
        assert "someone@b.example" not in outcome.answer
    assert isinstance(found[3], Verdict)
    assert isinstance(found[3].outcome, Accepted) is (code // 100 == 2)
