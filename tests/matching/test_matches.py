"""What becomes of a request, without a database."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import (
    Answer,
    MatchAnswered,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    Request,
)
from services.matching import answers, matches
from services.matching.answers import CannotBe
from services.matching.cases import Case, SupportPack, match_id
from services.matching.course import announcement
from services.matching.eligibility import SupporterNow, bar
from services.matching.matches import SAME_WITHIN, closed
from services.matching.shortlist import TOLD, Shortlist, shortlist
from tests.matching.making import NOON, TODAY, a_request, any_request, many_supporters, now

LATER = NOON + timedelta(days=1)


NO_PACK = SupportPack()


def reconsider(case: Case, fresh: Shortlist, *, now: datetime) -> Case | None:
    """A look at the case as the service takes it: is it over, and if not, who can help."""
    return closed(case, now=now) or matches.reconsider(case, fresh, pack=NO_PACK, now=now)


def found(case: Case, *people: SupporterNow) -> Shortlist:
    return shortlist(case.request, people, today=TODAY)


def proposed(*people: SupporterNow) -> Case:
    case = Case(a_request())
    after = reconsider(case, found(case, *(people or (now(),))), now=NOON)
    assert after is not None
    return after


def accept(
    case: Case, supporter_id: str | None = "supporter-1", *, revision: int = 1, barred: str | None = None
) -> Case | None:
    said = Answer(
        id=match_id(case.request.id),
        revision=revision,
        answer="accepted",
        supporter_id=supporter_id,
        stated_at=NOON,
    )
    people = [now()] if barred is None else [now(load=2)]
    return answers.answer(case, said, barred=barred, found=found(case, *people), pack=NO_PACK, now=LATER)


def decline(case: Case) -> Case | None:
    said = Answer(id=match_id(case.request.id), revision=1, answer="declined", stated_at=NOON)
    return answers.answer(case, said, barred=None, found=found(case), pack=NO_PACK, now=LATER)


def restated(case: Case, **differences: object) -> Case:
    return Case(
        a_request(revision=case.request.revision + 1, **differences),
        case.match,
        case.offered,
        case.settled_revision,
        case.said_revision,
    )


def test_the_id_of_a_match_never_changes() -> None:
    """A match's id follows from its request's id alone; other systems may keep it."""
    assert match_id("request-1") == "4d684d3f-e250-5b43-abe4-18f9c086ec53"
    assert match_id("request-2") != match_id("request-1")


def test_a_first_proposal_is_said_whole() -> None:
    """The first proposal has revision 1, the request's own facts, and names nothing as changed."""
    case = proposed()
    assert case.match is not None
    event = announcement(None, case.match)
    assert isinstance(event, MatchProposed)
    assert (event.match.revision, event.match.status, event.changed) == (1, "proposed", ())
    assert event.match.requester_contact_id == case.request.contact_id


def test_nothing_is_said_twice() -> None:
    """A second look that finds the same says nothing, a day later too."""
    case = proposed()
    assert reconsider(case, found(case, now()), now=LATER) is None


def test_another_who_cannot_help_changes_nothing() -> None:
    """Somebody who is left out does not make a new proposal."""
    case = proposed()
    assert reconsider(case, found(case, now(), now(id="other", load=2)), now=LATER) is None


def test_a_changed_shortlist_is_proposed_anew() -> None:
    """Another supporter, or another score, is a new revision that names what changed."""
    case = proposed()
    after = reconsider(case, found(case, now(), now(id="other")), now=LATER)
    assert after is not None
    assert after.match is not None
    assert after.match.revision == 2
    assert set(announcement(case.match, after.match).changed) == {"shortlist", "proposed_at"}


def test_a_score_that_moves_a_little_is_no_news() -> None:
    """The same supporters in the same order are said again only when a score moved by a twentieth since it was said,
    however many small steps it took; stated anew, a request is news with any difference."""
    people = [now(capacity=40), now(id="other", skills=("SQL",))]
    case = proposed(*people)
    for load in range(1, 40):
        fresh = found(case, now(load=load, capacity=40), people[1])
        after = reconsider(case, fresh, now=LATER)
        moved = [
            abs(one.score - other.score)
            for one, other in zip(case.match.shortlist if case.match else (), fresh.candidates, strict=True)
        ]
        assert (after is not None) == (max(moved) >= SAME_WITHIN)
        case = after or case
    again = restated(case)
    assert reconsider(again, found(again, now(load=38, capacity=40), people[1]), now=LATER) is not None


