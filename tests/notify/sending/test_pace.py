"""How many mails are taken in hand, and who is woken by what."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from pydantic import SecretStr

from services.notify.sending.pace import Pace
from services.notify.sending.sender import Sending, Woken
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from tests.notify.sending.running import delivery, until

TURNS = st.lists(st.tuples(st.integers(0, 2_000), st.floats(0, 1e4)), max_size=30)


@given(st.integers(1, 1_000), TURNS)
def test_never_more_than_the_most_are_in_hand_and_never_none(
    most: int, turns: list[tuple[int, float]]
) -> None:
    """However fast mails leave, `most` bounds what is in doubt after a kill; however slowly, some are sent."""
    pace, now = Pace(most), 0.0
    for mails, seconds in turns:
        now += seconds
        pace.left(mails, now)
        assert min(most, 50) <= pace.in_hand <= most
        assert 1 <= pace.turn <= pace.in_hand


@given(st.integers(51, 1_000), st.floats(0.01, 99))
def test_a_slow_relay_gets_no_more_than_fifty(most: int, a_second: float) -> None:
    """What cannot leave soon is not taken, so that little is in doubt and nothing waits for its turn in vain."""
    pace = Pace(most)
    for turn in range(20):
        pace.left(1, turn / a_second)
    assert pace.in_hand == 50


def test_a_quick_relay_gets_half_a_seconds_work() -> None:
    """Mails that leave fast are taken ahead, so that the relay never waits for the database."""
    pace = Pace(1_000)
    for turn in range(100):
        pace.left(40, turn / 10)
    assert pace.in_hand == 200


async def test_a_step_is_woken_by_its_tables_alone_and_by_time_all_the_same(
    settings: NotifySettings, pool: Any
) -> None:
    """A step that a commit does not concern costs that commit nothing, and is not forgotten either."""
    tried: list[str] = []

    def step(name: str, *tables: str) -> Woken:
        async def tries(tx: object, settings: object, now: datetime) -> bool:
            tried.append(name)
            return False

        return Woken(tries, frozenset(tables))

    stopping = asyncio.Event()
    patient = settings.model_copy(update={"send_poll": 3.0})
    steps = (step("things", "thing"), step("editions", "edition"))
    running = asyncio.create_task(Sending(patient, pool, stopping, delivery(settings), steps).run())
    try:

        async def both() -> bool:
            return {"things", "editions"} <= set(tried)

        await until(both)
        await asyncio.sleep(0)
        before = tried.count("editions")
        heard = tried.count("things")

        async def heard_again() -> bool:
            await pool.execute("SELECT pg_notify('mail', 'thing')")
            return tried.count("things") > heard

        await until(heard_again)
        assert tried.count("editions") - before <= 1  # the listener's first wake, or the time
        now = tried.count("editions")

        async def by_time() -> bool:
            return tried.count("editions") > now

        await until(by_time)
    finally:
        stopping.set()
        await running


@given(st.text(max_size=40), st.integers(1, 2**33))
def test_tokens_are_as_itsdangerous_makes_them(contact_id: str, second: int) -> None:
    """The short way to a token is the same way: whoever verifies with itsdangerous believes it."""
    links = SignedLinks(NotifySettings(link_keys=SecretStr("o" * 32 + "," + "k" * 32)), clock=lambda: second)
    token = links.token("ledger", contact_id)
    signer = links._signers["ledger"]
    value = token.rsplit(".", 2)[0].encode()
    assert token.encode() == TimestampSigner.sign(signer, value)
    assert links.read("ledger", token).made_at == datetime.fromtimestamp(second, UTC)
