"""What is chosen on the portal counts where mails are sent, and what is chosen in a mail stands on the portal: both
services on databases of their own, with nothing between them but their events."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from loti_contracts.events import ContactStated, Envelope, Subscription, decode, envelop
from services.notify.handlers import handlers
from services.notify.people import choices
from services.notify.settings import NotifySettings
from tests.databases import database_of
from tests.portal.portal import Portal
from tests.portal.signin.conftest import Mails
from tests.portal.signin.making import contact
from tests.servers import Postgres

SETTINGS = NotifySettings(link_keys=SecretStr("k" * 32))
TERMS = choices.terms_of(SETTINGS)


async def carried(db: Any) -> Sequence[Envelope[Any]]:
    """What waits in an outbox, taken out of it."""
    rows = await db.fetch("DELETE FROM outbox RETURNING position, key, value, headers")
    found = []
    for row in sorted(rows, key=lambda one: one["position"]):
        headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
        envelope = decode(row["key"], row["value"], headers)
        assert isinstance(envelope, Envelope)
        found.append(envelope)
    return found


class Both:
    """The portal and notify."""

    def __init__(self, portal: Portal, notify: "asyncpg.Connection[Any]") -> None:
        self.portal, self.notify = portal, notify
        self._handlers = handlers(SETTINGS)

    async def talk(self) -> None:
        """Each hears what the other said, until there is nothing more."""
        while said := await carried(self.portal.pool):
            async with self.notify.transaction():
                for envelope in said:
                    await self._handlers[type(envelope.event)](envelope, self.notify)
            answers = await carried(self.notify)
            await self.portal.hears(*(one.event for one in answers))

    async def choice(self) -> Any:
        """What notify keeps of the only contact."""
        (row,) = await self.notify.fetch("SELECT id FROM contact WHERE erased_at IS NULL")
        return await choices.look(self.notify, row["id"])


@pytest.fixture
async def both(portal: Portal, postgres: Postgres) -> Any:
    """Both services, new."""
    connection = await asyncpg.connect(await database_of("notify", postgres))
    yield Both(portal, connection)
    await connection.close()


async def test_from_subscribing_to_being_forgotten(both: Both, mails: Mails) -> None:
    """Asked for: asked back by mail, not subscribed. Yes in the mail: it stands on the portal. Saved on the portal: it
    counts at once. Stopped on the portal, or in a mail: stopped. Forgotten on the portal: gone from both."""
    portal, notify = both.portal, both.notify
    await portal.post(
        "/subscribe",
        {"topic": ["new role", "event"], "often": "weekly", "email": "kit@example.org", "name": "Kit"},
    )
    await mails.arrive()
    await both.talk()
    asked = await both.choice()
    assert (asked.status, asked.subscriptions) == (
        "asked", (Subscription(topic="new role", frequency="weekly"), Subscription(topic="event", frequency="weekly")))  # fmt: skip
    assert asked.ask is not None

    async with notify.transaction():
        await choices.confirm(notify, asked.contact_id, asked.ask, now=datetime.now(UTC), terms=TERMS)
    await portal.hears(*(one.event for one in await carried(notify)))
    await portal.post("/sign-in", {"email": "kit@example.org", "next": "/me"})
    path = await mails.link()
    assert (await portal.post(path)).status_code == 303
    portal.clock.now = datetime.now(UTC)
    await portal.as_contact(asked.contact_id)
    page = (await portal.get("/me")).text
    assert "This is what we send you until" in page

    portal.clock.now = datetime.now(UTC)
    saved = await portal.post("/me", {
        "search-0": "daily", "search-0-borough": "E09000012", "quiet_from": "18:00", "quiet_until": "8:00",
        **dict.fromkeys(("novel-role", "benchmark-moved", "shared-demand", "library-news", "event", "newsletter"), "never"),
        **dict.fromkeys(("match-proposed", "follow-up-due"), "at once"),
    })  # fmt: skip
    assert saved.status_code == 303
    assert "in a moment" in (await portal.get("/me")).text
    await both.talk()
    chosen = await both.choice()
    assert chosen.status == "confirmed"
    assert chosen.subscriptions == (
        Subscription(topic="new role", frequency="daily", boroughs=("E09000012",)),
    )
    assert chosen.quiet_hours is not None
    assert "This is what we send you until" in (await portal.get("/me")).text

    async with notify.transaction():
        await choices.withdraw(notify, chosen.contact_id, now=datetime.now(UTC))
    await portal.hears(*(one.event for one in await carried(notify)))
    assert "You are unsubscribed from everything" in (await portal.get("/me")).text

    await portal.post("/me/forget", {"sure": "yes"})
    await both.talk()
    assert await notify.fetchval("SELECT count(*) FROM contact WHERE erased_at IS NULL") == 0
    assert await portal.pool.fetchval("SELECT count(*) FROM contact") == 0


async def test_stopping_on_the_portal_stops_the_mails(both: Both) -> None:
    """Also those that a role suggests; nothing is asked again when somebody states the contact anew."""
    portal = both.portal
    stated = ContactStated(contact=contact())
    await portal.hears(stated)
    async with both.notify.transaction():
        said = envelop(stated, source="/loti/tests", time=datetime.now(UTC))
        await handlers(SETTINGS)[ContactStated](said, both.notify)
    assert (await both.choice()).status == "asked"  # for what hiring managers usually want
    await carried(both.notify)
    portal.clock.now = datetime.now(UTC)
    await portal.as_contact("contact-amara")
    await portal.post("/me/stop")
    await both.talk()
    stopped = await both.choice()
    assert (stopped.subscriptions, stopped.ask) == ((), None)
