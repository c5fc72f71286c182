"""The conversation with a relay, without sockets: random relays, random mixtures of mails."""

import random
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.sending.envelope import Delivery, Offers
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Refused
from services.notify.sending.pipelining import Dialogue
from services.notify.sending.replies import Nonsense, Replies, Reply
from services.notify.sending.verdicts import Verdict
from tests.notify.sending.relay_model import RelayModel, Stage, Truth

OFFERS = ("PIPELINING", "SIZE 100000", "8BITMIME")
ANSWERS = (
    "451 4.3.0 later",
    "421 4.3.2 going down",
    "550 5.1.1 unknown",
    "452 4.2.2 full",
    "554 5.7.1 no",
    "250-ok\r\n250 ok",
)
ODD = (
    "drop",
    "stall",
    "again",
    "garbage",
    "250",
    "354 go on",
    "999 what",
    "150 hm",
    "250-one\r\n251 two",
    "",
    "220 hello",
)


def mail(n: int, recipients: int = 1) -> Delivery:
    """Mail number n."""
    to = tuple(f"r{n}-{m}@b{n % 3}.example" for m in range(recipients))
    message = f"Message-ID: <{n}@x>\r\n\r\n.dots\r\n..\r\nnumber {n}\r\n".encode()
    return Delivery("bounces@loti.example", to, message, lambda _: None)


class Run:
    """Mails through connection after connection, pipelined as deep as it goes, replies cut into random pieces."""

    def __init__(self, seed: int, odd: float, offers: tuple[str, ...], *, patient: bool) -> None:
        self.chance = random.Random(seed)
        self.truth = Truth()
        self.odd, self.offers, self.patient = odd, offers, patient
        self.outcomes: dict[Delivery, list[Outcome]] = {}

    def decide(self, stage: Stage, about: str) -> str:
        if self.chance.random() >= self.odd:
            return "ok"
        if stage == "message" and self.chance.random() < 0.3:
            return self.chance.choice(
                ["take and drop", "take and stall", "250 2.6.0 taken", "251 will forward"]
            )
        return self.chance.choice(ANSWERS + ODD)

    def send(self, deliveries: list[Delivery]) -> None:
        """Until each has an outcome."""
        waiting = deque(deliveries)
        while waiting:
            self._connection(waiting)

    def _connection(self, waiting: "deque[Delivery]") -> None:
        model = RelayModel(self.truth, self.decide, self.offers, self.patient)
        dialogue, replies = Dialogue(Offers(pipelining="PIPELINING" in self.offers)), Replies()
        said, why, moved = b"", "no answer", True
        while moved or (waiting and dialogue.has_room):
            moved = False
            while waiting and dialogue.has_room and self.chance.random() < 0.9:
                moved = True
                if verdict := dialogue.begin(delivery := waiting.popleft()):
                    self._ended(delivery, verdict)
            said += b"".join(dialogue.said())
            piece = self.chance.randint(1, len(said)) if said and self.chance.random() < 0.5 else len(said)
            heard = list(model.feed(said[:piece]))
            moved = moved or bool(piece) or bool(heard)
            said = said[piece:]
            if over := self._hear(dialogue, replies, heard):
                why = over
                break
        for delivery, verdict in dialogue.lost(why):
            if verdict is not None:
                self._ended(delivery, verdict)
            elif delivery.attempts:
                self._ended(delivery, Verdict(NotNow(why)))
            else:
                delivery.attempts += 1
                waiting.append(delivery)

    def _hear(self, dialogue: Dialogue, replies: Replies, heard: list[bytes | None]) -> str | None:
        """Why it is over, or None."""
        data = b"".join(one for one in heard if one)
        while data:
            cut = self.chance.randint(1, len(data))
            replies.feed(data[:cut])
            data = data[cut:]
            try:
                while (reply := replies.next()) is not None:
                    if ended := dialogue.hear(reply, more=replies.more):
                        self._ended(*ended)
                    if reply.code in (221, 421):
                        return str(reply)
            except Nonsense as error:
                return str(error)
        return "it hung up" if None in heard else None

    def _ended(self, delivery: Delivery, verdict: Verdict) -> None:
        self.outcomes.setdefault(delivery, []).append(verdict.outcome)


