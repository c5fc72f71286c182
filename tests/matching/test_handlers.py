"""What matching does with what it hears, on a real database."""

from typing import Any

import pytest

from loti_contracts.delivery.errors import Park
from services.matching.app import service
from services.matching.cases import match_id
from tests.matching.hearing import a_benchmark, accepts, declines, hear, latest, said
from tests.matching.making import BARNET, HACKNEY, a_request, a_supporter

Db = Any


async def test_a_request_is_proposed_at_once(db: Db) -> None:
    """A request that somebody can help with has its shortlist in the transaction that heard it."""
    await hear(db, a_supporter(), a_request())
    ((type_, match),) = await said(db)
    assert (type_, match.id, match.revision, match.status) == (
        "proposed",
        match_id("request-1"),
        1,
        "proposed",
    )
    assert [one.supporter_id for one in match.shortlist] == ["supporter-1"]


async def test_what_is_said_carries_its_cause(db: Db) -> None:
    """A match is said with the correlation id of the request that led to it."""
    await hear(db, a_supporter(), a_request())
    headers = await db.fetchval("SELECT headers::text FROM outbox")
    assert "ce_causationid" in headers
    assert "/loti/matching" in headers


async def test_a_request_with_nobody_is_said_with_its_reasons(db: Db) -> None:
    """That nobody can help is said once, with the reasons and their counts; then that somebody can."""
    await hear(db, a_supporter(not_for=(a_request().borough,)), a_supporter(id="mentor", kind="mentor"))
    await hear(db, a_request())
    ((type_, match),) = await said(db)
    assert (type_, match.stage) == ("unmatched", "open")
    assert match.left_out[0].why == "Cannot or will not serve Camden."
    assert {one.why: one.supporters for one in match.left_out_counts} == {
        "does not serve the borough": 1,
        "listed for another kind of help": 1,
    }
    await hear(db, a_supporter(id="supporter-2"))
    assert [type_ for type_, _ in await said(db)] == ["unmatched", "proposed"]


async def test_an_older_statement_is_dropped(db: Db) -> None:
    """A revision that is not newer than the stored one has no effect, whoever states it."""
    await hear(db, a_supporter(revision=2), a_request(revision=2))
    before = await said(db)
    await hear(db, a_supporter(revision=1, status="withdrawn"), a_request(revision=2, status="withdrawn"))
    await hear(db, a_supporter(revision=2, status="withdrawn"), a_request(revision=1, status="withdrawn"))
    assert await said(db) == before


async def test_a_withdrawn_supporter_leaves_every_open_shortlist(db: Db) -> None:
    """Every match that named them is said anew, without them or withdrawn."""
    await hear(db, a_supporter(), a_request(), a_request(id="request-2", skills=()))
    await hear(db, a_supporter(id="supporter-2", skills=("SQL",)))
    await hear(db, a_supporter(revision=2, status="withdrawn"))
    assert {
        request_id: [one.supporter_id for one in match.shortlist]
        for request_id, match in (await latest(db)).items()
    } == {"request-1": ["supporter-2"], "request-2": ["supporter-2"]}
    await hear(db, a_supporter(id="supporter-2", revision=2, kind="mentor"))
    assert {match.stage for match in (await latest(db)).values()} == {"open"}


async def test_a_supporter_of_another_kind_concerns_nobody(db: Db) -> None:
    """A mentor who is listed says nothing about requests for recruiters."""
    await hear(db, a_supporter(), a_request())
    before = await said(db)
    await hear(db, a_supporter(id="supporter-2", kind="mentor"))
    assert await said(db) == before


async def test_a_withdrawn_request_is_withdrawn_once(db: Db) -> None:
    """Its match is said as withdrawn; later supporters wake nothing."""
    await hear(db, a_supporter(), a_request())
    await hear(db, a_request(revision=2, status="withdrawn"))
    await hear(db, a_supporter(id="supporter-2"))
    assert [type_ for type_, _ in await said(db)] == ["proposed", "withdrawn"]


async def test_an_acceptance_is_an_introduction_with_its_benchmark(db: Db) -> None:
    """The answer is said with whom the borough chose and the benchmark of its level and area."""
    await hear(db, a_benchmark(), a_benchmark(level="all", area="london", adverts=40))
    await hear(db, a_supporter(), a_request(level="practitioner"))
    await hear(db, accepts("request-1", "supporter-1"))
    type_, match = (await said(db))[-1]
    assert (type_, match.status, match.revision) == ("answered", "accepted", 2)
    assert match.accepted is not None
    assert match.accepted.contact_id == "contact-recruiter"
    assert match.benchmark is not None
    assert (match.benchmark.level, match.benchmark.area, match.benchmark.p50) == (
        "practitioner",
        "inner",
        50_000_00,
    )


