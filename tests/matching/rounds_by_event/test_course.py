"""A round asked for, decided, published and called off: what becomes of its requests, on a real database."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Match
from services.matching.asked_rounds.clock import RoundClock
from services.matching.asked_rounds.facts import Asked
from tests.matching.hearing import (
    Alone,
    Town,
    accepts,
    connected,
    declines,
    hear,
    latest,
    said,
    sent,
    town,
)
from tests.matching.making import NOON
from tests.matching.rounds_by_event.hall import (
    a_round,
    asks,
    at_once,
    decided,
    hear_round,
    mentors,
    published,
    results,
)


def on(match: Match) -> list[str]:
    """Who is on its shortlist."""
    return [one.supporter_id for one in match.shortlist]


async def turn(db: Any) -> None:
    """Let the clock do what is due."""
    await town.clock.turn(Alone(db))  # type: ignore[arg-type]


async def test_nobody_hears_of_a_round_before_it_is_published(db: Any) -> None:
    """While it is asked for and decided, its requests' own shortlists stay as they are."""
    await hear(db, asks(1), asks(2), mentors(1), mentors(2))
    before = await said(db)
    await hear_round(db, a_round())
    assert await decided(db) == 1
    (result,) = await results(db)
    assert (result.status, result.revision, result.round_revision, len(result.pairs)) == ("proposed", 1, 1, 2)
    assert await said(db) == before


async def test_a_published_pair_is_proposed_alone_for_its_reasons(db: Any) -> None:
    """Each request of a published round is proposed the one supporter that it was given, for the reasons looked at; the
    next revision of its match says so, and names the round; then it is accepted and introduced like any other."""
    await hear(db, asks(1), asks(2), mentors(1), mentors(2))
    before = await latest(db)
    result = await published(db)
    assert (result.status, result.revision, result.round_revision) == ("published", 2, 2)
    for pair in result.pairs:
        match = (await latest(db))[pair.request_id]
        (candidate,) = match.shortlist
        assert (candidate.supporter_id, candidate.score) == (pair.supporter_id, pair.score)
        assert candidate.reasons == pair.reasons
        assert match.revision == before[pair.request_id].revision + 1
        assert (match.stage, match.round_id) == ("proposed", "round-1")
    (one, other) = result.pairs
    await hear(db, accepts(one.request_id, one.supporter_id))
    await hear(db, sent(one.request_id, "asks-1"))
    assert (await latest(db))[one.request_id].stage == "introduced"
    assert on((await latest(db))[other.request_id]) == [other.supporter_id]


async def test_a_supporter_keeps_the_place_for_who_was_given_it(db: Any) -> None:
    """Another borough cannot take the last place meanwhile: the supporter leaves its shortlist, and its acceptance is
    answered with who else could help."""
    await hear(db, asks(1), asks(3), mentors(1))
    await published(db, request_ids=("request-1",))
    matches = await latest(db)
    assert (on(matches["request-1"]), matches["request-3"].stage) == (["mentor-1"], "open")
    assert "keeps 1 place for a round" in matches["request-3"].left_out[0].why
    await hear(db, accepts("request-3", "mentor-1"))
    assert (await latest(db))["request-3"].stage == "open"
    await hear(db, accepts("request-1", "mentor-1"))
    assert (await latest(db))["request-1"].stage == "accepted"


async def test_a_declined_pair_sets_its_supporter_free(db: Any) -> None:
    """Whom the borough declined can be proposed to others again; stated anew, the request gets a shortlist of all."""
    await hear(db, asks(1), asks(3), mentors(1), mentors(2, skills=()))
    await published(db, request_ids=("request-1",), supporter_ids=("mentor-1",))
    await hear(db, declines("request-1"))
    matches = await latest(db)
    assert matches["request-1"].stage == "declined"
    assert "mentor-1" in on(matches["request-3"])
    await hear(db, asks(1, revision=2))
    match = (await latest(db))["request-1"]
    assert (on(match), match.round_id) == (["mentor-1", "mentor-2"], None)


