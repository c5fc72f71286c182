"""What the pages say and what matching makes of it: the real matching hears the portal, and the portal hears it."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from loti_contracts.events import ContactStated, Envelope, Event, Notification, SupporterStated, decode
from tests.databases import connected, database_of
from tests.matching.hearing import Town
from tests.portal.help.making import CAMDEN, MEMBER, person, supporter
from tests.portal.portal import Portal
from tests.servers import Postgres


class Both:
    """The portal, and matching beside it with a database of its own; what one says the other hears."""

    def __init__(self, portal: Portal, matching: "asyncpg.Connection[Any]") -> None:
        self.portal = portal
        self.town = Town()
        self._matching = matching

    async def exchange(self, *also: Any) -> None:
        """Matching hears what the portal said since, and `also`; the portal hears what matching says to that."""
        self.town.now = self.portal.clock.now
        said = await _take(self.portal.pool)
        await self.town.hear(self._matching, *[event.state for event in said], *also)
        await self.portal.hears(*await _take(self._matching))
        self.portal.clock.pass_(minutes=1)


async def _take(pool: Any) -> list[Event]:
    rows = await pool.fetch("DELETE FROM outbox RETURNING position, key, value, headers")
    found = []
    for row in sorted(rows, key=lambda row: row["position"]):
        headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
        envelope = decode(row["key"], row["value"], headers)
        assert isinstance(envelope, Envelope)
        found.append(envelope.event)
    return found


@pytest.fixture
async def both(portal: Portal, postgres: Postgres) -> AsyncIterator[Both]:
    """Ada and Ben are known to both; it is now, so that both clocks agree."""
    portal.clock.now = datetime.now(UTC) + timedelta(seconds=1)
    async with connected(await database_of("matching", postgres)) as matching:
        it = Both(portal, matching)
        offers = (supporter(stated_at=None), supporter("supporter-ben", "contact-ben", stated_at=None))
        people = (
            person("contact-ada", "Ada Okafor", "Okafor Hiring"),
            person("contact-ben", "Ben Lee", "Lee & Sons"),
        )
        await portal.hears(*(ContactStated(contact=one) for one in people))
        await portal.as_member(CAMDEN)
        await it.exchange(*offers)
        yield it


async def test_from_the_form_to_the_outcome(both: Both) -> None:
    """Asked, proposed with reasons, accepted, introduced, followed up on stated days, and told: each on the page."""
    portal = both.portal
    fields = {"standard_role": "Enterprise architect", "level": "senior", "skills": "Cloud"}
    at = (await portal.post("/help/ask/recruiter", fields)).headers["location"]
    assert "We are looking for a recruiter" in (await portal.get(at)).text
    await both.exchange()
    page = (await portal.get(at)).text
    assert "Choose one of them" in page
    assert "Enterprise architect is one of the roles they know best." in page
    assert "Ada Okafor" in page
    await portal.post(f"{at}/answer", {"revision": "1", "accept": "supporter-ada"})
    await both.exchange()
    assert "Ada Okafor was accepted" in (await portal.get(at)).text
    match_id = await portal.pool.fetchval("SELECT id FROM match")
    sent = Notification(
        id="notification-1", revision=1, kind="introduction", contact_id=MEMBER, about=match_id, caused_by="x",
        why="You asked.", attempts=1, sent_at=portal.clock.now,
    )  # fmt: skip
    await both.exchange(sent)
    page = (await portal.get(at)).text
    assert "Ada Okafor was introduced" in page
    assert page.count("LOTI asks how it went") == 3
    await portal.post(f"{at}/outcome", {"result": "hired", "note": "One hire."})
    await both.exchange()
    assert "This request has ended" in (await portal.get(at)).text


async def test_a_request_that_is_changed_declined_and_asked_again_is_proposed_anew(both: Both) -> None:
    """Whom the change rules out is not proposed any more; stated again after a decline, it is looked for again."""
    portal = both.portal
    at = (await portal.post("/help/ask/recruiter", {"standard_role": "Enterprise architect"})).headers[
        "location"
    ]
    await both.exchange()
    values = {"standard_role": "Enterprise architect", "revision": "1", "not_supporters": "supporter-ada"}
    await portal.post(f"{at}/change", values)
    await both.exchange()
    page = (await portal.get(at)).text
    assert "Accept Ben Lee" in page
    assert "Accept Ada Okafor" not in page
    revision = await portal.pool.fetchval("SELECT revision FROM match")
    await portal.post(f"{at}/answer", {"revision": str(revision)})
    await both.exchange()
    assert "The shortlist was declined" in (await portal.get(at)).text
    await portal.post(f"{at}/change", {**values, "revision": "2"})
    await both.exchange()
    assert "Accept Ben Lee" in (await portal.get(at)).text


async def test_whom_the_borough_accepts_may_be_taken_meanwhile(both: Both) -> None:
    """The page says why whoever was accepted cannot help any more, and who else can."""
    portal = both.portal
    at = (await portal.post("/help/ask/recruiter", {"standard_role": "Enterprise architect"})).headers[
        "location"
    ]
    await both.exchange()
    await portal.as_contact("contact-ada")
    await portal.hears(SupporterStated(supporter=supporter(stated_at=None)))
    await portal.post("/supporting/listings/supporter-ada/withdraw")
    await portal.as_member(CAMDEN)
    revision = await portal.pool.fetchval("SELECT revision FROM match")
    await portal.post(f"{at}/answer", {"revision": str(revision), "accept": "supporter-ada"})
    await both.exchange()
    page = (await portal.get(at)).text
    assert "Whoever was accepted cannot help any more:" in page
    assert "Has withdrawn from the list." in page
    assert "Accept Ben Lee" in page


async def test_whoever_pauses_is_proposed_to_nobody_until_they_are_back(both: Both) -> None:
    """What a supporter says on the page decides whom boroughs are proposed."""
    portal = both.portal
    await portal.hears(SupporterStated(supporter=supporter(stated_at=None)))
    await portal.as_contact("contact-ada")
    back = (portal.clock.now + timedelta(days=60)).date()
    await portal.post("/supporting/listings/supporter-ada/pause", {"back": back.isoformat()})
    await portal.as_member(CAMDEN)
    soon = (portal.clock.now + timedelta(days=20)).date()
    days = {"need_by-day": str(soon.day), "need_by-month": str(soon.month), "need_by-year": str(soon.year)}
    fields = {"standard_role": "Enterprise architect", **days}
    at = (await portal.post("/help/ask/recruiter", fields)).headers["location"]
    await both.exchange()
    page = (await portal.get(at)).text
    assert "Accept Ben Lee" in page
    assert "Accept Ada Okafor" not in page
    assert "Is not available before" in page
