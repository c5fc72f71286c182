"""What becomes of a request, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Answer, MatchAnswered, MatchProposed, Request
from services.matching import answers
from services.matching.answers import CannotBe
from services.matching.eligibility import SupporterNow, bar
from services.matching.matches import LEFT_OUT_TOLD, Case, announcement, match_id, reconsider
from services.matching.shortlist import Shortlist, shortlist
from tests.matching.making import NOON, TODAY, a_request, any_request, many_supporters, now

LATER = NOON + timedelta(days=1)


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
    return answers.answer(case, said, barred=barred, found=found(case, *people), benchmark=None, now=LATER)


def decline(case: Case) -> Case | None:
    said = Answer(id=match_id(case.request.id), revision=1, answer="declined", stated_at=NOON)
    return answers.answer(case, said, barred=None, found=found(case), benchmark=None, now=LATER)


def restated(case: Case, **differences: object) -> Case:
    return Case(
        a_request(revision=case.request.revision + 1, **differences),
        case.match,
        case.offered,
        case.answered_revision,
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
    assert reconsider(case, found(case, now(load=1)), now=LATER) is not None


def test_a_request_with_nobody_waits() -> None:
    """Nothing is proposed while nobody can help."""
    case = Case(a_request())
    assert reconsider(case, found(case, now(load=2)), now=NOON) is None


def test_a_match_that_lost_its_last_supporter_is_withdrawn_and_comes_back() -> None:
    """When nobody is left the match is withdrawn with the reasons; when somebody comes it is proposed again."""
    case = proposed()
    lost = reconsider(case, found(case, now(status="withdrawn")), now=LATER)
    assert lost is not None
    assert lost.match is not None
    assert (lost.match.status, lost.match.shortlist) == ("withdrawn", ())
    assert lost.match.left_out[0].why == "Has withdrawn from the list."
    assert reconsider(lost, found(lost), now=LATER) is None
    again = reconsider(lost, found(lost, now()), now=LATER)
    assert again is not None
    assert again.match is not None
    assert (again.match.status, again.match.revision) == ("proposed", 3)


def test_a_withdrawn_request_withdraws_its_match_once() -> None:
    """The match of a withdrawn request is withdrawn, accepted or not, and names nobody as accepted any more."""
    case = accept(proposed())
    assert case is not None
    gone = reconsider(restated(case, status="withdrawn"), found(case, now()), now=LATER)
    assert gone is not None
    assert gone.match is not None
    assert (gone.match.status, gone.match.accepted) == ("withdrawn", None)
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
    assert set(event.changed) == {"status", "accepted", "answered_at"}


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
    told = accept(proposed(), barred=why)
    assert told is not None
    assert told.match is not None
    assert (told.match.status, told.match.revision, told.match.accepted) == ("withdrawn", 2, None)
    assert told.match.left_out[0].why.startswith("Has no capacity left")


def test_a_declined_request_is_open_again_when_it_is_restated() -> None:
    """A decline settles a request until the borough states it anew."""
    case = decline(proposed())
    assert case is not None
    assert reconsider(case, found(case, now(id="other")), now=LATER) is None
    again = reconsider(restated(case), found(case, now()), now=LATER)
    assert again is not None
    assert again.status == "proposed"


def test_a_borough_may_think_better_of_a_decline() -> None:
    """Whoever was declined may still be accepted."""
    case = decline(proposed())
    assert case is not None
    after = accept(case, revision=2)
    assert after is not None
    assert after.status == "accepted"


def test_a_match_fits_into_a_message() -> None:
    """With ten thousand supporters a match stays far below Kafka's mebibyte, and still names the nearest."""
    crowd = [now(id=f"supporter-{number}") for number in range(10_000)]
    case = proposed(*crowd)
    assert case.match is not None
    assert len(case.match.left_out) == LEFT_OUT_TOLD
    assert len(announcement(None, case.match).model_dump_json()) < 50_000


@given(st.lists(st.tuples(any_request(kinds=("recruiter", "mentor")), many_supporters()), max_size=6))
def test_a_case_ends_where_its_last_look_says(looks: list[tuple[Request, list[SupporterNow]]]) -> None:
    """Whatever was seen before, an unanswered case ends as the newest request and supporters have it, with
    revisions that count up by one."""
    case = Case(a_request())
    for request, people in looks:
        before = case
        case = Case(request, case.match, case.offered, case.answered_revision)
        fresh = found(case, *people)
        after = reconsider(case, fresh, now=NOON)
        case = after or case
        if after is not None and after.match is not None:
            assert after.match.revision == (before.match.revision if before.match else 0) + 1
        live = case.request.status == "open" and bool(fresh.candidates)
        assert (case.status == "proposed") == live
        if live and case.match:
            assert case.match.shortlist == fresh.candidates
