"""How the system does, as LOTI's staff see it."""

import asyncio
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.lag import Lag, lags
from loti_contracts.delivery.parking import Received, park
from loti_contracts.events import ContactErased, ReplayAsked
from services.portal.staff.measuring import Measured, Measurement
from services.portal.staff.readers import readers
from tests.delivery.counting import publish, request
from tests.portal.jobs.making import HACKNEY, discovered, role
from tests.portal.portal import Portal
from tests.portal.staff.making import (
    discarded,
    failing,
    letter,
    parked,
    parked_again,
    replayed,
    resumed,
    stopped,
)
from tests.servers import Kafka

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_boards_with_what_they_show_and_why_they_fail(portal: Portal) -> None:
    """The failing first, with its reason; how many roles each shows."""
    await portal.hears(*(discovered(role(f"r-{n}", source="camden")) for n in range(3)), failing())
    await portal.as_staff()
    page = (await portal.get("/system")).text
    assert page.index("Hackney Council jobs") < page.index("camden")
    assert "its page answers 503" in page
    assert re.search(r"camden</th>.*?numeric\">3</td>", page, re.DOTALL)


async def test_a_dead_letter_is_asked_for_and_the_wish_is_said_once_a_click(portal: Portal) -> None:
    """The reason and the message are shown; Replay says the wish with who wants it; the page tells that it waits, and what
    came of it."""
    one = letter()
    await portal.hears(parked(one))
    await portal.as_staff()
    page = (await portal.get("/system")).text
    assert "request.kind: Field required" in page
    assert "&#34;request-1&#34;" in page
    answer = await portal.post("/system/replay", {"letter": one.id})
    assert (answer.status_code, answer.headers["location"]) == (303, "/system?asked=1#dead-letters")
    (said,) = [event for event in await portal.said() if isinstance(event, ReplayAsked)]
    assert (said.replay.id, said.replay.service, said.replay.contact_id) == (
        one.id,
        "matching",
        "contact-loti",
    )
    assert "has not answered yet" in (await portal.get("/system")).text
    later = datetime.now(UTC) + timedelta(minutes=1)
    await portal.hears(parked_again(one, "still no kind"), at=later)
    again = (await portal.get("/system")).text
    assert "still no kind" in again
    assert "has not answered yet" not in again
    await portal.post("/system/replay", {"letter": one.id})
    assert [event.state.revision for event in await portal.said() if isinstance(event, ReplayAsked)] == [1, 2]
    await portal.hears(replayed(one.model_copy(update={"revision": 2}), at=NOW), at=later)
    assert one.id not in (await portal.get("/system")).text
    assert one.id in (await portal.get("/system?show=all")).text
    assert (await portal.post("/system/replay", {"letter": one.id})).status_code == 303
    assert len([event for event in await portal.said() if isinstance(event, ReplayAsked)]) == 2


async def test_what_was_given_up_says_why_and_is_asked_for_no_more(portal: Portal) -> None:
    """It is counted, shown with the others that are done, and nobody can ask for it."""
    one = letter()
    await portal.hears(parked(one), parked(letter(2)))
    await portal.hears(discarded(one, at=NOW, why="a test of another system"))
    await portal.as_staff()
    page = (await portal.get("/system")).text
    assert "1 letter given up" in page
    assert one.id not in page
    every = (await portal.get("/system?show=all")).text
    assert "a test of another system" in every
    assert every.count('name="letter"') == 1
    assert (await portal.post("/system/replay", {"letter": one.id})).status_code == 303
    assert not any(isinstance(event, ReplayAsked) for event in await portal.said())


async def test_a_service_that_stopped_is_told_until_it_goes_on(portal: Portal) -> None:
    """The page says which, since when, why and what to do; fresh letters are counted."""
    await portal.hears(
        parked(letter(1, parked_at=datetime.now(UTC))), stopped("matching", "20 in a row: bent")
    )
    await portal.as_staff()
    page = (await portal.get("/system")).text
    assert "matching has stopped and handles nothing" in page
    assert "20 in a row: bent" in page
    assert "1 in the last hour" in page
    await portal.hears(resumed("matching"))
    assert "has stopped" not in (await portal.get("/system")).text


async def test_all_that_wait_are_asked_for_at_once(portal: Portal) -> None:
    """Those that were replayed or asked for already are left alone; older ones are on further pages."""
    letters = [letter(n) for n in range(1, 31)]
    await portal.hears(*map(parked, letters), replayed(letters[3], at=NOW))
    await portal.as_staff()
    await portal.post("/system/replay", {"letter": letters[0].id})
    await portal.post("/system/replay", {"every": "yes"})
    asked = [event.subject for event in await portal.said() if isinstance(event, ReplayAsked)]
    assert sorted(asked) == sorted(one.id for one in letters if one is not letters[3])
    first = (await portal.get("/system")).text
    older = re.search(r'href="(/system\?before=[^"#]+)', first)
    assert older is not None
    shown = re.findall(r"Id ([0-9a-f-]{36})", first + (await portal.get(older[1])).text)
    assert len(shown) == len(set(shown)) == 29


