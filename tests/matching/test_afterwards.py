"""What time and outcomes do, on a real database: lapses, follow-ups, track records, and rollbacks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.errors import Park
from services.matching import store
from services.matching.cases import match_id
from tests.matching.hearing import (
    Town,
    a_benchmark,
    accepts,
    came_of,
    connected,
    declines,
    hear,
    latest,
    said,
    sent,
    town,
)
from tests.matching.making import CAMDEN, HACKNEY, NOON, a_request, a_role, a_supporter

Db = Any


@pytest.fixture
async def pool(dsn: str) -> "AsyncIterator[asyncpg.Pool[Any]]":
    """A pool of connections to the test's database."""
    async with asyncpg.create_pool(dsn, min_size=0, max_size=4) as opened:
        yield opened


async def test_a_request_goes_its_whole_way(db: Db, pool: Any) -> None:
    """Open, proposed, accepted, introduced, followed up, outcome: every step is an event with the next revision."""
    await hear(db, a_request())
    await hear(db, a_supporter())
    await hear(db, accepts("request-1", "supporter-1"))
    await hear(db, sent("request-1", "contact-camden"), sent("request-1", "contact-recruiter"))
    town.now = NOON + timedelta(days=15)
    assert await town.clock.turn(pool) == 1
    assert await town.clock.turn(pool) == 0
    await hear(db, came_of("request-1", "hired"))
    steps = await said(db)
    assert [type_ for type_, _ in steps] == [
        "unmatched",
        "proposed",
        "answered",
        "introduced",
        "follow-up-due",
        "outcome-recorded",
    ]
    assert [match.stage for _, match in steps] == [
        "open",
        "proposed",
        "accepted",
        "introduced",
        "followed up",
        "outcome",
    ]
    assert [match.revision for _, match in steps] == [1, 2, 3, 4, 5, 6]
    town.now = NOON + timedelta(days=400)
    assert await town.clock.turn(pool) == 0


async def test_two_clocks_do_each_thing_once(db: Db, pool: Any) -> None:
    """Two processes whose clocks turn at the same moment say each lapse and each follow-up once."""
    await hear(db, a_supporter(capacity=9))
    await hear(db, *(a_request(id=f"request-{number}") for number in range(4)))
    await hear(db, accepts("request-0", "supporter-1"), sent("request-0", "contact-camden"))
    before = len(await said(db))
    other = Town()
    town.now = other.now = NOON + timedelta(days=40)
    await asyncio.gather(town.clock.turn(pool), other.clock.turn(pool))
    assert sorted(type_ for type_, _ in (await said(db))[before:]) == [
        "follow-up-due",
        "lapsed",
        "lapsed",
        "lapsed",
    ]


async def test_a_supporter_who_does_not_renew_is_not_proposed(db: Db, pool: Any) -> None:
    """After six months what they stated holds no more: they leave the shortlist, with that as the reason, and are back
    when they renew it."""
    await hear(db, a_supporter(stated_at=NOON), a_request(need_by=None))
    await hear(db, declines("request-1"), a_request(revision=2, need_by=None, note="Still looking."))
    town.now = NOON + timedelta(days=20)
    await hear(db, a_request(id="request-2", need_by=None))
    town.now = NOON + timedelta(days=200)
    town.looking.people.forget()
    other = Town()
    other.now = town.now
    await other.hear(db, a_request(id="request-3", need_by=None))
    match = (await latest(db))["request-3"]
    assert match.stage == "open"
    assert match.left_out[0].why == (
        "Stated what they offer on 2 November 2026 and has not renewed it since; that holds for 6 months."
    )
    await other.hear(db, a_supporter(revision=2, stated_at=other.now))
    assert (await latest(db))["request-3"].stage == "proposed"


async def test_the_clock_takes_the_stale_off_their_shortlists(db: Db, pool: Any) -> None:
    """Nobody states anything, days pass, and whoever is no longer available leaves the shortlist all the same."""
    leaves = a_supporter(available_until=(NOON + timedelta(days=5)).date())
    await hear(db, leaves, a_supporter(id="supporter-2", skills=("SQL",)), a_request())
    town.now = NOON + timedelta(days=6)
    await town.clock.turn(pool)
    match = (await latest(db))["request-1"]
    assert [one.supporter_id for one in match.shortlist] == ["supporter-2"]
    assert match.left_out[0].why == "Was available until 7 November 2026 only."


async def test_an_outcome_frees_the_supporter_and_counts(db: Db) -> None:
    """Their place is free for those who wait, and the next shortlist tells how the last introduction went."""
    await hear(db, a_supporter(capacity=1), a_request(), a_request(id="request-2", borough=HACKNEY))
    await hear(db, accepts("request-1", "supporter-1"))
    assert (await latest(db))["request-2"].stage == "open"
    await hear(db, came_of("request-1", "hired"))
    second = (await latest(db))["request-2"]
    assert second.stage == "proposed"
    (record,) = [one for one in second.shortlist[0].reasons if one.part == "track record"]
    assert record.sentence == "Of 1 earlier introduction, 1 ended well; 60% of the next are expected to."