def test_a_request_with_nobody_is_said_once_with_the_reasons() -> None:
    """Nobody can help: that is said, with why not, and not again while it stays so."""
    case = Case(a_request())
    nobody = reconsider(case, found(case, now(load=2)), now=NOON)
    assert nobody is not None
    assert nobody.match is not None
    assert (nobody.stage, nobody.match.status, nobody.match.shortlist) == ("open", "withdrawn", ())
    assert nobody.match.left_out[0].why.startswith("Has no capacity left")
    assert isinstance(announcement(None, nobody.match), MatchUnmatched)
    assert reconsider(nobody, found(case, now(not_for=(case.request.borough,))), now=LATER) is None


def test_a_match_that_lost_its_last_supporter_is_open_and_comes_back() -> None:
    """When nobody is left that is said with the reasons; when somebody comes it is proposed again."""
    case = proposed()
    lost = reconsider(case, found(case, now(status="withdrawn")), now=LATER)
    assert lost is not None
    assert lost.match is not None
    assert (lost.stage, lost.match.shortlist) == ("open", ())
    assert lost.match.left_out[0].why == "Has withdrawn from the list."
    assert reconsider(lost, found(lost), now=LATER) is None
    again = reconsider(lost, found(lost, now()), now=LATER)
    assert again is not None
    assert again.match is not None
    assert (again.match.status, again.match.revision) == ("proposed", 3)


def test_a_request_lapses_after_its_need_by_date() -> None:
    """On the day after, proposed or not, it is said to have lapsed, with why, once; stated anew it is open again."""
    for case in (proposed(), reconsider(Case(a_request()), found(Case(a_request())), now=NOON)):
        assert case is not None
        assert closed(case, now=NOON + timedelta(days=28, hours=11)) is None
        lapsed = closed(case, now=NOON + timedelta(days=28, hours=12))
        assert lapsed is not None
        assert lapsed.match is not None
        assert (lapsed.stage, lapsed.match.status) == ("lapsed", "withdrawn")
        assert lapsed.match.why == "The need-by date, 30 November 2026, has passed."
        event = announcement(case.match, lapsed.match)
        assert isinstance(event, MatchLapsed)
        assert closed(lapsed, now=LATER) is None
        assert reconsider(lapsed, found(lapsed, now()), now=NOON + timedelta(days=29)) is None
        again = restated(lapsed, need_by=date(2027, 1, 31))
        assert reconsider(again, found(again, now()), now=NOON + timedelta(days=29)) is not None


def test_a_shortlist_that_nobody_answers_lapses() -> None:
    """Thirty days after the first shortlist that has stood since, whatever was proposed anew in between."""
    case = Case(a_request(need_by=None))
    case = reconsider(case, found(case, now()), now=NOON) or case
    case = reconsider(case, found(case, now(), now(id="other")), now=NOON + timedelta(days=20)) or case
    assert case.match is not None
    assert case.match.revision == 2
    assert closed(case, now=NOON + timedelta(days=29)) is None
    lapsed = closed(case, now=NOON + timedelta(days=30))
    assert lapsed is not None
    assert lapsed.match is not None
    assert lapsed.match.why == "Nobody has answered the shortlist within 30 days."
    assert closed(restated(case, need_by=None), now=NOON + timedelta(days=30)) is None


def test_a_lapsed_match_may_still_be_accepted() -> None:
    """The answer that crossed with the lapse is honoured: it ends the same in either order."""
    case = closed(proposed(), now=NOON + timedelta(days=40))
    assert case is not None
    after = accept(case)
    assert after is not None
    assert after.match is not None
    assert (after.stage, after.match.why) == ("accepted", None)


def test_a_withdrawn_request_withdraws_its_match_once() -> None:
    """The match of a withdrawn request is withdrawn, accepted or not, and names nobody as accepted any more."""
    case = accept(proposed())
    assert case is not None
    gone = reconsider(restated(case, status="withdrawn"), found(case, now()), now=LATER)
    assert gone is not None
    assert gone.match is not None
    assert (gone.stage, gone.match.status, gone.match.accepted) == ("withdrawn", "withdrawn", None)
    assert isinstance(announcement(case.match, gone.match), MatchWithdrawn)
    assert reconsider(gone, found(gone, now()), now=LATER) is None
    with pytest.raises(CannotBe, match="withdrawn with its request"):
        accept(gone)


def test_an_accepted_match_is_an_introduction() -> None:
    """The accepted candidate stands in the match with the reasons, and it is said as an answer."""
    before = proposed()
    case = accept(before)
    assert case is not None
    assert case.match is not None
    assert case.match.accepted == before.offered[0]
    event = announcement(before.match, case.match)
    assert isinstance(event, MatchAnswered)
    assert set(event.changed) == {"status", "stage", "accepted", "answered_at"}


