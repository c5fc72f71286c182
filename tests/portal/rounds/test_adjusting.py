"""What staff may change in a round, and how people are named: pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Round, RoundPair, Together
from services.portal.rounds.adjusting import CHOICES, Typed, read
from services.portal.rounds.naming import Names, Person
from services.portal.rounds.share_chart import chart
from tests.portal.rounds.making import result, round_

REQUESTS = ("r1", "r2", "r3")
SUPPORTERS = ("s1", "s2", "s3")


def two(request: str, supporter: str) -> Together:
    return Together(request_id=request, supporter_id=supporter)


twos = st.builds(two, st.sampled_from(REQUESTS), st.sampled_from(SUPPORTERS))


@st.composite
def ruled(draw: st.DrawFn) -> Round:
    """A round whose rules do not contradict each other, as pages make them."""
    together = {one.request_id: one for one in draw(st.lists(twos, max_size=3))}
    apart = [one for one in draw(st.lists(twos, max_size=4, unique=True)) if one not in together.values()]
    said = {id_ for one in (*together.values(), *apart) for id_ in (one.request_id, one.supporter_id)}
    without = draw(st.lists(st.sampled_from((*REQUESTS, *SUPPORTERS)), unique=True, max_size=2))
    return round_(
        together=tuple(together.values()),
        apart=tuple(apart),
        without=tuple(one for one in without if one not in said),
    )


@st.composite
def filled_in(draw: st.DrawFn) -> Typed:
    """The form, however it was filled in."""
    lifts = [f"{rule} {at}" for rule in ("together", "apart", "without") for at in range(3)]
    return Typed(
        pairs=draw(st.dictionaries(st.integers(-1, 4), st.sampled_from((*CHOICES, "nonsense")), max_size=4)),
        left_out=tuple(draw(st.lists(st.integers(-1, 3), max_size=2))),
        lift=tuple(draw(st.lists(st.sampled_from(lifts), max_size=4))),
        request=draw(st.sampled_from(("", *REQUESTS, "nobody"))),
        supporter=draw(st.sampled_from(("", *SUPPORTERS, "nobody"))),
        two=draw(st.sampled_from(("", "together", "apart", "nonsense"))),
        related_only=draw(st.booleans()),
        seed=draw(st.sampled_from(("", "0", "7", "1,000", "x", "-1", "9" * 40, "٣"))),
    )


def pairs() -> list[RoundPair]:
    return [
        RoundPair(request_id=one, supporter_id=other, borough="E09000007", score=0.5)
        for one, other in zip(REQUESTS, SUPPORTERS, strict=True)
    ]


@given(ruled(), filled_in())
def test_rules_never_contradict_each_other(before: Round, typed: Typed) -> None:
    """Whatever is chosen: nobody who takes no part is in a rule, no two are to be together and apart, a person is to
    be with one supporter at most; and what comes out is a round that can be stated."""
    fields, faults = read(typed, before, pairs(), ["r3"], requests=set(REQUESTS), supporters=set(SUPPORTERS))
    if faults:
        assert {one.field for one in faults} <= {"request", "supporter", "two", "seed"}
        return
    after = Round.model_validate({**before.model_dump(), **fields})
    named = [id_ for one in (*after.together, *after.apart) for id_ in (one.request_id, one.supporter_id)]
    assert not set(named) & set(after.without)
    assert not set(after.together) & set(after.apart)
    people = [one.request_id for one in after.together]
    assert len(people) == len(set(people))
    assert (after.status, after.result_revision) == ("asked", None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, {}),
        ({"pairs": {0: "together"}}, {"together": (two("r1", "s1"),)}),
        ({"pairs": {1: "apart"}}, {"apart": (two("r2", "s2"),)}),
        ({"pairs": {0: "request", 1: "supporter"}}, {"without": ("r1", "s2")}),
        ({"left_out": (0,)}, {"without": ("r3",)}),
        ({"request": "r1", "supporter": "s3", "two": "together"}, {"together": (two("r1", "s3"),)}),
        ({"seed": "1,000", "related_only": True}, {"seed": 1000, "related_only": True}),
    ],
)
def test_each_choice_has_its_rule(typed: dict[str, Any], expected: dict[str, Any]) -> None:
    """Kept together, kept apart, left out, drawn anew: each becomes the field that says so, and nothing else changes."""
    fields, faults = read(
        Typed(**typed), round_(), pairs(), ["r3"], requests=set(REQUESTS), supporters=set(SUPPORTERS)
    )
    assert not faults
    usual = {"together": (), "apart": (), "without": (), "related_only": False, "seed": 0}
    assert fields == {**usual, "status": "asked", "result_revision": None, **expected}


def test_what_was_ruled_can_be_lifted() -> None:
    """Each box takes its rule away, and no other."""
    before = round_(
        together=(two("r1", "s1"), two("r2", "s2")), apart=(two("r1", "s2"),), without=("r3", "s3")
    )
    fields, _ = read(
        Typed(lift=("together 0", "without 1")), before, [], [], requests=set(), supporters=set()
    )
    assert (fields["together"], fields["apart"], fields["without"]) == (
        (two("r2", "s2"),),
        (two("r1", "s2"),),
        ("r3",),
    )


def test_names_stand_for_ids_and_nothing_else() -> None:
    """Ids that begin alike, and words that look like ids, are told apart."""
    names = Names(
        {"1": Person("1", "Asha", "", ""), "12": Person("12", "Bola", "", "")},
        {"a": Person("a", "Ben", "", "")},
    )
    said = (
        "Request 12: supporter a in place of supporter b. A request is a request 1; a supporter a-1 is none."
    )
    assert names.in_words(said) == (
        "Bola: Ben in place of supporter b. A request is a Asha; a supporter a-1 is none."
    )


def test_every_sentence_of_a_result_gets_its_names() -> None:
    """No id is left in what a page tells of a real result and its changes."""
    first = result(round_())
    apart = two(first.pairs[0].request_id, first.pairs[0].supporter_id)
    then = result(round_(revision=2, apart=(apart,)), before=first, revision=2)
    ids = {f"request-{one}" for one in ("asha", "bola", "chen", "dara", "ella", "fred")}
    helps = {f"supporter-{one}" for one in ("ben", "cleo", "dev", "eve", "gus")}
    names = Names(
        {id_: Person(id_, id_.split("-")[1].title(), "", "") for id_ in ids},
        {id_: Person(id_, id_.split("-")[1].title(), "", "") for id_ in helps},
    )
    left = [text for one in then.not_paired for text in (one.why, one.nearest or "")]
    told = " ".join(names.in_words(text) for text in (*then.changes, *left, *then.remedies))
    assert then.changes
    assert "Asha" in told
    assert not [id_ for id_ in ids | helps if id_ in told]


def test_the_chart_is_to_scale() -> None:
    """A bar is as long as its borough's people, filled as far as they are paired; nothing leaves the drawing."""
    found = result(round_()).fairness
    assert found is not None
    drawn = chart(found.boroughs)
    assert drawn is not None
    room = drawn.right - drawn.left
    assert [(bar.people, bar.paired) for bar in drawn.bars] == [(room, room), (room, room), (room, room / 2)]
    assert [bar.name for bar in drawn.bars] == ["Camden", "Hackney", "Sutton"]
    assert chart(()) is None
