"""The pool against relays on real sockets that misbehave at every stage."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.mailbox import Mailbox
from deploy.local.mailcatcher import Taker
from services.notify.letters.letter import Letter
from services.notify.sending import connection
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Outgoing, Refused
from services.notify.sending.pool import LARGEST, SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.sending.relay_model import OFFERS, Decide, ScriptedRelay, Stage

LETTER = Letter("Subject", "text", "<p>text", "text")


def outgoing(n: int, *recipients: str, size: int = 0) -> Outgoing:
    """Mail number n."""
    message = f"Message-ID: <{n}@x>\r\n\r\n{'x' * 70}\r\n".encode() + (b"y" * 70 + b"\r\n") * (size // 72)
    return Outgoing(
        UUID(int=n),
        "talent-exchange@loti.example",
        recipients or (f"r{n}@b{n % 5}.example",),
        message,
        LETTER,
    )


def pool_for(relay: ScriptedRelay, **given: Any) -> SmtpPool:
    """A pool that waits five seconds for an answer, and longer for nothing."""
    return SmtpPool(
        NotifySettings(smtp_port=relay.port, **({"smtp_timeout": 5, "retry_first": 0.01} | given))
    )


async def send(pool: SmtpPool, *mails: Outgoing, within: float = 5) -> list[Outcome]:
    """All at the same time."""
    return await asyncio.gather(*(pool.send(mail, within=within) for mail in mails))


def first(stage: Stage, did: str) -> Decide:
    """Once at that stage; ok from then on."""
    left = [did]
    return lambda at, about: left.pop() if at == stage and left else "ok"


def always(stage: Stage, did: str) -> Decide:
    """At that stage every time."""
    return lambda at, about: did if at == stage else "ok"


@pytest.mark.parametrize("offers", [OFFERS, OFFERS[1:]], ids=["pipelining", "one by one"])
async def test_each_mail_goes_once_over_few_connections(offers: tuple[str, ...]) -> None:
    """Many mails at once leave over no more connections than set, each once, pipelined where the relay offers it; and
    a relay that does not hears one command at a time."""
    async with ScriptedRelay(offers=offers) as relay:
        pool = pool_for(relay, smtp_connections=3)
        outcomes = await send(pool, *(outgoing(n) for n in range(200)))
        await pool.close()
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert sorted(relay.truth.said) == sorted(f"<{n}@x>" for n in range(200))
    assert relay.truth.forbidden == []
    assert relay.truth.connections <= 3
    assert (relay.truth.writes_shared > 100) is (offers is OFFERS)


async def test_an_old_relay() -> None:
    """One that knows no EHLO is greeted with HELO and served one command at a time."""
    async with ScriptedRelay(always("ehlo", "502 5.5.1 what is that"), offers=("HELP",)) as relay:
        pool = pool_for(relay)
        assert [type(one) for one in await send(pool, outgoing(1), outgoing(2))] == [Accepted, Accepted]
        await pool.close()
    assert relay.truth.forbidden == []


async def test_connections_are_kept_while_there_is_work() -> None:
    """Mails one after the other use one connection; after close the next opens another."""
    async with ScriptedRelay() as relay:
        pool = pool_for(relay)
        for n in range(5):
            await send(pool, outgoing(n))
        assert relay.truth.connections == 1
        await pool.close()
        assert isinstance((await send(pool, outgoing(9)))[0], Accepted)
        await pool.close()
    assert relay.truth.connections == 2


@pytest.mark.parametrize("offers", [OFFERS, OFFERS[1:]], ids=["pipelining", "one by one"])
@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("did", ["drop", "stall"])
async def test_what_breaks_before_the_message_costs_nothing(
    stage: Stage, did: str, offers: tuple[str, ...]
) -> None:
    """A connection that is dropped or stalls at any stage before the message was handed over leaves no doubt: the mail
    is tried over another connection, or is for later, and is taken once."""
    async with ScriptedRelay(first(stage, did), offers=offers) as relay:
        pool = pool_for(relay, smtp_connections=1, smtp_timeout=0.4 if did == "stall" else 5)
        [outcome] = await send(pool, outgoing(1))
        if stage in ("greeting", "ehlo"):
            assert isinstance(outcome, NotNow)
            assert outcome.unreachable
            [outcome] = await send(pool, outgoing(1))
        await pool.close()
    assert isinstance(outcome, Accepted)
    assert (relay.truth.said, relay.truth.unsaid, relay.truth.connections) == (["<1@x>"], [], 2)


@pytest.mark.parametrize(
    "did", ["take and drop", "take and stall", "drop", "stall", "354 go on", "what?", "999 x"]
)
async def test_what_breaks_after_the_message_is_in_doubt(did: str) -> None:
    """Whether it was taken or not, nobody can know: that mail alone is in doubt, and those behind it go on."""
    async with ScriptedRelay(first("message", did)) as relay:
        pool = pool_for(relay, smtp_connections=1, smtp_timeout=0.4 if "stall" in did else 5)
        outcomes = await send(pool, *(outgoing(n) for n in range(4)))
        await pool.close()
    assert isinstance(outcomes[0], InDoubt)
    assert all(isinstance(one, Accepted) for one in outcomes[1:])
    assert relay.truth.said == ["<1@x>", "<2@x>", "<3@x>"]
    assert relay.truth.unsaid == (["<0@x>"] if did.startswith("take") else [])


async def test_a_mail_that_no_connection_serves_is_given_back() -> None:
    """A relay that always hangs up at MAIL is not asked for ever: the mail is for later, and nobody is served."""
    async with ScriptedRelay(always("mail", "drop")) as relay:
        pool = pool_for(relay)
        outcomes = await send(pool, *(outgoing(n) for n in range(3)))
        await pool.close()
    assert all(isinstance(one, NotNow) and one.unreachable for one in outcomes)
    assert relay.truth.said == []


async def test_no_relay_there() -> None:
    """Where nothing listens, all that wait are given back at once."""
    async with ScriptedRelay() as relay:
        pool = pool_for(relay)
    outcomes = await send(pool, *(outgoing(n) for n in range(10)))
    assert all(
        isinstance(one, NotNow) and one.unreachable and "not reached" in one.answer for one in outcomes
    )


@pytest.mark.parametrize("stage", ["greeting", "mail", "rcpt", "message"])
async def test_421_serves_nobody(stage: Stage) -> None:
    """At any stage it is for later, marked so that nobody else is tried, and the relay may hang up on that."""
    async with ScriptedRelay(always(stage, "421 4.3.2 going down")) as relay:
        pool = pool_for(relay)
        [outcome] = await send(pool, outgoing(1))
        await pool.close()
    assert isinstance(outcome, NotNow)
    assert outcome.unreachable
    assert "421" in outcome.answer
    assert (relay.truth.said, relay.truth.unsaid) == ([], [])


async def test_an_idle_connection_that_the_relay_ended_costs_no_mail() -> None:
    """A relay ends idle connections with 421 or without a word: the next mail goes over a new one."""
    async with ScriptedRelay() as relay:
        pool = pool_for(relay)
        await send(pool, outgoing(1))
        relay.open[0].write(b"421 4.4.2 idle too long\r\n")
        relay.open[0].close()
        assert [type(one) for one in await send(pool, outgoing(2))] == [Accepted]
        relay.open[1].abort()
        assert [type(one) for one in await send(pool, outgoing(3))] == [Accepted]
        await pool.close()
    assert relay.truth.said == ["<1@x>", "<2@x>", "<3@x>"]


async def test_a_relay_that_allows_few_connections_is_used_over_those() -> None:
    """Where it turns further connections away, the mails go over the ones it has let in, and none is given back."""
    let_in = iter(["ok", "ok"])
    few: Decide = lambda at, about: next(let_in, "421 4.7.0 too many") if at == "greeting" else "ok"  # noqa: E731
    async with ScriptedRelay(few) as relay:
        pool = pool_for(relay, smtp_connections=6)
        outcomes = await send(pool, *(outgoing(n) for n in range(60)))
        await pool.close()
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert len(relay.truth.said) == 60


async def test_a_stalled_mail_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one connection waits long for an answer, mails that come go over others."""
    monkeypatch.setattr(connection, "SLOW", 0.0)
    async with ScriptedRelay(first("message", "take and stall")) as relay:
        pool = pool_for(relay, smtp_connections=2, smtp_timeout=60)
        stalled = asyncio.create_task(pool.send(outgoing(0), within=60))
        while not relay.truth.unsaid:
            await asyncio.sleep(0.001)
        outcomes = await send(pool, *(outgoing(n) for n in range(1, 30)))
        assert not stalled.done()
        await pool.close()
        assert isinstance(await stalled, InDoubt)
    assert all(isinstance(one, Accepted) for one in outcomes)