@pytest.mark.parametrize(
    "differences", [{"level": None}, {"level": "senior"}, {"borough": BARNET, "level": "practitioner"}]
)
async def test_the_london_benchmark_stands_in(db: Db, differences: dict[str, Any]) -> None:
    """Where the cell of the level and area has no figures, all levels in London go with the introduction."""
    await hear(db, a_benchmark(), a_benchmark(level="all", area="london", adverts=40))
    await hear(db, a_benchmark(level="senior", middle=None, adverts=0))
    await hear(db, a_supporter(), a_request(**differences), accepts("request-1", "supporter-1"))
    benchmark = (await latest(db))["request-1"].benchmark
    assert benchmark is not None
    assert (benchmark.level, benchmark.area, benchmark.adverts) == ("all", "london", 40)


async def test_an_older_benchmark_is_dropped(db: Db) -> None:
    """The newest figures go with an introduction, in whatever order they came."""
    await hear(db, a_benchmark(revision=3, adverts=9), a_benchmark(revision=2, adverts=8))
    await hear(db, a_supporter(), a_request(level="practitioner"), accepts("request-1", "supporter-1"))
    benchmark = (await latest(db))["request-1"].benchmark
    assert benchmark is not None
    assert benchmark.adverts == 9


async def test_without_a_benchmark_the_introduction_is_made_all_the_same(db: Db) -> None:
    """No figures, or no standard role, is no reason to hold people up."""
    await hear(db, a_supporter(), a_request(), a_request(id="request-2", standard_role=None))
    await hear(db, accepts("request-1", "supporter-1"), accepts("request-2", "supporter-1"))
    assert [(one.status, one.benchmark) for one in (await latest(db)).values()] == [("accepted", None)] * 2


async def test_capacity_is_never_exceeded(db: Db) -> None:
    """Two boroughs accept the same last place: the first is introduced, the second hears so with the next best."""
    await hear(db, a_supporter(capacity=1), a_supporter(id="supporter-2", skills=("SQL",)))
    await hear(db, a_request(), a_request(id="request-2", borough=HACKNEY))
    await hear(db, accepts("request-1", "supporter-1"))
    await hear(db, accepts("request-2", "supporter-1"))
    matches = await latest(db)
    assert matches["request-1"].status == "accepted"
    second = matches["request-2"]
    assert (second.status, second.accepted) == ("proposed", None)
    assert [one.supporter_id for one in second.shortlist] == ["supporter-2"]
    assert second.left_out[0].why == "Has no capacity left: is helping with 1 request and takes 1 at a time."


async def test_a_withdrawn_introduction_frees_its_supporter(db: Db) -> None:
    """When an accepted request is withdrawn, those who wait for that supporter are proposed to."""
    await hear(db, a_supporter(capacity=1), a_request(), a_request(id="request-2"))
    await hear(db, accepts("request-1", "supporter-1"))
    assert (await latest(db))["request-2"].stage == "open"
    await hear(db, a_request(revision=2, status="withdrawn"))
    matches = await latest(db)
    assert (matches["request-1"].status, matches["request-2"].status) == ("withdrawn", "proposed")


async def test_the_same_answer_is_heard_once(db: Db) -> None:
    """An answer that comes again, with its revision or a newer one, says nothing more."""
    await hear(db, a_supporter(), a_request(), accepts("request-1", "supporter-1"))
    before = await said(db)
    await hear(db, accepts("request-1", "supporter-1"), accepts("request-1", "supporter-1", revision=2))
    assert await said(db) == before


async def test_a_decline_is_said(db: Db) -> None:
    """A declined match is said as answered and nobody new is proposed until the request is restated."""
    await hear(db, a_supporter(), a_request(), declines("request-1"))
    await hear(db, a_supporter(id="supporter-2"))
    assert [(type_, match.status) for type_, match in await said(db)] == [
        ("proposed", "proposed"),
        ("answered", "declined"),
    ]
    await hear(db, a_request(revision=2, note="Somebody for two days a week, please."))
    assert (await latest(db))["request-1"].status == "proposed"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (accepts("request-9", "supporter-1"), "there is no match"),
        (accepts("request-1", "supporter-9"), "never on the shortlist"),
        (accepts("request-1", None), "without a supporter_id"),
    ],
)
async def test_an_answer_that_cannot_be_is_parked(db: Db, answer: Any, reason: str) -> None:
    """It is set aside with the reason, and leaves no trace."""
    await hear(db, a_supporter(), a_request())
    with pytest.raises(Park, match=reason):
        await hear(db, answer)
    assert len(await said(db)) == 1
    assert await db.fetchval("SELECT count(*) FROM answers") == 0


async def test_a_different_answer_after_an_introduction_is_parked(db: Db) -> None:
    """Nobody is un-introduced by a second answer."""
    await hear(db, a_supporter(), a_request(), accepts("request-1", "supporter-1"))
    with pytest.raises(Park, match="has been introduced"):
        await hear(db, declines("request-1", revision=2))
    assert (await latest(db))["request-1"].status == "accepted"


def test_the_service_hears_all_that_it_handles() -> None:
    """Every event with a handler comes from a topic that is heard, and every topic heard has a handler."""
    wired = service()
    assert {event.topic for event in wired.on} == {topic.name for topic in wired.hears}
    assert (wired.name, wired.migrations.is_dir()) == ("matching", True)
