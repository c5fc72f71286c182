"""What is said of those who were left out is true: apply it, and they are matched."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from services.matching.rounds import nearest
from services.matching.rounds.bars import Bar
from services.matching.rounds.decide import decide_round
from services.matching.rounds.explain import Explained
from services.matching.rounds.people import Conflict, Demand, Round, Supply
from tests.matching.rounds.every_way import allowed, ways, worth
from tests.matching.rounds.making import (
    CAMDEN,
    a_demand,
    a_large_round,
    a_supply,
    any_round,
    relaxed,
)


@given(any_round(most=7, kept=True, pinned=True))
def test_the_nearest_thing_would_have_matched_them(round_: Round) -> None:
    """For everyone left out: with the bars lifted and the places added that are named, they are matched."""
    for one in decide_round(round_).left_out:
        if one.nearest is None:
            assert not round_.supplies
            continue
        after = decide_round(relaxed(round_, one.demand.id, one.nearest))
        assert one.demand.id in {pair.demand.id for pair in after.pairs}, one.why


@pytest.mark.parametrize("arcs", [400_000, 60])
def test_among_many_who_wait_the_queue_is_counted_rightly(arcs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a hundred people compete for a few places, as many places more as are named are enough; also where
    only some of the moves among them are followed, as in a very large round."""
    monkeypatch.setattr(nearest, "_ARCS", arcs)
    round_ = a_large_round(120, 30, seed=5, capacities=(0, 1, 1, 2), conflicts=100)
    left = [one for one in decide_round(round_).left_out if one.nearest]
    assert any(one.nearest and one.nearest.places > 1 for one in left)
    for one in left[::6]:
        assert one.nearest is not None
        after = decide_round(relaxed(round_, one.demand.id, one.nearest))
        assert one.demand.id in {pair.demand.id for pair in after.pairs}, one.why


@given(any_round(most=5, pinned=True))
def test_what_would_help_helps_as_many_as_it_says(round_: Round) -> None:
    """Each constraint relaxed for everybody: as many more people are matched as brute force finds."""
    result = decide_round(round_)
    for one in result.remedies:
        more = replace(
            round_,
            supplies=tuple(replace(it, capacity=it.capacity + one.places) for it in round_.supplies),
            excepted=frozenset(
                (demand.id, supply.id)
                for demand in round_.demands
                for supply in round_.supplies
                if allowed(round_, demand, supply) or not (_bars(round_, demand, supply) & ~one.lifted)
            ),
        )
        assert max(len(way) for way in ways(more)) == len(result.pairs) + one.helped
    assert bool(result.remedies) == bool(result.left_out and round_.supplies)


@given(any_round(most=5, kept=True))
def test_every_pair_that_was_not_made_has_its_reason(round_: Round) -> None:
    """For any two: what bars them, what fits better, or who has the place; and forcing the pair is no better."""
    result = decide_round(round_)
    explained = Explained(round_, result)
    made = {pair.demand.id: pair.supply.id for pair in result.pairs}
    best = worth(round_, made)
    for demand in round_.demands:
        for supply in round_.supplies:
            why = explained.why_not(demand, supply)
            assert why.endswith(".")
            if made.get(demand.id) == supply.id:
                assert why.endswith("are a pair.")
            elif allowed(round_, demand, supply) and supply.capacity:
                forced = [way for way in ways(round_) if way.get(demand.id) == supply.id]
                assert all(worth(round_, way) <= best for way in forced)


def _bars(round_: Round, demand: Demand, supply: Supply) -> Bar:
    from services.matching.rounds.bars import bar_of, bars

    listed = Bar.NONE
    for one in round_.conflicts:
        if (one.supply_id, one.demand_id) == (supply.id, demand.id):
            listed |= bar_of(one.why)
    return bars(demand, supply, listed=listed, related_only=round_.related_only)


def why(demands: list[Demand], supplies: list[Supply], **more: Any) -> str:
    """The reason of the only one left out."""
    (left,) = decide_round(Round(tuple(supplies), tuple(demands), **more)).left_out
    return left.why


@pytest.mark.parametrize(
    ("demands", "supplies", "more", "sentence"),
    [
        (
            [a_demand(), a_demand("dev", skills=("Python",), role="Data analyst", level="senior")],
            [a_supply()],
            {},
            "Only Ben may be their supporter, and has no place left. "
            "Dev would have been matched had Ben one place more.",
        ),
        (
            [a_demand()],
            [a_supply(borough=CAMDEN), a_supply("cara", level="associate")],
            {},
            "Every supporter above practitioner is from Camden too. The nearest is Ben, who is from Camden too: "
            "Asha would have been matched with Ben, were a pair within one borough allowed.",
        ),
        (
            [a_demand(level="chief")],
            [a_supply(level="head")],
            {},
            "No supporter is above chief. The nearest is Ben, who is head, not above chief: "
            "Asha would have been matched with Ben, were a supporter of that level allowed.",
        ),
        (
            [a_demand()],
            [a_supply(roles=("Service designer",), skills=())],
            {"related_only": True},
            "No supporter above practitioner shares a role, a family or a skill with Asha. The nearest is Ben, who "
            "shares no role, family or skill with them: Asha would have been matched with Ben, were a pair that "
            "shares no role or skill allowed.",
        ),
        (
            [a_demand()],
            [a_supply(), a_supply("cara", level="associate")],
            {"conflicts": (Conflict("ben", "asha", "earlier pair"),)},
            "Every supporter is barred: 1 not above practitioner, 1 by an earlier pair. The nearest is Ben, who was "
            "paired with them before: Asha would have been matched with Ben, were a second round together allowed.",
        ),
        (
            [a_demand()],
            [a_supply(capacity=0)],
            {},
            "Only Ben may be their supporter, and offers no place. "
            "Asha would have been matched had Ben one place more.",
        ),
        ([a_demand()], [], {}, "There is no supporter in this round; Asha needs one place."),
    ],
)
def test_the_reason_reads_well(
    demands: list[Demand], supplies: list[Supply], more: dict[str, Any], sentence: str
) -> None:
    """How they stand, and the nearest thing that would have matched them."""
    assert why(demands, supplies, **more) == sentence


@pytest.mark.parametrize(
    ("supplies", "what"),
    [
        ([a_supply(capacity=0)], ["every supporter takes one person more"]),
        ([a_supply(level="practitioner")], ["a supporter may be of the same level or below"]),
        ([a_supply(borough=CAMDEN)], ["a supporter may be from the same borough"]),
        (
            [a_supply(borough=CAMDEN, capacity=0)],
            ["a supporter may be from the same borough and every supporter takes one person more"],
        ),
    ],
)
def test_what_cannot_be_met_says_what_to_relax(supplies: list[Supply], what: list[str]) -> None:
    """A round in which nobody can be matched names what would help, two things together where it takes two."""
    result = decide_round(Round(tuple(supplies), (a_demand(),)))
    assert not result.pairs
    assert [(one.what, one.helped) for one in result.remedies] == [(words, 1) for words in what]
