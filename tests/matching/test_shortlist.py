"""Who is proposed, who is not, and why."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Request
from services.matching.eligibility import SupporterNow, bar
from services.matching.fit import Weights
from services.matching.shortlist import shortlist
from tests.matching.making import (
    BARNET,
    CAMDEN,
    HACKNEY,
    TODAY,
    a_request,
    any_request,
    many_supporters,
    now,
)

asked = any_request(kinds=("recruiter", "mentor"))


def forbidden(request: Request, one: SupporterNow) -> bool:
    """The hard constraints in other words than the code's, to hold it against."""
    supporter = one.supporter
    starts_late = (
        request.need_by is not None
        and supporter.available_from is not None
        and supporter.available_from > request.need_by
    )
    return (
        supporter.kind != request.kind
        or supporter.status == "withdrawn"
        or request.borough in supporter.not_for
        or (request.kind == "mentor" and supporter.own_borough == request.borough)
        or one.load >= supporter.capacity
        or starts_late
        or (supporter.available_until is not None and supporter.available_until < TODAY)
    )


@given(asked, many_supporters())
def test_a_barred_supporter_is_never_proposed(request_: Request, supporters: list[SupporterNow]) -> None:
    """No hard constraint is ever violated, however well a supporter would score."""
    found = shortlist(request_, supporters, today=TODAY, size=100)
    by_id = {one.supporter.id: one for one in supporters}
    assert not [one for one in found.candidates if forbidden(request_, by_id[one.supporter_id])]


@given(asked, many_supporters(), st.integers(1, 6))
def test_everybody_is_proposed_or_left_out_with_a_reason(
    request_: Request, supporters: list[SupporterNow], size: int
) -> None:
    """Every supporter appears exactly once, and everyone left out is told why in a sentence."""
    found = shortlist(request_, supporters, today=TODAY, size=size)
    named = [one.supporter_id for one in found.candidates] + [one.supporter_id for one in found.left_out]
    assert sorted(named) == sorted(one.supporter.id for one in supporters)
    assert len(found.candidates) <= size
    assert all(one.why[0].isupper() and one.why.endswith(".") for one in found.left_out)


