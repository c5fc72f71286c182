"""What a borough officer reads: the sentences of a score's parts, and of the reasons why not."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.matching.eligibility import SupporterNow, bar
from services.matching.shortlist import Rules, shortlist
from tests.matching.making import BARNET, CAMDEN, HACKNEY, TODAY, a_request, now


def test_a_perfect_fit_scores_one() -> None:
    """Same role, every skill, there throughout, free, rather this than anything else, and with the best of records:
    as good as 1, with six reasons that say so."""
    keen = now(good=400, ended=400, prefers={"boroughs": (CAMDEN,), "families": ("data",)})
    (best,) = shortlist(a_request(), [keen], today=TODAY).candidates
    assert best.score > 0.999
    assert [reason.sentence for reason in best.reasons] == [
        "Data engineer is one of the roles they know best.",
        "Offers every skill asked for: Python, SQL.",
        "Available now and throughout to the need-by date, 30 November 2026.",
        "Of 400 earlier introductions, 400 ended well; 100% of the next are expected to.",
        "Prefers Camden and work on Data engineer.",
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
    assert [reason.part for reason in best.reasons] == [
        "availability",
        "track record",
        "preference",
        "load balance",
    ]
    assert sum(reason.weight for reason in best.reasons) == pytest.approx(1)


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
    assert found.candidates[1].reasons[-1].sentence == "Is helping with 1 request and takes 2 at a time."


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
            "Is available on no day: each of the spans of days stated ends before it begins.",
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
    barred = bar(a_request(kind="mentor", borough=HACKNEY), at_home, today=TODAY)
    assert barred is not None
    assert barred.sentence == "Works for Hackney itself; a mentor comes from another borough."
    assert bar(a_request(kind="mentor", borough=BARNET), at_home, today=TODAY) is None
    assert bar(a_request(borough=HACKNEY), now(own_borough=HACKNEY), today=TODAY) is None


def test_the_outranked_are_told_by_how_much() -> None:
    """Who could help but was outranked comes first among those left out, with both scores."""
    people = [now(id="a"), now(id="b", load=1), now(id="c", status="withdrawn")]
    found = shortlist(a_request(), people, today=TODAY, rules=Rules(size=1))
    assert [one.supporter_id for one in found.left_out] == ["b", "c"]
    assert found.left_out[0].why == "Could help (score 0.88), but the one proposed scored 0.93 or more."