def test_an_accepted_match_is_left_alone() -> None:
    """Nobody is proposed any more once somebody is introduced, even when the request is restated."""
    case = accept(proposed())
    assert case is not None
    assert reconsider(restated(case, note="Hello"), found(case, now(id="other")), now=LATER) is None


def test_the_same_answer_again_does_nothing() -> None:
    """Accepting the same supporter twice, or declining twice, is said once."""
    case = accept(proposed())
    assert case is not None
    assert accept(case, revision=2) is None
    declined = decline(proposed())
    assert declined is not None
    assert decline(declined) is None


def test_a_different_answer_after_an_acceptance_is_refused() -> None:
    """People who were introduced stay introduced; the refusal says what to do instead."""
    case = accept(proposed(now(), now(id="other")))
    assert case is not None
    with pytest.raises(CannotBe, match="state it anew"):
        accept(case, "other", revision=2)
    with pytest.raises(CannotBe, match="has been introduced"):
        decline(case)


def test_only_somebody_who_was_proposed_can_be_accepted() -> None:
    """An acceptance of somebody never proposed, or of nobody, is refused with the reason."""
    with pytest.raises(CannotBe, match="never on the shortlist"):
        accept(proposed(), "a-stranger")
    with pytest.raises(CannotBe, match="without a supporter_id"):
        accept(proposed(), None)


def test_an_answer_to_an_older_shortlist_is_honoured() -> None:
    """A borough may accept whom it was shown, although the shortlist has moved on, if they can still help."""
    case = proposed()
    moved = reconsider(case, found(case, now(id="other")), now=LATER)
    assert moved is not None
    chosen = accept(moved)
    assert chosen is not None
    assert chosen.match is not None
    assert chosen.match.accepted is not None
    assert chosen.match.accepted.supporter_id == "supporter-1"


def test_a_supporter_who_was_taken_meanwhile_is_not_taken_twice() -> None:
    """The borough that comes second hears at once that its choice is taken, first among those left out."""
    why = bar(a_request(), now(load=2), today=TODAY)
    told = accept(proposed(), barred=why.sentence if why else None)
    assert told is not None
    assert told.match is not None
    assert (told.stage, told.match.revision, told.match.accepted) == ("open", 2, None)
    assert told.match.left_out[0].why.startswith("Has no capacity left")


def test_a_declined_request_is_open_again_when_it_is_restated() -> None:
    """A decline settles a request until the borough states it anew."""
    case = decline(proposed())
    assert case is not None
    assert reconsider(case, found(case, now(id="other")), now=LATER) is None
    again = reconsider(restated(case), found(case, now()), now=LATER)
    assert again is not None
    assert again.stage == "proposed"


def test_a_borough_may_think_better_of_a_decline() -> None:
    """Whoever was declined may still be accepted."""
    case = decline(proposed())
    assert case is not None
    after = accept(case, revision=2)
    assert after is not None
    assert after.stage == "accepted"


def test_a_match_fits_into_a_message() -> None:
    """With ten thousand supporters a match stays far below Kafka's mebibyte, and still names the nearest."""
    crowd = [now(id=f"supporter-{number}") for number in range(10_000)]
    case = proposed(*crowd)
    assert case.match is not None
    assert len(case.match.left_out) == TOLD
    assert len(announcement(None, case.match).model_dump_json()) < 50_000


@given(st.lists(st.tuples(any_request(kinds=("recruiter", "mentor")), many_supporters()), max_size=6))
def test_a_case_ends_where_its_last_look_says(looks: list[tuple[Request, list[SupporterNow]]]) -> None:
    """Whatever was seen before, an unanswered case ends as the newest request and supporters have it, with
    revisions that count up by one."""
    case = Case(a_request())
    for request, people in looks:
        before = case
        case = Case(request, case.match, case.offered, case.settled_revision, case.said_revision)
        fresh = found(case, *people)
        after = reconsider(case, fresh, now=NOON)
        case = after or case
        if after is not None and after.match is not None:
            assert after.match.revision == (before.match.revision if before.match else 0) + 1
        request_open = request.status == "open" and (request.need_by is None or request.need_by >= TODAY)
        assert (case.stage == "proposed") == (request_open and bool(fresh.candidates) and not case.settled)
        if case.stage == "proposed" and case.match:
            assert [one.supporter_id for one in case.match.shortlist] == [
                one.supporter_id for one in fresh.candidates
            ]
