"""Who may leave when: by domain, by rate, and after a rest; pure, and in the pool on real sockets."""

import asyncio
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notify.sending.limits import TURN, Limits
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow
from services.notify.sending.pool import SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.sending.relay_model import ScriptedRelay, Stage
from tests.notify.sending.test_transport_pool import always, outgoing, send


def limits(**given: Any) -> Limits:
    """Two at once to a domain, no rate, rests from one second to eight."""
    wanted: dict[str, Any] = {
        "per_domain": 2, "rate": None, "rate_seconds": 60.0, "rest_first": 1.0, "rest_most": 8.0,
    }  # fmt: skip
    return Limits(**(wanted | given))


def test_so_many_at_once_to_a_domain() -> None:
    """The third waits for its turn, other domains do not, and one that ends lets the next go."""
    kept = limits()
    assert [kept.begin(["a"], 0) for _ in range(3)] == [0, 0, TURN]
    assert kept.begin(["b"], 0) == 0
    assert kept.begin(["b", "a"], 0) == TURN  # a mail to both takes a place in neither
    assert kept.begin(["b"], 0) == 0
    kept.end(["a"], 0, rests=False)
    assert kept.begin(["a"], 0) == 0


def test_a_domain_that_refuses_for_now_rests() -> None:
    """Twice as long each time and no longer than the most; then one mail tries it, and the first that is taken opens it
    again. Others are not touched, and those that were under way make no rest longer."""
    kept, now, rests = limits(), 0.0, []
    kept.begin(["a"], now)
    for _ in range(6):
        assert kept.begin(["a"], now) in (0, TURN)
        kept.end(["a"], now, rests=True)
        rests.append(kept.begin(["a"], now))
        assert kept.begin(["b"], now) == 0
        kept.end(["b"], now, rests=False)
        now += rests[-1]
    assert rests == [1, 2, 4, 8, 8, 8]
    kept = limits()
    assert [kept.begin(["a"], 0.0), kept.begin(["a"], 0.0)] == [0, 0]
    kept.end(["a"], 0.0, rests=True)
    kept.end(["a"], 0.5, rests=True)
    assert kept.begin(["a"], 0.5) == 0.5
    assert [kept.begin(["a"], 1.0), kept.begin(["a"], 1.0)] == [0, TURN]
    kept.end(["a"], 1.0, rests=False)
    assert [kept.begin(["a"], 1.0), kept.begin(["a"], 1.0)] == [0, 0]


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 3), st.sampled_from("abc"), st.sampled_from([True, False, None])), max_size=200
    ),
    rate=st.integers(1, 5),
    per_domain=st.integers(1, 3),
)
def test_no_limit_is_ever_passed(
    steps: list[tuple[float, str, bool | None]], rate: int, per_domain: int
) -> None:
    """Whatever comes and however it ends: no more than so many under way to a domain, no more than the rate in any window
    of its length, nothing to a domain that rests; and whoever waits as long as it was told may go, unless others were
    before it."""
    kept = limits(per_domain=per_domain, rate=rate, rate_seconds=2.0)
    now, begun, under_way, told = 0.0, list[float](), Counter[str](), dict[str, float]()
    for passes, domain, rests in steps:
        now += passes
        wait = kept.begin([domain], now)
        if wait == 0:
            begun.append(now)
            under_way[domain] += 1
            assert under_way[domain] <= per_domain
            assert sum(now - 2.0 < one for one in begun) <= rate
            assert now >= told.pop(domain, 0.0) - 1e-9
        elif wait != TURN:
            told[domain] = now + wait
        if rests is not None and under_way[domain]:
            kept.end([domain], now, rests=rests)
            under_way[domain] -= 1
            if not rests:
                told.pop(domain, None)
    assert (kept.paused(now) > 0) == (sum(now - 2.0 < one for one in begun) >= rate)


def pool_for(relay: ScriptedRelay, **given: Any) -> SmtpPool:
    """A pool that waits two seconds for an answer."""
    return SmtpPool(NotifySettings(smtp_port=relay.port, **({"smtp_timeout": 2} | given)))