@given(
    seed=st.integers(0, 2**32),
    odd=st.sampled_from([0.0, 0.02, 0.1, 0.3]),
    pipelining=st.booleans(),
    patient=st.booleans(),
    several=st.lists(st.integers(1, 3), min_size=1, max_size=12),
)
def test_what_is_said_to_be_accepted_is_what_the_relay_took(
    seed: int, odd: float, pipelining: bool, patient: bool, several: list[int]
) -> None:
    """Whatever a relay does and whatever is pipelined with what: each mail ends once; it is Accepted only if the relay
    took it and said so, and always if the relay did, with nothing senseless before; what it took without a word is in
    doubt; a mail for several goes to all of them or to none; and nothing that RFC 2920 forbids is said to it."""
    run = Run(seed, odd, OFFERS if pipelining else OFFERS[1:], patient=patient)
    deliveries = [mail(n, recipients) for n, recipients in enumerate(several)]
    run.send(deliveries)
    assert run.truth.forbidden == []
    for n, delivery in enumerate(deliveries):
        [outcome] = run.outcomes[delivery]
        id_ = f"<{n}@x>"
        if isinstance(outcome, Accepted):
            assert run.truth.said.count(id_) == 1
        elif isinstance(outcome, NotNow | Refused):
            assert id_ not in run.truth.said + run.truth.unsaid
        else:
            assert isinstance(outcome, InDoubt)
            assert delivery.handed_over
        if id_ in run.truth.clearly:
            assert isinstance(outcome, Accepted)
        if id_ in run.truth.unsaid:
            assert isinstance(outcome, InDoubt)
        assert run.truth.recipients.get(id_, list(delivery.recipients)) == list(delivery.recipients)
        assert (run.truth.said + run.truth.unsaid).count(id_) <= 1


@given(several=st.lists(st.integers(1, 3), min_size=2, max_size=20), seed=st.integers(0, 2**32))
def test_an_honest_relay_gets_each_mail_once(several: list[int], seed: int) -> None:
    """Where nothing goes wrong everything is accepted, over one connection, pipelined or not."""
    for offers in (OFFERS, OFFERS[1:]):
        run = Run(seed, 0.0, offers, patient=False)
        run.send(deliveries := [mail(n, recipients) for n, recipients in enumerate(several)])
        assert [type(run.outcomes[one][0]) for one in deliveries] == [Accepted] * len(several)
        assert run.truth.said == [f"<{n}@x>" for n in range(len(several))]
        assert list(run.truth.contents.values()) == [one.message for one in deliveries]


def talk(dialogue: Dialogue, *answers: str) -> list[object]:
    """What is said to each answer in turn, and what ends."""
    said: list[object] = [b"".join(dialogue.said())]
    for answer in answers:
        ended = dialogue.hear(Reply(int(answer[:3]), answer[4:]), more=False)
        if ended is not None:
            said.append(ended[1].outcome)
        if words := b"".join(dialogue.said()):
            said.append(words)
    return said


def test_a_message_goes_with_the_envelope_of_the_next() -> None:
    """One write has the end of one message and MAIL, RCPT, DATA of the next; nothing is said behind that DATA."""
    dialogue = Dialogue(Offers(pipelining=True, size=100))
    first, second = Delivery("a@b", ("c@d",), b"x\r\n", print), Delivery("a@b", ("e@f",), b"y\r\n", print)
    dialogue.begin(first)
    assert talk(dialogue, "250 ok", "250 ok") == [b"MAIL FROM:<a@b> SIZE=3\r\nRCPT TO:<c@d>\r\nDATA\r\n"]
    assert not dialogue.has_room
    dialogue.hear(Reply(354, "go"), more=False)
    dialogue.begin(second)
    assert talk(dialogue, "250 taken as 1", "250 ok", "250 ok", "354 go", "250 2.0.0 taken as 2") == [
        b"x\r\n.\r\nMAIL FROM:<a@b> SIZE=3\r\nRCPT TO:<e@f>\r\nDATA\r\n",
        Accepted("250 taken as 1"),
        b"y\r\n.\r\n",
        Accepted("250 2.0.0 taken as 2"),
    ]


def test_a_relay_that_wants_a_message_for_nobody_gets_an_empty_one() -> None:
    """Where the recipient is refused and DATA is let through all the same, nothing of the message is handed over."""
    dialogue = Dialogue(Offers(pipelining=True))
    dialogue.begin(mail(1))
    [_, refused, dot, envelope, *_] = [
        *talk(dialogue, "250 ok", "550 5.1.1 unknown", "354 go"),
        *(talk(dialogue, "554 no recipients") if dialogue.begin(mail(2)) is None else ()),
    ]
    assert refused == Refused("550 5.1.1 unknown", undeliverable=("r1-0@b1.example",))
    assert dot == b".\r\n"
    assert isinstance(envelope, bytes)
    assert envelope.startswith(b"MAIL FROM")


