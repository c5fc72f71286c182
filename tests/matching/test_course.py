"""The course of an accepted match, without a database: introduced, followed up, and what came of it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Answer, FollowUpDue, MatchIntroduced, OutcomeRecorded
from services.matching import answers, course, matches
from services.matching.answers import CannotBe
from services.matching.cases import Case, SupportPack, match_id
from services.matching.shortlist import shortlist
from tests.matching.hearing import came_of, sent
from tests.matching.making import NOON, TODAY, a_request, now

TOLD = sent("request-1", "contact-camden", at=NOON + timedelta(minutes=1))


def accepted(**differences: object) -> Case:
    """Camden's request, accepted at noon."""
    request = a_request(**differences)
    people = [now(kind=request.kind, own_borough=None)]
    found = shortlist(request, people, today=TODAY)
    case = matches.reconsider(Case(request), found, pack=SupportPack(), now=NOON)
    assert case is not None
    said = Answer(
        id=match_id("request-1"), revision=1, answer="accepted", supporter_id="supporter-1", stated_at=NOON
    )
    after = answers.answer(case, said, barred=None, found=found, pack=SupportPack(), now=NOON)
    assert after is not None
    return after


def introduced() -> Case:
    """The same, introduced a minute later."""
    case = course.introduced(accepted(), TOLD)
    assert case is not None
    return case


def test_a_match_is_introduced_when_its_mail_was_taken() -> None:
    """The first of the two notifications says it; the second, and one to a stranger, say nothing."""
    before = accepted()
    case = course.introduced(before, TOLD)
    assert case is not None
    assert case.match is not None
    assert (case.stage, case.match.status, case.match.introduced_at) == (
        "introduced",
        "accepted",
        TOLD.sent_at,
    )
    assert isinstance(course.announcement(before.match, case.match), MatchIntroduced)
    assert [one.due_on for one in case.match.follow_ups] == [
        date(2026, 11, 16),
        date(2027, 2, 2),
        date(2027, 5, 2),
    ]
    assert course.introduced(case, sent("request-1", "contact-recruiter")) is None
    assert course.introduced(before, sent("request-1", "somebody-else")) is None


def test_follow_ups_fall_due_one_after_the_other() -> None:
    """Two weeks, three and six months after the answer, each is asked once, of both."""
    case = introduced()
    for days, after in ((13, None), (14, "two weeks"), (91, None), (92, "three months"), (181, "six months")):
        later = NOON + timedelta(days=days)
        asked = course.followed_up(case, now=later)
        if after is None:
            assert asked is None
            continue
        assert asked is not None
        assert asked.match is not None
        event = course.announcement(case.match, asked.match)
        assert isinstance(event, FollowUpDue)
        assert (event.after, event.contact_ids) == (after, ("contact-camden", "contact-recruiter"))
        assert asked.stage == "followed up"
        assert course.followed_up(asked, now=later) is None
        case = asked
    assert case.match is not None
    assert course.to_ask(case.match) == ()


def test_of_several_overdue_follow_ups_the_last_is_asked() -> None:
    """After a long outage nobody is asked how it went after two weeks and after three months in the same breath."""
    case = course.followed_up(introduced(), now=NOON + timedelta(days=100))
    assert case is not None
    assert case.match is not None
    assert [one.asked_at is not None for one in case.match.follow_ups] == [False, True, False]
    assert [one.after for one in course.to_ask(case.match)] == ["six months"]


@pytest.mark.parametrize(
    ("kind", "result", "good"),
    [
        ("recruiter", "hired", True),
        ("mentor", "mentored", True),
        ("university", "placed", True),
        ("training", "enrolled", True),
        ("recruiter", "advised", True),
        ("recruiter", "nothing", False),
        ("recruiter", "ongoing", None),
    ],
)
def test_an_outcome_is_recorded(kind: str, result: str, good: bool | None) -> None:
    """An end frees the supporter and stops the questions; `ongoing` does neither."""
    before = accepted(kind=kind, need_by=None)
    case = course.ended(before, came_of("request-1", result, note="As hoped."), now=NOON)
    assert case is not None
    assert case.match is not None
    assert isinstance(course.announcement(before.match, case.match), OutcomeRecorded)
    assert course.succeeded(case.match) is good
    assert case.finished == (good is not None)
    assert case.stage == ("accepted" if good is None else "outcome")
    assert course.ended(case, came_of("request-1", result, note="As hoped.", revision=2), now=NOON) is None


def test_an_outcome_that_cannot_be_is_refused() -> None:
    """Nothing can come of a match that nobody accepted, and nobody is hired by way of a mentor."""
    case = Case(a_request())
    with pytest.raises(CannotBe, match="nobody was accepted"):
        course.ended(case, came_of("request-1", "hired"), now=NOON)
    with pytest.raises(CannotBe, match="may be mentored, advised, ongoing, nothing, not hired"):
        course.ended(accepted(kind="mentor"), came_of("request-1", "hired"), now=NOON)


def test_a_withdrawal_does_not_undo_an_outcome() -> None:
    """A request that is withdrawn after somebody was hired leaves the outcome as it is."""
    case = course.ended(introduced(), came_of("request-1", "hired"), now=NOON)
    assert case is not None
    late = Case(a_request(revision=2, status="withdrawn"), case.match, case.offered, 1, 1)
    assert matches.closed(late, now=NOON) is None


@given(st.permutations(range(3)))
def test_the_facts_of_a_course_may_come_in_any_order(order: list[int]) -> None:
    """Introduced, asked after two weeks, and what came of it: whatever is heard first, it ends the same, except that
    nobody is asked how it went once that is known."""
    fortnight = NOON + timedelta(days=14)

    def apply(case: Case, number: int) -> Case:
        after = (
            course.introduced(case, TOLD),
            course.followed_up(case, now=fortnight),
            course.ended(case, came_of("request-1", "hired"), now=fortnight),
        )[number]
        return after or case

    case = accepted()
    for number in order:
        case = apply(case, number)
    assert case.match is not None
    assert (case.stage, case.finished, case.match.introduced_at) == ("outcome", True, TOLD.sent_at)
    assert course.to_ask(case.match) == ()


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_months_end_where_months_end(start: date) -> None:
    """Three and six months later is the same day of the month, or the month's last."""
    answered = datetime(start.year, start.month, start.day, tzinfo=NOON.tzinfo)
    case = accepted()
    assert case.match is not None
    match = case.match.model_copy(update={"answered_at": answered})
    after = course.introduced(Case(case.request, match), TOLD)
    assert after is not None
    assert after.match is not None
    for one, months in zip(after.match.follow_ups[1:], (3, 6), strict=True):
        assert (one.due_on.month - start.month) % 12 == months
        assert one.due_on.day == start.day or (one.due_on + timedelta(days=1)).day == 1
