"""Who is proposed and who is not, whatever the request and the supporters are."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Request
from services.matching.candidates import Candidates
from services.matching.eligibility import SupporterNow
from services.matching.fit import Weights
from services.matching.shortlist import Rules, shortlist
from tests.matching.making import KINDS, TODAY, a_request, any_request, many_supporters, now
from tests.matching.straightforward import straightforward

SENIORITY = ["trainee", "associate", "practitioner", "senior", "lead", "principal", "head", "chief"]


def forbidden(request: Request, one: SupporterNow) -> bool:
    """The hard constraints in other words than the code's, to hold it against."""
    supporter = one.supporter
    own = -1 if supporter.level is None else SENIORITY.index(supporter.level)
    person = SENIORITY.index(request.level) if request.level in SENIORITY else -1
    students = [department.phd_students for department in supporter.departments]
    return (
        supporter.kind != request.kind
        or supporter.status == "withdrawn"
        or bool(supporter.offers and request.purpose and request.purpose not in supporter.offers)
        or (one.stated_on is not None and one.stated_on < date(2026, 5, 2))
        or request.borough in supporter.not_for
        or (request.kind == "mentor" and supporter.own_borough == request.borough)
        or supporter.id in request.not_supporters
        or supporter.own_borough in request.not_boroughs
        or (request.minimum_level is not None and own < SENIORITY.index(request.minimum_level))
        or (request.kind == "mentor" and own >= 0 and person >= 0 and own <= person)
        or not set(request.languages) <= set(supporter.languages)
        or (request.apprenticeship_standard not in {None, *supporter.standards})
        or (request.purpose in ("placement", "secondment") and bool(students) and set(students) == {0})
        or not _there(request, one)
    )


def _there(request: Request, one: SupporterNow) -> bool:
    """Day by day: whether there is a day to come, not too late, and room for one more on the wanted days."""
    supporter = one.supporter
    spans = [(span.first, span.last, span.capacity) for span in supporter.available] or [
        (supporter.available_from, supporter.available_until, None)
    ]
    days: dict[date, int] = {}
    for day in (TODAY + timedelta(days=offset) for offset in range(-60, 300)):
        holding = sorted(
            (first or date.min, last or date.max, supporter.capacity if room is None else room)
            for first, last, room in spans
            if (first or date.min) <= day <= (last or date.max)
        )
        if holding:
            days[day] = holding[0][2]
    begins = request.start or TODAY
    ends, named = begins + timedelta(days=90), False
    if request.weeks is not None:
        ends, named = begins + timedelta(days=7 * request.weeks - 1), request.start is not None
    elif request.need_by is not None:
        ends, named = max(begins, request.need_by), True
    to_come = [day for day in days if day >= TODAY]
    room = max((days[day] for day in days if begins <= day <= ends), default=supporter.capacity)
    too_late = named and not any(day <= ends for day in days if day >= TODAY or _reaches(days, day))
    return bool(to_come) and not too_late and one.load < room


def _reaches(days: dict[date, int], day: date) -> bool:
    """Whether the days from that one on are offered without a gap until today."""
    return all(day + timedelta(days=offset) in days for offset in range((TODAY - day).days + 1))


asked = any_request()
everybody = many_supporters(("recruiter", "recruiter", "mentor", "university", "training"))
rules = st.builds(Rules, size=st.integers(1, 6))


@given(asked, everybody, rules)
def test_the_fast_way_finds_what_the_straightforward_way_finds(
    request_: Request, supporters: list[SupporterNow], rules: Rules
) -> None:
    """Judged all at once or one after the other: the same supporters, scores, reasons and reasons why not."""
    found = shortlist(request_, supporters, today=TODAY, rules=rules, tell=None)
    candidates, left_out = straightforward(request_, supporters, today=TODAY, rules=rules)
    assert (list(found.candidates), list(found.left_out)) == (candidates, left_out)