async def test_closing_in_the_middle_of_work() -> None:
    """What was handed over and not answered is in doubt, all else is for later; nothing is left behind."""
    async with ScriptedRelay(always("message", "take and stall")) as relay:
        pool = pool_for(relay, smtp_connections=1, smtp_timeout=60)
        sending = [asyncio.create_task(pool.send(outgoing(n), within=60)) for n in range(4)]
        while not relay.truth.unsaid:
            await asyncio.sleep(0.001)
        await pool.close()
        outcomes = await asyncio.gather(*sending)
    assert [type(one) for one in outcomes] == [InDoubt, NotNow, NotNow, NotNow]
    assert (relay.truth.unsaid, relay.truth.connections) == (["<0@x>"], 1)


async def test_the_time_that_a_mail_may_take_is_kept() -> None:
    """`within` is the most: not handed over by then is for later and never handed over afterwards; handed over and
    not answered is in doubt."""
    async with ScriptedRelay(always("mail", "stall")) as relay:
        pool = pool_for(relay, smtp_timeout=60)
        [before] = await send(pool, outgoing(1), within=0.1)
        await pool.close()
    silent: Decide = lambda at, about: "take and stall" if (at, about) == ("message", "<1@x>") else "ok"  # noqa: E731
    async with ScriptedRelay(silent) as relay:
        pool = pool_for(relay, smtp_timeout=60)
        await send(pool, outgoing(0))  # so that a connection is open
        [after] = await send(pool, outgoing(1), within=0.5)
        await pool.close()
    assert isinstance(before, NotNow)
    assert isinstance(after, InDoubt)


