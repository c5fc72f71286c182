"""A round from its facts to its result: what decides, without a database."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Request, Round, RoundResult, Together
from services.matching.asked_rounds import following
from services.matching.asked_rounds.deciding import decide
from services.matching.asked_rounds.facts import Asked, Asking, Offering
from services.matching.eligibility import bar
from services.matching.shortlist import shortlist
from services.matching.supporter_now import SupporterNow
from tests.matching.making import NOON, TODAY, any_request, many_supporters
from tests.matching.rounds_by_event.hall import a_round, asks, mentors

few = settings(max_examples=10)
REQUESTS = tuple(f"request-{number}" for number in range(6))


@st.composite
def asked_for(draw: st.DrawFn) -> Asked:
    """A round of any kind with up to six requests and twelve supporters of every sort, and any rules."""
    kind = draw(st.sampled_from(("mentor", "mentor", "recruiter", "university")))
    requests = draw(
        st.lists(
            any_request(ids=st.sampled_from(REQUESTS), kinds=(kind,)),
            max_size=6,
            unique_by=lambda one: one.id,
        )
    )
    people = draw(many_supporters(kinds=(kind, kind, "training")))
    two = st.builds(
        Together,
        request_id=st.sampled_from(REQUESTS),
        supporter_id=st.sampled_from([one.supporter.id for one in people] or ["nobody"]),
    )
    anybody = st.sampled_from([*REQUESTS, *(one.supporter.id for one in people)])
    return facts(
        a_round(
            kind=kind,
            together=draw(st.lists(two, max_size=1)),
            apart=draw(st.lists(two, max_size=4)),
            without=draw(st.lists(anybody, max_size=2)),
            related_only=draw(st.booleans()),
            seed=draw(st.integers(0, 3)),
        ),
        requests,
        people,
        not_now={one.id for one in requests if draw(st.integers(0, 5)) == 0},
    )


def facts(
    round_: Round,
    requests: list[Request],
    people: list[SupporterNow],
    *,
    not_now: set[str] = frozenset(),  # type: ignore[assignment]
) -> Asked:
    """A round with these, as the clock would read them."""
    return Asked(
        round=round_,
        asking=tuple(
            Asking(request=one, not_now="It was declined." if one.id in not_now else None) for one in requests
        ),
        offering=tuple(map(Offering.of, people)),
        fresh_for=6,
        revision=1,
        now=NOON,
    )


@few
@given(asked_for())
def test_a_pair_is_one_that_a_shortlist_could_propose(asked: Asked) -> None:
    """Nothing that a request or a supporter states is passed over, in whichever order boroughs accept; nobody gets more
    people than they have places for; staff's rules hold; everybody is told of once."""
    result = decide(asked)
    if result.status == "refused":
        assert result.why
        assert not result.pairs
        return
    requests = {one.request.id: one.request for one in asked.asking if one.not_now is None}
    people = {one.supporter.id: one.now() for one in asked.offering}
    given_to: dict[str, int] = {}
    for pair in result.pairs:
        given_to[pair.supporter_id] = given_to.get(pair.supporter_id, 0) + 1
    for pair in result.pairs:
        now = people[pair.supporter_id]
        others = given_to[pair.supporter_id] - 1
        assert bar(requests[pair.request_id], replace(now, kept=now.kept + others), today=TODAY) is None
    made = [Together(request_id=one.request_id, supporter_id=one.supporter_id) for one in result.pairs]
    assert set(asked.round.together) <= set(made)
    assert not set(asked.round.apart) & set(made)
    told = [one.request_id for one in result.pairs] + [one.request_id for one in result.not_paired]
    assert sorted(told) == sorted({one.request.id for one in asked.asking} - {*asked.round.without})
    assert not {one.supporter_id for one in result.pairs} & {*asked.round.without}
    assert [one.wanted for one in result.pairs] == [one in asked.round.together for one in made]


@few
@given(asked_for(), st.randoms(use_true_random=False))
def test_the_same_facts_come_to_the_same_words(asked: Asked, shuffle: random.Random) -> None:
    """In whatever order they are read, and after a journey to another process and back."""

    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(shuffle.sample(rows, len(rows)))

    update = {"asking": mixed(asked.asking), "offering": mixed(asked.offering)}
    other = Asked.model_validate_json(asked.model_copy(update=update).model_dump_json())
    assert decide(other) == decide(asked)


@few
@given(asked_for())
def test_nobody_is_left_without_whom_a_shortlist_has_room_for(asked: Asked) -> None:
    """Where nothing is ruled by staff, a person without a supporter has nobody on their shortlist whose places are not
    all given; or that supporter shares nothing with them, where that was asked for."""
    plain = asked.model_copy(update={"round": asked.round.model_copy(update=_NO_RULES)})
    result = decide(plain)
    given_to = [one.supporter_id for one in result.pairs]
    people = {one.supporter.id: one.now() for one in asked.offering}
    for left in result.not_paired:
        (asking,) = (one for one in asked.asking if one.request.id == left.request_id)
        if asking.not_now is not None:
            continue
        free = [replace(now, kept=now.kept + given_to.count(id_)) for id_, now in people.items()]
        found = shortlist(asking.request, free, today=TODAY)
        places = {one.supporter_id: one.places for one in result.fairness.loads} if result.fairness else {}
        assert all(given_to.count(one.supporter_id) >= places[one.supporter_id] for one in found.candidates)