async def test_an_outcome_may_be_corrected_and_the_last_holds(db: Db) -> None:
    """A newer statement replaces the older; an older one that comes late changes nothing."""
    await hear(db, a_supporter(), a_request(), accepts("request-1", "supporter-1"))
    await hear(db, came_of("request-1", "hired"), came_of("request-1", "nothing", revision=3))
    before = await said(db)
    await hear(db, came_of("request-1", "hired", revision=2), came_of("request-1", "nothing", revision=3))
    assert await said(db) == before
    (known,) = await store.load_changed_supporters(db, since=0)
    assert (known.now.load, known.now.good, known.now.ended) == (0, 0, 1)


async def test_an_outcome_of_nothing_known_is_parked(db: Db) -> None:
    """A match that is not there, or that nobody accepted, has no outcome; it leaves no trace."""
    await hear(db, a_supporter(), a_request())
    for outcome, reason in (
        (came_of("request-9", "hired"), "no match"),
        (came_of("request-1", "hired"), "proposed"),
    ):
        with pytest.raises(Park, match=reason):
            await hear(db, outcome)
    assert await db.fetchval("SELECT count(*) FROM outcomes") == 0


async def test_a_notification_of_something_else_introduces_nobody(db: Db) -> None:
    """Alerts, notifications that do not say of what, and those for a match not accepted are passed over."""
    await hear(db, a_supporter(), a_request())
    told = sent("request-1", "contact-camden")
    await hear(
        db, told, told.model_copy(update={"about": None}), told.model_copy(update={"kind": "new role"})
    )
    assert [type_ for type_, _ in await said(db)] == ["proposed"]


async def test_the_support_pack_goes_with_the_shortlist(db: Db) -> None:
    """A request for a recruiter gets the yearly benchmark and live roles like its own; one for a mentor no roles."""
    await hear(db, a_benchmark(), a_benchmark(id="day", period="day", middle=None))
    await hear(db, a_role(), a_role(id="closed", status="closed"), a_role(id="other", standard_role=None))
    await hear(db, a_supporter(), a_supporter(id="mentor", kind="mentor"))
    await hear(db, a_request(level="practitioner"), a_request(id="request-2", kind="mentor"))
    matches = await latest(db)
    first = matches["request-1"]
    assert first.benchmark is not None
    assert first.benchmark.p50 == 50_000_00
    assert [(one.role_id, one.authorities, one.pay) for one in first.similar_roles] == [
        ("role-1", ("Camden",), "£52,000")
    ]
    assert matches["request-2"].similar_roles == ()


async def test_what_is_rolled_back_is_forgotten_in_memory_too(db: Db) -> None:
    """A supporter whose statement was undone is not proposed, and one who was changed in it is as before."""
    await hear(db, a_supporter(id="kept"))
    undone = db.transaction()
    await undone.start()
    await town.hear_within(db, a_supporter())
    await town.hear_within(db, a_supporter(id="kept", revision=2, not_for=(CAMDEN,)))
    await town.hear_within(db, a_request(id="request-0"))
    await undone.rollback()
    await hear(db, a_request())
    assert [one.supporter_id for one in (await latest(db))["request-1"].shortlist] == ["kept"]


async def test_what_another_process_did_is_known(dsn: str) -> None:
    """Whom the other listed is proposed, and whose last place the other gave away is not."""
    async with connected(dsn) as one, connected(dsn) as two:
        other = Town()
        await hear(one, a_request())
        await other.hear(two, a_supporter(capacity=1))
        assert (await latest(one))["request-1"].stage == "proposed"
        await hear(one, accepts("request-1", "supporter-1"))
        await other.hear(two, a_request(id="request-2"))
        assert (await latest(two))["request-2"].stage == "open"
        await hear(one, came_of("request-1", "hired"))
        assert (await latest(two))["request-2"].stage == "proposed"


async def test_a_migrated_match_goes_on(db: Db) -> None:
    """What was said before there were stages is still answered, and its supporter still counted."""
    await hear(db, a_supporter(), a_request())
    await db.execute(
        "UPDATE matches SET stage = status, said_revision = NULL, "
        "state = state - 'stage' - 'first_proposed_at' - 'left_out_counts' - 'purpose'"
    )
    await hear(db, accepts("request-1", "supporter-1"), sent("request-1", "contact-camden"))
    assert (await latest(db))["request-1"].stage == "introduced"
    assert await db.fetchval("SELECT id FROM matches") == match_id("request-1")
