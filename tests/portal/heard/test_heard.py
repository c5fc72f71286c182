"""What was said is what is kept: the newest of each thing, whatever order it comes in and however often."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from deploy.contract_files import examples
from loti_contracts.delivery.database import Connection, open_pool
from loti_contracts.delivery.retention import forget
from loti_contracts.events import EVENTS, ContactErased, Envelope, Erasure, Event, Replay, decode
from loti_contracts.events.envelope import envelop
from services.portal.heard import store
from services.portal.heard.columns import TABLES
from services.portal.heard.handlers import heard_events, on_events
from services.portal.holdings import HOLDINGS
from services.portal.settings import PortalSettings
from tests.databases import connected

EXAMPLES = Path(__file__).parents[3] / "contracts" / "examples"
WHEN = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _said(event: Event, minutes: int = 0) -> Envelope[Event]:
    return envelop(event, source="/loti/test", time=WHEN + timedelta(minutes=minutes))


def _example(event: type[Event]) -> Envelope[Event]:
    """The contract's own example of an event."""
    kept = examples()[event.type]
    value = kept["value"]
    read = decode(
        kept["key"].encode(),
        None if value is None else json.dumps(value).encode(),
        [(name, text.encode()) for name, text in kept["headers"].items()],
    )
    assert isinstance(read, Envelope)
    return read


def _later(event: Event, revision: int) -> Event:
    """The same thing at another revision, told apart by it."""
    state = event.state.model_copy(update={"revision": revision})
    return event.model_copy(update={event.about: state})


@pytest.fixture
async def tx(dsn: str) -> AsyncIterator[Connection]:
    """A connection to the portal's own tables, new."""
    async with connected(dsn) as connection:
        yield connection


def test_everything_public_has_its_table() -> None:
    """Each thing that the portal hears of is kept, and what it says itself and hears from nobody."""
    wanted = {
        EVENTS[event.type].model_fields[event.about].annotation
        for event in heard_events()
        if not issubclass(event, Erasure)
    }
    assert wanted | {Replay} == set(TABLES)


@pytest.mark.parametrize(
    "event",
    sorted((one for one in heard_events() if not issubclass(one, Erasure)), key=lambda one: one.type),
    ids=lambda one: one.type,
)
async def test_every_event_is_kept_as_it_was_said(event: type[Event], tx: Connection) -> None:
    """The contract's example of each event is found again, whole."""
    said = _example(event)
    await on_events([said], tx)
    assert await store.newest(tx, type(said.event.state), said.subject) == said.event.state


Saying = list[tuple[str, int]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 5)), min_size=1, max_size=20),
    cuts=st.lists(st.integers(1, 6), max_size=6),
)
async def test_the_newest_is_kept_in_any_order(order: Saying, cuts: list[int], tx: Connection) -> None:
    """Events twice, out of order and in batches of any size: each thing is as its highest revision has it, and its
    history has each revision once."""
    roles = _example(EVENTS["london.loti.role.discovered.v1"]).event

    def event(id_: str, revision: int) -> Event:
        changed = _later(roles, revision)
        state = changed.state.model_copy(update={"id": id_, "title": f"{id_} at {revision}"})
        return changed.model_copy(update={"role": state})

    await tx.execute("TRUNCATE role, role_history")
    left, sizes = [_said(event(*one)) for one in order], list(cuts)
    while left:
        size = sizes.pop() if sizes else 3
        async with tx.transaction():
            await on_events(left[:size], tx)
        left = left[size:]
    highest = {id_: max(r for other, r in order if other == id_) for id_, _ in order}
    kept = await tx.fetch("SELECT id, revision, title FROM role")
    assert {(row["id"], row["revision"], row["title"]) for row in kept} == {
        (id_, revision, f"{id_} at {revision}") for id_, revision in highest.items()
    }
    then = await tx.fetch("SELECT id, revision FROM role_history")
    assert sorted((row["id"], row["revision"]) for row in then) == sorted(set(order))


async def test_who_is_erased_is_nowhere(tx: Connection) -> None:
    """After an erasure no table has the person's name, address or choices; what the person is told later is not kept
    under an address either."""
    contact = _example(EVENTS["london.loti.contact.stated.v1"])
    chosen = _example(EVENTS["london.loti.subscriptions.changed.v1"])
    told = _example(EVENTS["london.loti.notification.sent.v1"])
    id_ = contact.subject
    states: dict[str, Any] = {
        "subscriptions": chosen.event.state.model_copy(update={"id": id_}),
        "notification": told.event.state.model_copy(update={"contact_id": id_}),
    }
    await on_events(
        [
            contact,
            _said(chosen.event.model_copy(update={"subscriptions": states["subscriptions"]})),
            _said(told.event.model_copy(update={"notification": states["notification"]})),
        ],
        tx,
    )
    assert await tx.fetchval("SELECT count(*) FROM contact") == 1
    await on_events([_said(ContactErased(contact_id=id_))], tx)
    name, email = contact.event.state.name, contact.event.state.email  # type: ignore[attr-defined]
    for table in sorted(one.name for one in TABLES.values()):
        for row in await tx.fetch(f"SELECT * FROM {table}"):
            text = repr(dict(row))
            assert name not in text
            assert email not in text
    for table in ("contact", "subscriptions", "notification"):
        assert await tx.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_contact_that_comes_back_after_its_erasure_in_one_batch_is_kept(tx: Connection) -> None:
    """Within a batch, too, order counts."""
    contact = _example(EVENTS["london.loti.contact.stated.v1"])
    again = _said(_later(contact.event, 1), 2)
    await on_events([contact, _said(ContactErased(contact_id=contact.subject), 1), again], tx)
    assert await store.newest(tx, type(contact.event.state), contact.subject) == again.event.state


async def test_pages_that_are_open_are_told(tx: Connection) -> None:
    """When a batch is committed, whoever listens learns which tables changed."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    await tx.add_listener("portal_changed", lambda *given: heard.put_nowait(given[3]))
    async with tx.transaction():
        await on_events([_example(EVENTS["london.loti.role.discovered.v1"])], tx)
        assert heard.empty()
    async with asyncio.timeout(10):
        assert json.loads(await heard.get()) == ["role"]


async def test_what_people_were_told_is_forgotten_after_a_while(dsn: str) -> None:
    """After `history_days` a notification goes, one that is younger stays; the audit log has its own time."""
    told = _example(EVENTS["london.loti.notification.sent.v1"])
    old, young = (_later_by(told, days, name) for days, name in ((-401, "old"), (-399, "young")))
    given = PortalSettings(history_days=400, audit_days=10, session_keys=SecretStr("k" * 32))
    async with await open_pool(dsn, most=1) as pool:
        async with pool.acquire() as connection:
            await on_events([old, young], connection)
            for days in (9, 11):
                await connection.execute(
                    "INSERT INTO audit (at, what) VALUES ($1, $2)",
                    WHEN - timedelta(days=days),
                    f"{days} days ago",
                )
        await forget(pool, HOLDINGS, given, now=WHEN)
        assert [row["id"] for row in await pool.fetch("SELECT id FROM notification")] == ["young"]
        assert [row["what"] for row in await pool.fetch("SELECT what FROM audit")] == ["9 days ago"]


def _later_by(said: Envelope[Event], days: int, id_: str) -> Envelope[Event]:
    state = said.event.state.model_copy(update={"id": id_})
    event = said.event.model_copy(update={said.event.about: state})
    return envelop(event, source="/loti/notify", time=WHEN + timedelta(days=days))