@given(asked, everybody)
def test_a_barred_supporter_is_never_proposed(request_: Request, supporters: list[SupporterNow]) -> None:
    """No hard constraint is ever violated, however well a supporter would score."""
    found = shortlist(request_, supporters, today=TODAY, rules=Rules(size=100))
    by_id = {one.supporter.id: one for one in supporters}
    assert not [one for one in found.candidates if forbidden(request_, by_id[one.supporter_id])]


@given(asked, everybody, rules)
def test_everybody_is_proposed_or_left_out_with_a_reason(
    request_: Request, supporters: list[SupporterNow], rules: Rules
) -> None:
    """Every supporter appears exactly once, everyone left out is told why in a sentence, and is counted."""
    found = shortlist(request_, supporters, today=TODAY, rules=rules, tell=None)
    named = [one.supporter_id for one in found.candidates] + [one.supporter_id for one in found.left_out]
    assert sorted(named) == sorted(one.supporter.id for one in supporters)
    assert len(found.candidates) <= rules.size
    assert all(one.why[0].isupper() and one.why.endswith(".") for one in found.left_out)
    assert sum(count.supporters for count in found.counts) == len(found.left_out)


def test_ten_thousand_left_out_have_ten_thousand_reasons() -> None:
    """Not one is dropped where there are many, and the nearest fifty are the first fifty of all."""
    crowd = [
        now(load=number % 3, id=f"supporter-{number}", kind=KINDS[number % 4]) for number in range(10_000)
    ]
    whole = shortlist(a_request(), crowd, today=TODAY, tell=None)
    assert len({one.supporter_id for one in whole.left_out}) == 9_995
    assert sum(count.supporters for count in whole.counts) == 9_995
    assert all(one.why.endswith(".") for one in whole.left_out)
    assert shortlist(a_request(), crowd, today=TODAY).left_out == whole.left_out[:50]


@given(asked, everybody, rules, st.randoms(use_true_random=False))
def test_the_order_of_the_supporters_does_not_matter(
    request_: Request, supporters: list[SupporterNow], rules: Rules, random: Random
) -> None:
    """The same supporters give the same shortlist in whatever order they come, ties included."""
    shuffled = random.sample(supporters, len(supporters))
    assert shortlist(request_, supporters, today=TODAY, rules=rules) == shortlist(
        request_, shuffled, today=TODAY, rules=rules
    )


@given(asked, everybody, everybody)
def test_a_supporter_who_changes_leaves_no_trace(
    request_: Request, before: list[SupporterNow], after: list[SupporterNow]
) -> None:
    """Candidates that were put, put anew and removed are what those are who were put once."""
    people = Candidates(before)
    for one in after:
        people.put(one)
    for one in before:
        if one.supporter.id not in {other.supporter.id for other in after}:
            people.remove(one.supporter.id)
    assert shortlist(request_, people, today=TODAY, tell=None) == shortlist(
        request_, after, today=TODAY, tell=None
    )


weights = st.builds(Weights, *(st.floats(0.01, 5, allow_nan=False) for _ in range(6)))


@given(asked, everybody, weights)
def test_a_score_is_the_weighted_sum_of_its_reasons(
    request_: Request, supporters: list[SupporterNow], chosen: Weights
) -> None:
    """The published parts explain the whole score, best first, and their weights add up to one."""
    found = shortlist(request_, supporters, today=TODAY, rules=Rules(chosen, size=100))
    for one in found.candidates:
        assert one.score == pytest.approx(sum(part.score * part.weight for part in one.reasons), abs=1e-6)
        assert sum(part.weight for part in one.reasons) == pytest.approx(1)
        assert all(part.sentence[0].isupper() and part.sentence.endswith(".") for part in one.reasons)
    assert [one.score for one in found.candidates] == sorted(
        (one.score for one in found.candidates), reverse=True
    )


@given(asked, everybody, st.integers(1, 6))
def test_nobody_left_out_for_rank_scores_more_than_the_proposed(
    request_: Request, supporters: list[SupporterNow], size: int
) -> None:
    """A shorter list is the beginning of the longer one."""
    short = shortlist(request_, supporters, today=TODAY, rules=Rules(size=size))
    whole = shortlist(request_, supporters, today=TODAY, rules=Rules(size=100))
    assert short.candidates == whole.candidates[:size]