async def test_in_the_pool_a_domain_gets_no_more_at_once_than_set() -> None:
    """Of many mails at once, no more than `per_domain` to one domain are between the first question and the answer;
    in the order in which they came, and all of them leave."""
    under_way, most = Counter[str](), Counter[str]()

    def decide(stage: Stage, about: str) -> str:
        if stage == "rcpt":
            under_way[domain := about.partition("@")[2]] += 1
            most[domain] = max(most[domain], under_way[domain])
        elif stage == "message":
            under_way[f"b{int(about[1:-3]) % 2}.example"] -= 1
        return "ok"

    async with ScriptedRelay(decide) as relay:
        pool = pool_for(relay, per_domain=2, smtp_connections=8)
        outcomes = await send(pool, *(outgoing(n, f"r{n}@b{n % 2}.example") for n in range(60)))
        await pool.close()
    assert all(isinstance(one, Accepted) for one in outcomes)
    assert most == {"b0.example": 2, "b1.example": 2}
    even = [int(one[1:-3]) for one in relay.truth.said if int(one[1:-3]) % 2 == 0]
    assert all(abs(n - 2 * place) <= 4 for place, n in enumerate(even))


async def test_in_the_pool_a_resting_domain_holds_up_no_other() -> None:
    """One domain answers 4xx: it is asked once and its other mails are held back for as long as it rests, at once and not
    counted as an attempt; all other mails leave."""
    busy = lambda stage, about: "451 4.3.0 busy" if about.endswith("@slow.example") else "ok"  # noqa: E731
    async with ScriptedRelay(busy) as relay:
        pool = pool_for(relay, per_domain=1, retry_first=30.0)
        outcomes = await send(
            pool,
            *(outgoing(n, f"r{n}@{'slow' if n % 2 else f'quick{n}'}.example") for n in range(20)),
        )
        await pool.close()
    assert all(isinstance(one, Accepted) for one in outcomes[::2])
    asked, *held = outcomes[1::2]
    assert asked == NotNow("451 4.3.0 busy")
    assert all(isinstance(one, NotNow) and one.wait and 25 < one.wait <= 30 for one in held)


async def test_in_the_pool_the_rate_is_kept() -> None:
    """Over the rate nothing leaves: what is held back is told for how long, the pool says that it is paused, and nothing
    counts as sent."""
    async with ScriptedRelay() as relay:
        pool = pool_for(relay, rate=7, rate_seconds=60.0)
        assert pool.paused() == 0
        outcomes = await send(pool, *(outgoing(n) for n in range(20)))
        assert 55 < pool.paused() <= 60
        await pool.close()
    assert Counter(type(one) for one in outcomes) == {Accepted: 7, NotNow: 13}
    assert all(one.wait and one.wait > 55 for one in outcomes if isinstance(one, NotNow))
    assert len(relay.truth.said) == 7


async def test_in_the_pool_who_stops_waiting_blocks_nobody() -> None:
    """Mails that wait for their turn and are cancelled, or run out of time, leave their turn to the next."""
    async with ScriptedRelay(always("message", "take and stall")) as stalling:
        pool = pool_for(stalling, per_domain=1, smtp_timeout=1)
        first = asyncio.create_task(pool.send(outgoing(1, "a@b.example"), within=1))
        await asyncio.sleep(0)
        waiting = [
            asyncio.create_task(pool.send(outgoing(n, "a@b.example"), within=within))
            for n, within in ((2, 0.1), (3, 5), (4, 5))
        ]
        await asyncio.sleep(0)
        waiting[1].cancel()
        second, cancelled, last = await asyncio.gather(*waiting, return_exceptions=True)
        await first
        await pool.close()
    assert isinstance(second, NotNow)
    assert second.wait is not None
    assert isinstance(cancelled, asyncio.CancelledError)
    assert isinstance(last, InDoubt)  # it had its turn