@given(asked, many_supporters(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_order_of_the_supporters_does_not_matter(
    request_: Request, supporters: list[SupporterNow], size: int, random: Random
) -> None:
    """The same supporters give the same shortlist in whatever order they come, ties included."""
    shuffled = random.sample(supporters, len(supporters))
    assert shortlist(request_, supporters, today=TODAY, size=size) == shortlist(
        request_, shuffled, today=TODAY, size=size
    )


weights = st.builds(Weights, *(st.floats(0.01, 5, allow_nan=False) for _ in range(4)))


@given(asked, many_supporters(), weights)
def test_a_score_is_the_weighted_sum_of_its_reasons(
    request_: Request, supporters: list[SupporterNow], chosen: Weights
) -> None:
    """The published parts explain the whole score, best first, and their weights add up to one."""
    found = shortlist(request_, supporters, today=TODAY, weights=chosen, size=100)
    for one in found.candidates:
        assert one.score == pytest.approx(sum(part.score * part.weight for part in one.reasons), abs=1e-6)
        assert sum(part.weight for part in one.reasons) == pytest.approx(1)
        assert all(part.sentence[0].isupper() and part.sentence.endswith(".") for part in one.reasons)
    assert [one.score for one in found.candidates] == sorted(
        (one.score for one in found.candidates), reverse=True
    )


@given(asked, many_supporters(), st.integers(1, 6))
def test_nobody_left_out_for_rank_scores_more_than_the_proposed(
    request_: Request, supporters: list[SupporterNow], size: int
) -> None:
    """A shorter list is the beginning of the longer one."""
    short = shortlist(request_, supporters, today=TODAY, size=size)
    whole = shortlist(request_, supporters, today=TODAY, size=100)
    assert short.candidates == whole.candidates[:size]


def test_a_perfect_fit_scores_one() -> None:
    """Same role, every skill, there throughout and free: 1, with four reasons that say so."""
    (best,) = shortlist(a_request(), [now()], today=TODAY).candidates
    assert best.score == 1.0
    assert [reason.sentence for reason in best.reasons] == [
        "Data engineer is one of the roles they know best.",
        "Offers every skill asked for: Python, SQL.",
        "Available now and throughout to the need-by date, 30 November 2026.",
        "Helps nobody else yet; takes 2 requests at a time.",
    ]


@pytest.mark.parametrize(
    ("knows", "score", "sentence"),
    [
        ({"roles": ("data  ENGINEER",)}, 1.0, "Data engineer is one of the roles they know best."),
        (
            {"roles": ("Data analyst",)},
            0.6,
            "Knows Data analyst, which is in the same family as Data engineer: Data.",
        ),
        (
            {"roles": (), "families": ("data",)},
            0.6,
            "Covers the Data family, to which Data engineer belongs.",
        ),
        ({"roles": ("Service designer",)}, 0.0, "Knows neither Data engineer nor its family, Data."),
    ],
)
def test_role_fit_knows_families(knows: dict[str, Any], score: float, sentence: str) -> None:
    """The same standard role fits wholly, one of its family by 0.6, any other not at all."""
    (best,) = shortlist(a_request(), [now(**knows)], today=TODAY).candidates
    assert (best.reasons[0].score, best.reasons[0].sentence) == (score, sentence)


def test_what_is_not_asked_for_takes_no_weight() -> None:
    """A request without role and skills ranks everyone who is free, by the rest alone."""
    bare = a_request(standard_role=None, skills=())
    (best,) = shortlist(bare, [now(roles=(), skills=())], today=TODAY).candidates
    assert [reason.part for reason in best.reasons] == ["availability", "load balance"]
    assert best.score == 1.0


def test_skills_in_part() -> None:
    """A part of the skills counts in proportion and the sentence names both sides."""
    (best,) = shortlist(a_request(), [now(skills=("sql", "Go"))], today=TODAY).candidates
    assert best.reasons[1].score == 0.5
    assert best.reasons[1].sentence == "Offers 1 of the 2 skills asked for: SQL; not Python."


def test_availability_counts_days_up_to_the_need_by_date() -> None:
    """Somebody who comes later, or leaves earlier, scores by the days that they offer."""
    (best,) = shortlist(
        a_request(),
        [now(available_from=date(2026, 11, 10), available_until=date(2026, 11, 19))],
        today=TODAY,
    ).candidates
    assert best.reasons[2].score == pytest.approx(10 / 29)
    assert best.reasons[2].sentence == (
        "Available from 10 November 2026 until 19 November 2026: on 10 of the 29 days from the request "
        "to the need-by date, 30 November 2026."
    )


def test_a_shortlist_does_not_drift_from_day_to_day() -> None:
    """The mere passing of a day changes no score: nothing is proposed anew because the sun rose."""
    people = [now(id="a"), now(id="b", available_from=date(2026, 11, 20)), now(id="c", load=1)]
    assert shortlist(a_request(), people, today=TODAY) == shortlist(
        a_request(), people, today=TODAY + timedelta(days=10)
    )


def test_load_is_balanced() -> None:
    """Of two alike, the one who helps fewer comes first."""
    found = shortlist(a_request(), [now(id="busy", load=1), now(id="free")], today=TODAY)
    assert [one.supporter_id for one in found.candidates] == ["free", "busy"]
    assert found.candidates[1].reasons[3].sentence == "Is helping with 1 request and takes 2 at a time."


def test_ties_do_not_favour_the_same_supporter_always() -> None:
    """Equals are drawn anew for each request, the same every time for one request."""
    equals = [now(id=name) for name in "abcdefgh"]
    firsts = {
        shortlist(a_request(id=f"request-{number}"), equals, today=TODAY).candidates[0].supporter_id
        for number in range(40)
    }
    assert len(firsts) > 3


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (now(status="withdrawn"), "Has withdrawn from the list."),
        (now(kind="mentor"), "Is listed as a mentor; a recruiter was asked for."),
        (now(not_for=(CAMDEN,)), "Cannot or will not serve Camden."),
        (now(load=2), "Has no capacity left: is helping with 2 requests and takes 2 at a time."),
        (now(capacity=0), "Takes no requests at present."),
        (
            now(available_from=date(2026, 12, 1)),
            "Is not available before 1 December 2026; help is needed by 30 November 2026.",
        ),
        (now(available_until=date(2026, 11, 1)), "Was available until 1 November 2026 only."),
        (
            now(available_from=date(2026, 11, 20), available_until=date(2026, 11, 10)),
            "Is available on no day: from 20 November 2026, but until 10 November 2026.",
        ),
        (
            now(roles=("Service designer",), skills=("Drawing",)),
            "Knows neither Data engineer nor its family, Data. Offers none of the skills asked for: Python, SQL.",
        ),
    ],
)
def test_everyone_left_out_is_told_what_it_was(one: SupporterNow, why: str) -> None:
    """Each bar has its own sentence, which a borough officer understands without a manual."""
    (left,) = shortlist(a_request(), [one], today=TODAY).left_out
    assert left.why == why


def test_a_mentor_comes_from_another_borough() -> None:
    """A mentor's own borough is barred; a recruiter's is not."""
    at_home = now(kind="mentor", own_borough=HACKNEY)
    assert bar(a_request(kind="mentor", borough=HACKNEY), at_home, today=TODAY) == (
        "Works for Hackney itself; a mentor comes from another borough."
    )
    assert bar(a_request(kind="mentor", borough=BARNET), at_home, today=TODAY) is None
    assert bar(a_request(borough=HACKNEY), now(own_borough=HACKNEY), today=TODAY) is None


def test_the_outranked_are_told_by_how_much() -> None:
    """Who could help but was outranked comes first among those left out, with both scores."""
    people = [now(id="a"), now(id="b", load=1), now(id="c", status="withdrawn")]
    found = shortlist(a_request(), people, today=TODAY, size=1)
    assert [one.supporter_id for one in found.left_out] == ["b", "c"]
    assert found.left_out[0].why == "Could help (score 0.95), but the one proposed scored 1.00 or more."