async def test_a_letter_about_somebody_who_was_erased_is_gone(portal: Portal) -> None:
    """Replayed, it would bring the person back; letters about others stay."""
    async with portal.pool.acquire() as tx, tx.transaction():
        for offset, key in enumerate((b"contact-ada", b"contact-bea")):
            message = Received("loti.contacts.v1", 0, offset, 1, key, b"{", [])
            await park(tx, message, service="portal", reason="bent", error=None, attempts=1)
    await portal.hears(ContactErased(contact_id="contact-ada"))
    assert [row["key"] for row in await portal.pool.fetch("SELECT key FROM dead_letters")] == [b"contact-bea"]


async def test_only_for_staff(portal: Portal) -> None:
    """Others are asked to sign in, or told that it is not for them; nothing is said for them."""
    one = letter()
    await portal.hears(parked(one))
    for path in ("/system", "/audit"):
        portal.as_anybody()
        assert (await portal.get(path)).headers["location"].startswith("/sign-in")
        await portal.as_member(HACKNEY)
        assert (await portal.get(path)).status_code == 403
    assert (await portal.post("/system/replay", {"letter": one.id})).status_code == 403
    await portal.as_staff()
    assert (await portal.client.post("/system/replay", data={"letter": one.id})).status_code == 403
    assert (await portal.post("/system/replay", {"letter": "none"})).status_code == 404
    assert await portal.said() == []


@pytest.mark.parametrize(
    "query", ["before=yesterday", "before=9999-12-31T23:59:59%2B23:59", "show=%FF", "before=0001-01-01"]
)
async def test_a_bad_address_shows_the_page(portal: Portal, query: str) -> None:
    """What cannot be read in it is left out."""
    await portal.as_staff()
    assert (await portal.get(f"/system?{query}")).status_code == 200


async def test_lag_is_what_kafka_says(portal: Portal, kafka: Kafka) -> None:
    """A subscriber that read one of three messages is two behind."""
    topic, group = await kafka.create_topic(), f"lagging-{secrets.token_hex(4)}"
    await publish(kafka.bootstrap, topic, [request(n) for n in range(3)])
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=f"loti.{group}", enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.commit({TopicPartition(topic, 0): 1})
    finally:
        await consumer.stop()
    portal.app.state.lag = Measurement(
        lambda: lags(Broker(kafka.bootstrap), prefix=f"loti.{group}"),
        fresh=5.0,
        within=60.0,
        expected=(KafkaConnectionError,),
    )
    await portal.app.state.lag.look(NOW, patience=60)
    await portal.as_staff()
    page = (await portal.get("/system")).text
    row = re.search(rf"{group}</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    assert f"{topic} (2)" in row[1]


async def test_the_page_is_there_while_kafka_is_away(portal: Portal) -> None:
    """It says that the lag is not known, and shows all else."""
    portal.app.state.lag = Measurement(
        lambda: lags(Broker("127.0.0.1:1")), fresh=5.0, within=20.0, expected=(KafkaConnectionError,)
    )
    await portal.as_staff()
    page = await portal.get("/system")
    assert page.status_code == 200
    assert "Kafka could not be asked (KafkaConnectionError)" in page.text


async def test_a_measurement_is_kept_while_it_is_fresh_and_over_a_failure() -> None:
    """Many who look cause one measurement; after it failed the last figures stay, with the reason."""
    results: list[Any] = [1, OSError(), 3]
    asked = 0

    async def measure() -> int:
        nonlocal asked
        asked += 1
        found = results.pop(0)
        if isinstance(found, Exception):
            raise found
        return int(found)

    one = Measurement(measure, fresh=5.0, within=1.0, expected=(OSError,))

    async def settled(at: datetime) -> Measured[int]:
        await one.look(at, patience=1)
        if one._running is not None:
            await asyncio.wait([one._running])
        return await one.look(at, patience=1)

    assert [(await one.look(NOW, patience=1)).value for _ in range(4)] == [1] * 4
    assert asked == 1
    failed = await settled(NOW + timedelta(seconds=5))
    assert (failed.value, failed.at, failed.trouble) == (1, NOW, "OSError")
    later = NOW + timedelta(seconds=10)
    assert await settled(later) == Measured(3, later)


def test_readers_add_up_their_topics() -> None:
    """Furthest behind first; connected where any topic is read now."""
    found = readers(
        [
            Lag("loti.notify", "a", 2, NOW, 1),
            Lag("loti.matching", "a", 9, NOW, 0),
            Lag("loti.notify", "b", 3, NOW - timedelta(hours=1), 1),
            Lag("loti.notify", "c", 0, None, 1),
        ]
    )
    assert [(one.name, one.behind, one.members) for one in found] == [("matching", 9, 0), ("notify", 5, 1)]
    assert found[1].oldest == NOW - timedelta(hours=1)
    assert [one.topic for one in found[1].topics] == ["a", "b"]