@pytest.mark.parametrize(
    "how", ["withdraws", "is changed", "supporter leaves", "supporter takes nobody", "lapses"]
)
async def test_a_pair_that_falls_away_is_looked_after_like_any_other(db: Any, how: str) -> None:
    """Whatever ends a pair before it is accepted, no place is kept for it any more, and everybody concerned gets who is
    best then."""
    await hear(db, asks(1), asks(3), mentors(1), mentors(2, skills=()))
    await published(db, request_ids=("request-1",), supporter_ids=("mentor-1",))
    if how == "lapses":
        town.now = NOON + timedelta(days=31)
        await turn(db)
    else:
        await hear(
            db,
            {
                "withdraws": asks(1, revision=2, status="withdrawn"),
                "is changed": asks(1, revision=2, skills=("SQL",)),
                "supporter leaves": mentors(1, revision=2, status="withdrawn"),
                "supporter takes nobody": mentors(1, revision=2, capacity=0),
            }[how],
        )
    assert await db.fetchval("SELECT count(*) FROM round_places") == 0
    match = (await latest(db))["request-1"]
    expected = {
        "withdraws": ("withdrawn", []),
        "is changed": ("proposed", ["mentor-1", "mentor-2"]),
        "supporter leaves": ("proposed", ["mentor-2"]),
        "supporter takes nobody": ("proposed", ["mentor-2"]),
        "lapses": ("lapsed", []),
    }
    assert ((match.stage, on(match)), match.round_id) == (expected[how], None)
    if how in ("withdraws", "is changed"):
        assert "mentor-1" in on((await latest(db))["request-3"])


async def test_a_shortlist_of_a_round_lapses_by_its_own_time(db: Any) -> None:
    """The days for an answer count from when the round was published, not from the shortlist before it; and they count
    anew for the shortlist after it."""
    await hear(db, asks(1), mentors(1))
    town.now = NOON + timedelta(days=20)
    await published(db)
    town.now = NOON + timedelta(days=40)
    await turn(db)
    assert (await latest(db))["request-1"].stage == "proposed"
    town.now = NOON + timedelta(days=50)
    await turn(db)
    assert (await latest(db))["request-1"].stage == "lapsed"


@pytest.mark.parametrize(
    "how", ["accepts", "withdraws", "is restated", "supporter is taken", "supporter leaves", "lapses"]
)
async def test_where_the_world_moved_nothing_is_published(db: Any, how: str) -> None:
    """All pairs or none: the result says whom it concerns and why, no request hears of it; run again, it can be."""
    await hear(db, asks(1), asks(2), asks(3), mentors(1), mentors(2))
    await hear_round(db, a_round(request_ids=("request-1", "request-2")))
    await decided(db)
    (looked_at,) = await results(db)
    given = looked_at.pairs[0].supporter_id
    if how == "lapses":
        town.now = NOON + timedelta(days=31)
    else:
        await hear(
            db,
            {
                "accepts": accepts("request-1", given),
                "withdraws": asks(1, revision=2, status="withdrawn"),
                "is restated": asks(1, revision=2, skills=()),
                "supporter is taken": accepts("request-3", given),
                "supporter leaves": mentors(int(given[-1]), revision=2, status="withdrawn"),
            }[how],
        )
    before = await said(db)
    await hear_round(db, a_round(revision=2, status="published", result_revision=1))
    refused = (await results(db))[-1]
    assert (refused.status, refused.revision, refused.pairs) == ("refused", 2, ())
    assert f"Request request-1 and supporter {given}: " in (refused.why or "")
    assert await said(db) == before
    assert await db.fetchval("SELECT count(*) FROM round_places") == 0
    town.now = NOON
    await hear_round(db, a_round(revision=3))
    await decided(db)
    again = (await results(db))[-1]
    assert (again.status, again.revision) == ("proposed", 3)
    assert again.changes


async def test_only_the_result_that_was_looked_at_is_published(db: Any) -> None:
    """An older result, or one that is still being decided, is refused with why."""
    await hear(db, asks(1), mentors(1))
    await hear_round(db, a_round())
    await decided(db)
    await hear_round(db, a_round(revision=2, seed=1))
    await decided(db)
    await hear_round(db, a_round(revision=3, status="published", result_revision=1))
    assert "the newest is 2" in ((await results(db))[-1].why or "")
    await hear_round(db, a_round(revision=4))
    await hear_round(db, a_round(revision=5, status="published", result_revision=3))
    assert "changed after this result" in ((await results(db))[-1].why or "")
    assert await decided(db) == 0