_NO_RULES = {"together": (), "apart": (), "without": (), "related_only": False}


def test_capacity_is_that_of_the_days_that_are_wanted() -> None:
    """Who takes two people in spring and one in summer is given one person only, when one of the two wants summer."""
    spans = (
        {"first": "2027-03-01", "last": "2027-05-31", "capacity": 2},
        {"first": "2027-06-01", "last": "2027-08-31", "capacity": 1},
    )
    ben = SupporterNow(mentors(1, available=spans))
    spring = [asks(number, start="2027-04-01", weeks=4) for number in (1, 2)]
    mixed = [spring[0], asks(2, start="2027-07-01", weeks=4)]
    assert len(decide(facts(a_round(), spring, [ben])).pairs) == 2
    assert len(decide(facts(a_round(), mixed, [ben])).pairs) == 1


def test_who_cannot_take_part_is_told_of() -> None:
    """A supporter who has withdrawn, offers other help or has not renewed what they offer is set aside with the reason;
    a request that cannot be paired now is told of with its own."""
    people = [
        SupporterNow(mentors(1)),
        SupporterNow(mentors(2, status="withdrawn")),
        SupporterNow(mentors(3, kind="recruiter")),
        SupporterNow(mentors(4), stated_on=TODAY - timedelta(days=300)),
    ]
    result = decide(facts(a_round(), [asks(1), asks(2)], people, not_now={"request-2"}))
    assert [(one.supporter_id, one.why.split(" ", 2)[0]) for one in result.set_aside] == [
        ("mentor-2", "Has"),
        ("mentor-3", "Is"),
        ("mentor-4", "Stated"),
    ]
    assert [(one.request_id, one.why) for one in result.not_paired] == [("request-2", "It was declined.")]


def test_what_cannot_be_is_refused_with_everything_that_is_wrong() -> None:
    """A pair that a rule forbids, too many for one supporter, somebody twice, together and apart: all in one text."""
    people = [SupporterNow(mentors(1)), SupporterNow(mentors(2, own_borough="E09000007"))]

    def why(**rules: object) -> str:
        asked = facts(a_round(**rules), [asks(1), asks(2)], people)
        return decide(asked).why or ""

    def two(request: int, supporter: int) -> dict[str, str]:
        return {"request_id": f"request-{request}", "supporter_id": f"mentor-{supporter}"}

    assert why(together=[two(2, 2)]) == (
        "Request request-2 and supporter mentor-2 are to be together, but cannot be: Works for Camden itself; a mentor "
        "comes from another borough."
    )
    assert "mentor-1 is to be with 2 people and has 1 free" in why(together=[two(1, 1), two(2, 1)])
    assert "request-1 is to be with 2 supporters" in why(together=[two(1, 1), two(1, 2)])
    assert "together and apart" in why(together=[two(1, 1)], apart=[two(1, 1)])
    assert "the request takes no part" in why(together=[two(1, 1)], without=["request-1"])
    assert "the supporter takes no part" in why(together=[two(1, 1)], without=["mentor-1"])
    assert "no open request for a mentor" in why(without=["request-1", "request-2"])
    unknown = facts(a_round(), [asks(1)], people).model_copy(update={"unknown": ("request-9",)})
    assert "request-9" in (decide(unknown).why or "")


def test_what_changed_is_told() -> None:
    """Another supporter, one where there was none, none any more; or nothing."""
    people = [SupporterNow(mentors(1)), SupporterNow(mentors(2))]
    first = decide(facts(a_round(), [asks(1), asks(2)], people))
    apart = [one.model_dump(include={"request_id", "supporter_id"}) for one in first.pairs[:1]]

    def again(**rules: object) -> tuple[str, ...]:
        asked = facts(a_round(**rules), [asks(1), asks(2)], people)
        return decide(asked.model_copy(update={"before": first})).changes

    one, other = (pair.supporter_id for pair in first.pairs)
    assert again(apart=apart) == (
        f"Request request-1: supporter {other} in place of supporter {one}.",
        f"Request request-2: supporter {one} in place of supporter {other}.",
    )
    assert again(without=[one])[-1].startswith("Request request-")
    assert again() == ("Nothing: the pairs are the same as before.",)
    assert first.changes == ()


def test_what_may_follow_on_what() -> None:
    """Published means told: then it can be called off only. Called off is the end. Nothing is published unasked."""

    def fault(status: str, known: str | None, said: str | None) -> bool:
        before = a_round(status=known) if known else None
        result = (
            RoundResult.model_validate(
                {"id": "round-1", "revision": 1, "round_revision": 1, "status": said, "decided_at": NOON}
            )
            if said
            else None
        )
        try:
            following.check(a_round(revision=2, status=status), before, result)
        except following.CannotFollow as error:
            return bool(str(error))
        return False

    assert fault("published", None, None)
    assert fault("cancelled", None, None)
    assert fault("asked", "published", "published")
    assert fault("published", "published", "published")
    assert fault("asked", "cancelled", "cancelled")
    for fine in (
        ("asked", None, None),
        ("cancelled", "published", "published"),
        ("asked", "published", "refused"),
        ("asked", "asked", "proposed"),
        ("published", "asked", "proposed"),
        ("cancelled", "asked", None),
    ):
        assert not fault(*fine)
