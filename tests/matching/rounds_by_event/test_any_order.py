"""Whatever is heard around a round, its matches, places and shortlists stay right."""

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.errors import Park
from loti_contracts.events import State
from services.matching import store
from tests.matching.hearing import (
    accepts,
    came_of,
    declines,
    empty,
    fresh_shortlists,
    hear,
    latest,
    said,
)
from tests.matching.making import SKILLS
from tests.matching.rounds_by_event.hall import (
    a_round,
    asks,
    decided,
    hear_round,
    mentors,
    published,
    results,
)

REQUESTS, MENTORS = range(1, 6), range(1, 4)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
async def test_whatever_happens_around_a_round(db: Any, seed: int) -> None:
    """Requests and supporters restated, answers, outcomes, two rounds asked for, published and called off, in any order:
    revisions count up by one; a place is kept just for those who are proposed what a round gave them; nobody who keeps
    or carries as much as they take is on another shortlist; every other open request has on its shortlist whom the
    newest facts give."""
    random = Random(seed)
    await empty(db)
    await db.execute("TRUNCATE rounds CASCADE")
    await hear(
        db, *(asks(number) for number in REQUESTS), *(mentors(number, capacity=2) for number in MENTORS)
    )
    rounds = {"round-1": 2, "round-2": 0}
    assert (await published(db)).status == "published"
    for revision in range(2, 16):
        if random.random() < 0.25:
            await _a_round_goes_on(db, random, rounds)
        else:
            try:
                await hear(db, _something(random, revision, await latest(db)))
            except Park:
                continue
    await _holds(db)


async def _a_round_goes_on(db: Any, random: Random, rounds: dict[str, int]) -> None:
    id_ = random.choice(sorted(rounds))
    newest = {one.id: one for one in await results(db)}
    status = random.choice(("asked", "published", "published", "cancelled") if id_ in newest else ("asked",))
    rounds[id_] += 1
    looked_at = newest[id_].revision if status == "published" else None
    try:
        await hear_round(
            db,
            a_round(
                id=id_,
                revision=rounds[id_],
                status=status,
                result_revision=looked_at,
                seed=random.randrange(3),
                without=random.sample([f"request-{n}" for n in REQUESTS], random.randrange(3)),
            ),
        )
    except Park:
        return
    await decided(db)


def _something(random: Random, revision: int, matches: dict[str, Any]) -> State:
    number, mentor = random.choice(REQUESTS), random.choice(MENTORS)
    skills = tuple(random.sample(SKILLS, random.randrange(1, 3)))
    id_ = f"request-{number}"
    on = [one.supporter_id for one in matches[id_].shortlist] or ["mentor-1"]
    return random.choice(
        (
            asks(number, revision=revision, skills=skills),
            asks(number, revision=revision, status="withdrawn"),
            mentors(mentor, revision=revision, capacity=random.randrange(4), skills=skills),
            mentors(mentor, revision=revision, status=random.choice(("listed", "withdrawn"))),
            accepts(id_, random.choice(on), revision=revision),
            accepts(id_, random.choice(on), revision=revision),
            declines(id_, revision=revision),
            came_of(id_, random.choice(("mentored", "nothing", "ongoing")), revision=revision),
        )
    )


async def _holds(db: Any) -> None:
    revisions: dict[str, int] = {}
    for _, match in await said(db):
        assert match.revision == revisions.get(match.id, 0) + 1
        revisions[match.id] = match.revision
    matches = await latest(db)
    rows = await db.fetch("SELECT request_id, supporter_id, round_id FROM round_places")
    kept = {row["request_id"]: (row["round_id"], row["supporter_id"]) for row in rows}
    given_to = {
        id_: (match.round_id, match.shortlist[0].supporter_id)
        for id_, match in matches.items()
        if match.stage == "proposed" and match.round_id
    }
    assert kept == given_to
    people = {one.now.supporter.id: one.now for one in await store.load_changed_supporters(db, since=0)}
    for id_, fresh in (await fresh_shortlists(db)).items():
        on = [one.supporter_id for one in matches[id_].shortlist]
        if id_ not in kept:
            assert on == fresh
            for one in on:
                now = people[one]
                assert now.load + now.kept < now.supporter.capacity