async def test_a_refused_recipient_refuses_the_mail_for_all() -> None:
    """An introduction reaches both or nobody; who is unknown is named; mails pipelined with it are not touched."""
    unknown: Decide = lambda stage, about: "550 5.1.1 <a@b> unknown" if about.startswith("gone@") else "ok"  # noqa: E731
    async with ScriptedRelay(unknown) as relay:
        pool = pool_for(relay, smtp_connections=1)
        outcomes = await send(
            pool,
            outgoing(1),
            outgoing(2, "here@b.example", "gone@b.example"),
            outgoing(3, "gone@c.example"),
            outgoing(4, "here@b.example", "there@c.example"),
        )
        await pool.close()
    assert [type(one) for one in outcomes] == [Accepted, Refused, Refused, Accepted]
    assert outcomes[1] == Refused("550 5.1.1 <<address>> unknown", undeliverable=("gone@b.example",))
    assert relay.truth.recipients == {
        "<1@x>": ["r1@b1.example"],
        "<4@x>": ["here@b.example", "there@c.example"],
    }
    assert relay.truth.forbidden == []


async def test_large_messages() -> None:
    """Ten megabytes are sent whole; more is refused with a reason, as is what the relay says it does not take."""
    async with ScriptedRelay(offers=("PIPELINING", "SIZE 0")) as relay:
        pool = pool_for(relay, smtp_timeout=10)
        large = outgoing(1, size=LARGEST - 1_000)
        assert [type(one) for one in await send(pool, large, outgoing(2))] == [Accepted, Accepted]
        [too_large] = await send(pool, outgoing(3, size=LARGEST + 1_000))
        await pool.close()
    assert relay.truth.contents["<1@x>"] == large.message
    assert isinstance(too_large, Refused)
    assert str(LARGEST) in too_large.answer
    async with ScriptedRelay(offers=("PIPELINING", "SIZE 1000")) as relay:
        pool = pool_for(relay)
        [refused] = await send(pool, outgoing(1, size=2_000))
        await pool.close()
    assert isinstance(refused, Refused)
    assert refused.undeliverable == ()
    assert relay.truth.said == []