@pytest.mark.parametrize("pipelining", [True, False])
def test_after_a_refusal_the_connection_is_made_clean(pipelining: bool) -> None:
    """A refused envelope is followed by RSET before the next, and the next is not touched by it."""
    dialogue = Dialogue(Offers(pipelining=pipelining))
    dialogue.begin(mail(1))
    talk(dialogue, "250 ok", "451 4.3.0 later", *(["503 no"] if pipelining else ()))
    assert dialogue.has_room
    dialogue.begin(mail(2))
    assert b"".join(one for one in talk(dialogue) if isinstance(one, bytes)).startswith(b"RSET\r\n")


def test_an_answer_to_a_message_that_was_not_handed_over_is_no_answer() -> None:
    """A relay that says "go ahead" and "taken" in one breath has taken nothing."""
    dialogue = Dialogue(Offers(pipelining=True))
    dialogue.begin(delivery := mail(1))
    talk(dialogue, "250 ok", "250 ok")
    with pytest.raises(Nonsense, match="before it had it"):
        dialogue.hear(Reply(354, "go"), more=True)
    assert not delivery.handed_over
    assert dialogue.lost("") == [(delivery, None)]


def test_what_nobody_waits_for_is_not_handed_over() -> None:
    """A delivery that was given up before the relay let it through never leaves; the connection ends instead."""
    dialogue = Dialogue(Offers(pipelining=True))
    dialogue.begin(delivery := mail(1))
    talk(dialogue, "250 ok", "250 ok")
    delivery.abandoned = True
    with pytest.raises(Nonsense, match="nobody waits"):
        dialogue.hear(Reply(354, "go"), more=False)
    assert not delivery.handed_over


def test_what_the_relay_cannot_carry_is_not_asked_for() -> None:
    """Larger than it says it takes, letters beyond ASCII without SMTPUTF8, an envelope that would break its line:
    refused with a reason, and nothing is said to the relay."""
    dialogue = Dialogue(Offers(pipelining=True, size=10))
    for delivery, why in (
        (Delivery("a@b", ("c@d",), b"x" * 11, print), "11 bytes"),
        (Delivery("a@b", ("\u00fc@d",), b"x", print), "SMTPUTF8"),
        (Delivery("a@b", ("c@d>\r\nRCPT TO:<e@f",), b"x", print), "SMTP can carry"),
        (Delivery("a@b>\r\nDATA", ("c@d",), b"x", print), "SMTP can carry"),
    ):
        verdict = dialogue.begin(delivery)
        assert verdict is not None
        assert isinstance(verdict.outcome, Refused)
        assert why in verdict.outcome.answer
        assert verdict.outcome.undeliverable == ()
    assert talk(dialogue) == [b""]
    offers = Offers(pipelining=True, smtputf8=True, eight_bit=True)
    willing = Dialogue(offers)
    willing.begin(Delivery("a@b", ("\u00fc@d",), b"x", print))
    assert talk(willing) == [
        "MAIL FROM:<a@b> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<\u00fc@d>\r\nDATA\r\n".encode()
    ]


@given(
    texts=st.lists(st.text("abc-. \u00fc", max_size=30), min_size=1, max_size=5),
    code=st.integers(200, 599),
    cuts=st.lists(st.integers(1, 40), min_size=1, max_size=20),
)
def test_replies_are_read_in_any_pieces(texts: list[str], code: int, cuts: list[int]) -> None:
    """However the bytes come, the same replies are read, one for each, of one line or several."""
    lines = [f"{code}{' ' if n == len(texts) - 1 else '-'}{text}\r\n" for n, text in enumerate(texts)]
    data = "".join(lines).encode() * 3
    replies, found = Replies(), []
    for cut in cuts * (len(data) // sum(cuts) + 1):
        replies.feed(data[:cut])
        data = data[cut:]
        while reply := replies.next():
            found.append(reply)
    assert found == [Reply(code, " ".join(text.strip() for text in texts))] * 3
    assert not replies.more


@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\r\n",
        b"99 x\r\n",
        b"250-a\r\n251 b\r\n",
        b"2500\r\n",
        b"250-" + b"x" * 3_000,
        b"250-x\r\n" * 9_000,
        b"\r\n",
    ],
)
def test_what_is_no_reply_is_nonsense(nonsense: bytes) -> None:
    """No digits, several codes in one reply, a line or a reply without end: it is not guessed what was meant."""
    replies = Replies()
    replies.feed(nonsense)
    with pytest.raises(Nonsense):
        replies.next()
