"""How a request stands with its borough, from what was heard of it in whatever order."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import LeftOut, Match, Outcome
from loti_contracts.events.answers import Answer
from loti_contracts.events.matches import OutcomeInBrief, Stage
from services.portal.help.course import next_for_supporter, next_of, steps, to_come
from services.portal.help.standing import Known, last_outcome, standing, taken_meanwhile, where
from tests.portal.help.making import STATED, candidate, introduced, match, request

LATER = STATED + timedelta(hours=1)


def known(
    heard: Match | None = None, *, said: Any = None, answer: Answer | None = None, **other: Any
) -> Known:
    """What was heard; the request at nine, the match at ten."""
    told = Outcome(id="match-1", revision=1, **other) if other else None
    return Known(said or request(), STATED, heard, LATER if heard else None, answer, told)


def answered(supporter_id: str | None = "supporter-ada", **other: Any) -> Answer:
    """Camden accepted Ada, or declined."""
    said = "accepted" if supporter_id else "declined"
    facts = {"id": "match-1", "revision": 1, "answer": said, "supporter_id": supporter_id, "stated_at": LATER}
    return Answer.model_validate(facts | other)


def at(stage: Stage) -> Match:
    """The match at a stage, in the words that matching has for it."""
    if stage in ("accepted", "introduced", "followed up", "outcome"):
        return introduced(stage=stage)
    status = {"proposed": "proposed", "declined": "declined"}.get(stage, "withdrawn")
    return match(stage=stage, status=status)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("open", "nobody yet"),
        ("proposed", "choose"),
        ("accepted", "accepted"),
        ("introduced", "introduced"),
        ("followed up", "followed up"),
        ("outcome", "ended"),
        ("declined", "declined"),
        ("lapsed", "lapsed"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_each_stage_of_a_match_has_its_place(stage: Stage, expected: str) -> None:
    """What matching says is what the borough reads."""
    assert where(known(at(stage))) == expected


def test_before_anything_is_heard_it_is_being_looked_for() -> None:
    """The page says that it looks, and lets one change or withdraw the request."""
    stands = standing(known())
    assert (stands.where, stands.can_change, stands.can_withdraw, stands.can_answer) == (
        "looking",
        True,
        True,
        False,
    )


def test_an_answer_closes_the_shortlist_that_it_answers_and_no_newer_one() -> None:
    """Nobody answers twice; but a shortlist that was made since is answered anew."""
    assert where(known(match(), answer=answered())) == "answered"
    newer = match(revision=2, proposed_at=LATER + timedelta(minutes=1))
    assert where(known(newer, answer=answered())) == "choose"
    named = answered(match_revision=1)
    assert where(known(match(), answer=named)) == "answered"
    slow_clock = match(revision=2, proposed_at=STATED)
    assert where(known(slow_clock, answer=named)) == "choose"


def test_one_who_was_taken_meanwhile_is_named_with_the_reason() -> None:
    """Whom the borough accepted, and who cannot help any more, is not passed over in silence."""
    why = "Has no capacity left: is helping with 2 requests and takes 2 at a time."
    anew = match(
        revision=2,
        shortlist=(candidate("supporter-ben", "contact-ben"),),
        left_out=(LeftOut(supporter_id="supporter-ada", why=why),),
        proposed_at=LATER + timedelta(minutes=1),
    )
    assert taken_meanwhile(known(anew, answer=answered())) == why
    assert taken_meanwhile(known(match(), answer=answered())) is None


@pytest.mark.parametrize("stage", ["declined", "lapsed", "withdrawn"])
def test_a_request_that_is_stated_anew_is_looked_for_again(stage: Stage) -> None:
    """Until matching has heard of it, the end of the old shortlist is not told as its end."""
    heard = known(at(stage))
    again = Known(heard.request, LATER + timedelta(minutes=1), heard.match, LATER)
    assert standing(heard).can_ask_again
    assert where(again) == "looking"


def test_a_withdrawn_request_is_withdrawn_at_once_unless_it_had_ended() -> None:
    """The page does not wait for matching; an introduction that ended stays ended."""
    gone = request(status="withdrawn", revision=2)
    assert where(known(at("introduced"), said=gone)) == "withdrawn"
    assert where(known(at("outcome"), said=gone)) == "ended"


def test_the_outcome_that_was_told_last_counts() -> None:
    """Either of the two may tell it, on a page or by email: the later word counts."""
    brief = OutcomeInBrief(result="ongoing", stated_at=LATER, recorded_at=LATER)
    heard = known(introduced(outcome=brief), result="hired", stated_at=LATER + timedelta(days=1))
    assert last_outcome(heard) == heard.outcome
    old = known(introduced(outcome=brief), result="hired", stated_at=STATED)
    assert last_outcome(old) == brief


@given(
    st.one_of(st.none(), st.sampled_from(get_args(Stage)).map(at)),
    st.sampled_from(["open", "withdrawn"]),
    st.sampled_from([None, answered(), answered(None)]),
    st.booleans(),
)
def test_whatever_was_heard_something_true_can_be_said(
    heard: Match | None, status: Any, answer: Answer | None, told: bool
) -> None:
    """Every combination has a place, words for both sides and a course; nothing is offered that cannot be done."""
    outcome = {"result": "hired", "stated_at": LATER} if told else {}
    it = known(heard, said=request(status=status), answer=answer, **outcome)
    stands, next_ = standing(it), next_of(it, who=None)
    assert next_.title
    assert all(next_.words)
    assert next_for_supporter(it)
    done = [step.at for step in steps(it) if step.at]
    assert done == sorted(done)
    assert not (stands.can_answer and (stands.can_tell or stands.can_ask_again))
    assert not stands.can_tell or (heard is not None and heard.accepted is not None)
    assert not (stands.can_change and status == "withdrawn")
    assert not to_come(it) or stands.can_tell


def test_a_question_that_was_asked_is_past_and_those_after_it_are_to_come() -> None:
    """Follow-ups stand with the day on which they were asked, or are due."""
    first, *others = introduced().follow_ups
    asked = introduced(
        follow_ups=(first.model_copy(update={"asked_at": STATED + timedelta(days=14)}), *others)
    )
    told = steps(known(asked))
    assert [(one.what, one.done) for one in told[-3:]] == [
        ("Asked how it went", True),
        ("LOTI asks how it went", False),
        ("LOTI asks how it went", False),
    ]
    assert [one.on for one in to_come(known(asked))] == [one.due_on for one in others]