async def test_the_mail_catcher_is_spoken_to_in_one_piece(tmp_path: Path) -> None:
    """What `loti up` catches mail with offers PIPELINING and keeps each mail once, whole."""
    mailbox = Mailbox(tmp_path)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taker(mailbox), enable_SMTPUTF8=True), "127.0.0.1", 0)
    async with server:
        pool = SmtpPool(NotifySettings(smtp_port=server.sockets[0].getsockname()[1], smtp_connections=1))
        mails = [outgoing(n, size=50_000 * (n % 2)) for n in range(20)]
        outcomes = await send(pool, *mails)
        await pool.close()
    assert outcomes == [Accepted("250 kept")] * 20
    kept = [path.read_bytes().partition(b"Message-ID: ") for path in sorted(tmp_path.glob("*.eml"))]  # noqa: ASYNC240
    assert sorted(b"".join(one[1:]) for one in kept) == sorted(one.message for one in mails)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    odd=st.sampled_from([0.02, 0.1]),
    pipelining=st.booleans(),
    connections=st.integers(1, 4),
)
def test_whatever_a_relay_does(seed: int, odd: float, pipelining: bool, connections: int) -> None:
    """Over real sockets and many connections at once, with relays that drop, defer, refuse, stall and talk nonsense at
    random: Accepted is what was taken and said, nothing else; what was taken in silence is in doubt; and tried again
    until each has an end, every mail is taken, only those in doubt perhaps more than once."""
    chance = random.Random(seed)
    faults = [
        "drop", "451 4.3.0 later", "452 4.2.2 full", "421 4.3.2 down", "take and drop", "250 ok", "what?", "354 go", "stall",
    ]  # fmt: skip

    def decide(stage: Stage, about: str) -> str:
        if chance.random() >= odd:
            return "ok"
        did = chance.choice(faults[:-1] if chance.random() < 0.95 else faults)
        return "drop" if did.startswith("take") and stage != "message" else did

    async def run() -> None:
        doubts, accepted = Counter[str](), set[str]()
        async with ScriptedRelay(decide, offers=OFFERS if pipelining else OFFERS[1:]) as relay:
            pool = pool_for(relay, smtp_connections=connections, smtp_timeout=0.05, retry_first=0.001)
            due = [outgoing(n) for n in range(40)]
            while due:
                outcomes = await send(pool, *due)
                again = []
                for mail, outcome in zip(due, outcomes, strict=True):
                    id_ = f"<{mail.mail_id.int}@x>"
                    assert not isinstance(outcome, Refused)
                    if isinstance(outcome, Accepted):
                        assert id_ in relay.truth.said
                        accepted.add(id_)
                    else:
                        doubts[id_] += isinstance(outcome, InDoubt)
                        again.append(mail)
                due = again
            await pool.close()
        assert len(accepted) == 40
        for id_, times in Counter(relay.truth.said + relay.truth.unsaid).items():
            assert times <= 1 + doubts[id_]

    asyncio.run(run())
