"""Whatever order events come in, and however many processes hear them at once, it ends the same."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Answer, Request, State, Supporter
from services.matching import store
from services.matching.eligibility import SupporterNow
from services.matching.shortlist import shortlist
from tests.matching.hearing import (
    RULES,
    Alone,
    Town,
    accepts,
    came_of,
    connected,
    declines,
    empty,
    fresh_shortlists,
    hear,
    latest,
    said,
    sent,
    standing,
    town,
)
from tests.matching.making import NOON, SKILLS, TODAY, a_request, a_supporter, any_request, any_supporter

on_a_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
two_kinds = ("recruiter", "mentor")
requests = st.lists(
    any_request(ids=st.sampled_from(("request-1", "request-2", "request-3")), kinds=two_kinds),
    max_size=6,
    unique_by=lambda one: (one.id, one.revision),
)
supporters = st.lists(
    any_supporter(ids=st.sampled_from(tuple(f"supporter-{number}" for number in range(5))), kinds=two_kinds),
    max_size=8,
    unique_by=lambda one: (one.id, one.revision),
)


@on_a_database
@given(requests, supporters, st.randoms(use_true_random=False))
async def test_the_order_of_requests_and_supporters_does_not_matter(
    db: Any, asked: list[Request], listed: list[Supporter], random: Random
) -> None:
    """The final matches, and who waits with what reasons, are the same in whatever order they were stated."""
    statements: list[Request | Supporter] = [*asked, *listed]
    await empty(db)
    await hear(db, *statements)
    expected = await standing(db)
    await empty(db)
    for statement in random.sample(statements, len(statements)):
        await hear(db, statement)
    assert await standing(db) == expected


@on_a_database
@given(st.integers(0, 2**32))
async def test_answers_among_them_break_nothing(db: Any, seed: int) -> None:
    """With answers in between: nobody carries more than they take when they are accepted, revisions count up
    by one, and every request still open has on its shortlist whom its newest facts give."""
    await empty(db)
    random = Random(seed)
    statements = random.sample(_town(random), 14)
    for number, statement in enumerate(statements, start=1):
        await hear(db, statement)
        await _answer_something(db, random, revision=number)
    revisions: dict[str, int] = {}
    for _, match in await said(db):
        assert match.revision == revisions.get(match.id, 0) + 1
        revisions[match.id] = match.revision
    matches = await latest(db)
    for request_id, expected in (await fresh_shortlists(db)).items():
        assert [one.supporter_id for one in matches[request_id].shortlist] == expected


@settings(on_a_database, max_examples=15)
@given(st.integers(0, 2**32))
async def test_the_course_ends_the_same_in_whatever_order_it_is_heard(db: Any, seed: int) -> None:
    """Introductions sent, outcomes stated, supporters and requests restated, clocks turned and messages redelivered, in
    any order: requests, shortlists, stages, outcomes and free places end the same."""
    random = Random(seed)
    facts, later = _course(random), NOON + timedelta(days=20)
    ends = []
    for order in (facts, random.sample(facts, len(facts))):
        await empty(db)
        await hear(db, *_introduced())
        for fact in [*order, *random.sample(order, 3)]:
            await hear(db, fact)
            if random.random() < 0.3:
                await _turn(db)
        town.now = later
        await _turn(db)
        free = await _free_places(db)
        ends.append((await standing(db), free, await fresh_shortlists(db)))
    assert ends[0] == ends[1]
    shown, _, fresh = ends[0]
    assert {request_id: shown[request_id][1] for request_id in fresh} == fresh


def _introduced() -> list[Request | Supporter | Answer]:
    """Three requests for two supporters; two of them are accepted."""
    asked = [a_request(id=f"request-{number}", need_by=None) for number in range(3)]
    listed = [a_supporter(id=f"supporter-{number}", contact_id=f"helps-{number}") for number in range(2)]
    return [*listed, *asked, accepts("request-0", "supporter-0"), accepts("request-1", "supporter-1")]


def _course(random: Random) -> list[State]:
    """What is heard afterwards."""
    results = ("hired", "nothing", "ongoing", "advised")
    facts: list[State] = [
        sent("request-0", "contact-camden"),
        sent("request-0", "helps-0"),
        sent("request-1", "helps-1"),
        *(came_of("request-0", random.choice(results), revision=revision) for revision in (1, 2)),
        a_supporter(id="supporter-0", contact_id="helps-0", revision=2, capacity=random.randrange(3)),
        a_supporter(id="supporter-1", contact_id="helps-1", revision=2, skills=()),
        a_request(id="request-2", revision=2, need_by=None, skills=("SQL",)),
        a_supporter(id="supporter-3", kind=random.choice(two_kinds)),
    ]
    if random.random() < 0.5:
        facts.append(a_request(id="request-1", revision=2, status="withdrawn", need_by=None))
    return random.sample(facts, len(facts))


async def _turn(db: Any) -> None:
    """Let the clock do what is due, on this connection."""
    await town.clock.turn(Alone(db))


def _town(random: Random) -> list[Request | Supporter]:
    """Four requests and three supporters who mostly fit, each stated twice with differences."""
    asked = [
        a_request(
            id=f"request-{number}",
            revision=revision,
            status="withdrawn" if random.random() < 0.15 else "open",
            skills=tuple(random.sample(SKILLS, random.randrange(3))),
        )
        for number in range(4)
        for revision in (1, 2)
    ]
    listed = [
        a_supporter(
            id=f"supporter-{number}",
            revision=revision,
            kind="mentor" if random.random() < 0.1 else "recruiter",
            capacity=random.randint(1, 3),
            skills=tuple(random.sample(SKILLS, random.randrange(3))),
        )
        for number in range(3)
        for revision in (1, 2)
    ]
    return [*asked, *listed]


async def _answer_something(db: Any, random: Random, *, revision: int) -> None:
    matches = sorted((await latest(db)).values(), key=lambda match: match.id)
    if not matches or random.random() < 0.3:
        return
    match = random.choice(matches)
    before = await _free_places(db)
    # The answer of a declining borough, of one that saw this shortlist, or of one that saw another.
    chosen = random.choice([None, *(one.supporter_id for one in match.shortlist * 3), "supporter-0"])
    said = (
        accepts(match.request_id, chosen, revision=revision)
        if chosen
        else declines(match.request_id, revision=revision)
    )
    try:
        await hear(db, said)
    except Park:
        return
    after = await _free_places(db)
    assert all(free >= 0 or free >= before[supporter_id] for supporter_id, free in after.items())


async def _free_places(db: Any) -> dict[str, int]:
    people = [one.now for one in await store.load_changed_supporters(db, since=0)]
    return {one.supporter.id: one.supporter.capacity - one.load for one in people}


async def test_a_request_and_a_supporter_at_the_same_moment_do_not_miss_each_other(dsn: str) -> None:
    """While one process has heard the request but not committed, the other who hears the supporter waits."""
    async with connected(dsn) as one, connected(dsn) as other:
        await _second_waits_for_first(one, a_request(), other, a_supporter())
        assert (await latest(one))["request-1"].stage == "proposed"


async def test_two_acceptances_at_once_take_the_last_place_once(dsn: str) -> None:
    """Two boroughs accept the same supporter in the same moment: exactly one is introduced."""
    async with connected(dsn) as one, connected(dsn) as other:
        await hear(one, a_supporter(capacity=1), a_request(), a_request(id="request-2"))
        await _second_waits_for_first(
            one, accepts("request-1", "supporter-1"), other, accepts("request-2", "supporter-1")
        )
        assert [match.stage for match in (await latest(one)).values()] == ["accepted", "open"]


async def test_many_processes_at_once_end_with_every_match(dsn: str) -> None:
    """Eight requests and eight supporters heard by sixteen processes at once: every request ends with the best three
    of all eight."""
    asked = {f"request-{number}": a_request(id=f"request-{number}") for number in range(8)}
    listed = [a_supporter(id=f"supporter-{number}", capacity=9) for number in range(8)]
    async with AsyncExitStack() as stack:
        statements: list[Request | Supporter] = [*asked.values(), *listed]
        each = [(await stack.enter_async_context(connected(dsn)), statement) for statement in statements]
        await asyncio.gather(*(Town().hear(connection, statement) for connection, statement in each))
        matches = await latest(each[0][0])
    people = [SupporterNow(supporter) for supporter in listed]
    assert {request_id: match.shortlist for request_id, match in matches.items()} == {
        request_id: shortlist(request, people, today=TODAY, rules=RULES).candidates
        for request_id, request in asked.items()
    }


async def _second_waits_for_first(
    one: Any, first: Request | Answer, other: Any, second: Supporter | Answer
) -> None:
    async with one.transaction():
        await town.hear_within(one, first)
        waiting = asyncio.create_task(Town().hear(other, second))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    await waiting
