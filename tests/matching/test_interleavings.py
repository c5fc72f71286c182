"""Whatever order events come in, and however many processes hear them at once, it ends the same."""

import asyncio
from contextlib import AsyncExitStack
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Answer, Request, Supporter
from services.matching import store
from services.matching.eligibility import SupporterNow
from services.matching.shortlist import shortlist
from tests.matching.hearing import (
    accepts,
    connected,
    declines,
    empty,
    hear,
    hear_within,
    latest,
    matching,
    said,
    standing,
)
from tests.matching.making import SKILLS, TODAY, a_request, a_supporter, any_request, any_supporter

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
    by one, and every request still open has exactly the shortlist that its newest facts give."""
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
    for kind in two_kinds:
        people = await store.load_supporters(db, kind)
        for case in await store.load_open_cases(db, kind):
            if not case.settled:
                fresh = shortlist(case.request, people, today=TODAY, size=matching.size)
                shown = case.match.shortlist if case.match and case.status == "proposed" else ()
                assert shown == fresh.candidates


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
    people = [one for kind in two_kinds for one in await store.load_supporters(db, kind)]
    return {one.supporter.id: one.supporter.capacity - one.load for one in people}


async def test_a_request_and_a_supporter_at_the_same_moment_do_not_miss_each_other(dsn: str) -> None:
    """While one process has heard the request but not committed, the other who hears the supporter waits."""
    async with connected(dsn) as one, connected(dsn) as other:
        await _second_waits_for_first(one, a_request(), other, a_supporter())
        assert (await latest(one))["request-1"].status == "proposed"


async def test_two_acceptances_at_once_take_the_last_place_once(dsn: str) -> None:
    """Two boroughs accept the same supporter in the same moment: exactly one is introduced."""
    async with connected(dsn) as one, connected(dsn) as other:
        await hear(one, a_supporter(capacity=1), a_request(), a_request(id="request-2"))
        await _second_waits_for_first(
            one, accepts("request-1", "supporter-1"), other, accepts("request-2", "supporter-1")
        )
        assert [match.status for match in (await latest(one)).values()] == ["accepted", "withdrawn"]


async def test_many_processes_at_once_end_with_every_match(dsn: str) -> None:
    """Eight requests and eight supporters heard by sixteen connections at once: every request ends with the
    best three of all eight."""
    asked = {f"request-{number}": a_request(id=f"request-{number}") for number in range(8)}
    listed = [a_supporter(id=f"supporter-{number}", capacity=9) for number in range(8)]
    async with AsyncExitStack() as stack:
        statements: list[Request | Supporter] = [*asked.values(), *listed]
        each = [(await stack.enter_async_context(connected(dsn)), statement) for statement in statements]
        await asyncio.gather(*(hear(connection, statement) for connection, statement in each))
        matches = await latest(each[0][0])
    people = [SupporterNow(supporter) for supporter in listed]
    assert {request_id: match.shortlist for request_id, match in matches.items()} == {
        request_id: shortlist(request, people, today=TODAY, size=matching.size).candidates
        for request_id, request in asked.items()
    }


async def _second_waits_for_first(
    one: Any, first: Request | Answer, other: Any, second: Supporter | Answer
) -> None:
    async with one.transaction():
        await hear_within(one, first)
        waiting = asyncio.create_task(hear(other, second))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    await waiting