async def test_called_off_it_sets_everybody_free(db: Any) -> None:
    """Who has not accepted gets a shortlist of all again; who has accepted stays; the result says how many."""
    await hear(db, asks(1), asks(2), mentors(1), mentors(2))
    result = await published(db)
    accepted, waiting = result.pairs
    await hear(db, accepts(accepted.request_id, accepted.supporter_id))
    await hear_round(db, a_round(revision=3, status="cancelled"))
    end = (await results(db))[-1]
    assert (end.status, end.revision) == ("cancelled", 3)
    assert "Without an answer so far: 1 of its 2 pairs" in (end.why or "")
    matches = await latest(db)
    assert matches[accepted.request_id].stage == "accepted"
    again = matches[waiting.request_id]
    assert (on(again), again.round_id) == ([waiting.supporter_id], None)
    with pytest.raises(Park, match="was called off"):
        await hear_round(db, a_round(revision=4))


async def test_what_comes_too_late_is_parked_with_its_reason(db: Any) -> None:
    """A published round is not run again, and one that nobody asked for is not published."""
    with pytest.raises(Park, match="before it was ever asked for"):
        await hear_round(db, a_round(status="published", result_revision=1))
    await hear(db, asks(1), mentors(1))
    await published(db)
    with pytest.raises(Park, match="is published"):
        await hear_round(db, a_round(revision=3))


async def test_a_request_is_in_one_published_round_at_a_time(db: Any) -> None:
    """Whom a round gave somebody takes no part in another, which says so; its supporter's place is not given twice."""
    await hear(db, asks(1), mentors(1))
    await published(db)
    await hear_round(db, a_round(id="round-2", request_ids=("request-1",)))
    await decided(db)
    other = (await results(db))[-1]
    assert (other.id, other.status) == ("round-2", "refused")
    assert await db.fetchval("SELECT round_id FROM round_places") == "round-1"


async def test_redelivered_and_killed_it_is_said_once(db: Any) -> None:
    """A round heard twice, and a process killed after it decided but before it committed: each result is said once, and
    none is lost."""
    await hear(db, asks(1), mentors(1))
    for _ in range(2):
        await hear_round(db, a_round())
    killed = db.transaction()
    await killed.start()
    await decided(db)
    await killed.rollback()
    town.looking.people.forget()
    assert await results(db) == []
    assert [await decided(db), await decided(db)] == [1, 0]
    for _ in range(2):
        await hear_round(db, a_round(revision=2, status="published", result_revision=1))
    assert [one.status for one in await results(db)] == ["proposed", "published"]
    assert len([match for _, match in await said(db) if match.round_id]) == 1


async def test_two_processes_decide_a_round_once(dsn: str) -> None:
    """Both may work it out; one says it."""
    async with connected(dsn) as one, connected(dsn) as other:
        await hear(one, asks(1), mentors(1))
        await hear_round(one, a_round())
        assert sum(await asyncio.gather(decided(one, by=Town()), decided(other, by=Town()))) == 1
        assert len(await results(one)) == 1


async def test_what_is_changed_while_it_is_decided_is_decided_anew(db: Any) -> None:
    """A result of a round that was stated otherwise meanwhile is not said."""
    await hear(db, asks(1), asks(2), mentors(1))
    await hear_round(db, a_round())

    async def meanwhile(asked: Asked, stopping: asyncio.Event) -> Any:
        result = await at_once(asked, stopping)
        await hear_round(db, a_round(revision=2, without=("request-1",)))
        return result

    clock = RoundClock(town.looking, every=1, decide=meanwhile)
    assert await clock.turn(Alone(db), asyncio.Event()) == 0  # type: ignore[arg-type]
    assert await decided(db) == 1
    (result,) = await results(db)
    assert (result.round_revision, [one.request_id for one in result.pairs]) == (2, ["request-2"])
