"""A round is the best one that the rules allow, in the order that is promised; nothing depends on accidents."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.rounds import candidates, evenly
from services.matching.rounds.decide import decide_round
from services.matching.rounds.people import Round
from services.matching.rounds.result import Result
from tests.matching.prove_rounds import as_highs_says
from tests.matching.rounds.every_way import allowed, ways, worth
from tests.matching.rounds.making import BARNET, CAMDEN, a_demand, a_large_round, a_supply, any_round


def pairs_of(result: Result) -> dict[str, str]:
    return {pair.demand.id: pair.supply.id for pair in result.pairs}


@given(any_round(kept=True, pinned=True))
def test_no_other_way_is_better(round_: Round) -> None:
    """Most people, fewest changes, best total, best worst-off, most even boroughs: as the best of every way."""
    found = pairs_of(decide_round(round_))
    assert worth(round_, found) == max(worth(round_, way) for way in ways(round_))


@given(any_round(most=8, kept=True, pinned=True), st.integers(0, 3))
def test_no_rule_is_ever_broken(round_: Round, seed: int) -> None:
    """Every pair is allowed, nobody has more than their places, everybody is paired or left out with a reason."""
    result = decide_round(round_, seed=seed)
    assert all(allowed(round_, pair.demand, pair.supply) and pair.parts for pair in result.pairs)
    for supply in round_.supplies:
        assert sum(pair.supply == supply for pair in result.pairs) <= supply.capacity
    everybody = [pair.demand.id for pair in result.pairs] + [one.demand.id for one in result.left_out]
    assert sorted(everybody) == sorted(one.id for one in round_.demands)
    assert all(one.why for one in result.left_out)
    assert round_.pinned <= set(pairs_of(result).items())


@given(any_round(most=6, kept=True, pinned=True), st.randoms(use_true_random=False), st.integers(0, 3))
def test_the_order_of_rows_decides_nothing(round_: Round, shuffle: random.Random, seed: int) -> None:
    """The same people in another order come to the very same result."""

    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(shuffle.sample(rows, len(rows)))

    other = replace(
        round_,
        supplies=mixed(round_.supplies),
        demands=mixed(round_.demands),
        conflicts=mixed(round_.conflicts),
    )
    assert decide_round(other, seed=seed) == decide_round(round_, seed=seed)


@given(any_round(most=4), st.randoms(use_true_random=False))
def test_other_ids_come_to_the_same_worth(round_: Round, shuffle: random.Random) -> None:
    """Ids decide between equals only: with others the round is worth the same, stage by stage."""
    names = [f"n{number}" for number in range(40)]
    shuffle.shuffle(names)
    new = {one.id: names.pop() for one in (*round_.supplies, *round_.demands)}
    other = replace(
        round_,
        supplies=tuple(replace(one, id=new[one.id]) for one in round_.supplies),
        demands=tuple(
            replace(
                one,
                id=new[one.id],
                line_managers=tuple(new[it] for it in one.line_managers),
                prefers=tuple(new[it] for it in one.prefers),
            )
            for one in round_.demands
        ),
        conflicts=tuple(
            replace(one, supply_id=new[one.supply_id], demand_id=new[one.demand_id])
            for one in round_.conflicts
        ),
    )
    assert worth(other, pairs_of(decide_round(other))) == worth(round_, pairs_of(decide_round(round_)))


def test_seeds_draw_between_equals() -> None:
    """One place for six equals: the seed decides, the same each time, and every one of them can be drawn."""
    equals = tuple(a_demand(name) for name in ("a", "b", "c", "d", "e", "f"))
    round_ = Round((a_supply(),), equals)
    drawn = {next(iter(pairs_of(decide_round(round_, seed=seed)))) for seed in range(40)}
    assert drawn == {"a", "b", "c", "d", "e", "f"}
    assert decide_round(round_, seed=7) == decide_round(round_, seed=7)


def test_most_people_come_before_the_best_score() -> None:
    """A perfect pair is given up where both people can then be matched."""
    ben = a_supply("ben")
    cara = a_supply("cara", roles=(), skills=(), level="senior")
    asha = a_demand("asha")
    dev = a_demand("dev", level="senior")
    assert pairs_of(decide_round(Round((ben, cara), (asha, dev)))) == {"asha": "cara", "dev": "ben"}


def test_the_worst_off_come_before_the_draw() -> None:
    """Of two rounds with the same total, the one whose worst pair is better is taken, whatever the seed."""
    ben = a_supply("ben", skills=("Python",))
    cara = a_supply("cara", skills=("Python", "SQL"), capacity=1)
    asha = a_demand("asha", skills=("Python", "SQL"))
    dev = a_demand("dev", skills=("Python",), level="practitioner")
    round_ = Round((ben, cara), (asha, dev))
    for seed in range(10):
        result = decide_round(round_, seed=seed)
        assert worth(round_, pairs_of(result)) == max(worth(round_, way) for way in ways(round_))


def test_boroughs_are_treated_alike() -> None:
    """Two places for two people of each of two boroughs: one of each, whatever the seed, and the report says so."""
    people = tuple(
        a_demand(f"{borough[-1]}{number}", borough=borough)
        for borough in ("E09000007", "E09000003")
        for number in range(2)
    )
    effects = []
    for seed in range(12):
        result = decide_round(Round((a_supply(capacity=2),), people), seed=seed)
        assert [one.matched for one in result.fairness.boroughs] == [1, 1]
        effects.append(result.fairness.effect)
    assert all(one.spread == 0 and one.uneven == 1 for one in effects)
    assert {one.spread_without for one in effects} == {0.0, 1.0}


def test_what_is_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where evening boroughs would take too long, the rest is decided and the report says so; where a round has too
    many pairs, it is refused with what to do."""
    people = tuple(
        a_demand(name, borough=borough) for name, borough in zip("abcd", [BARNET, CAMDEN] * 2, strict=True)
    )
    round_ = Round((a_supply(capacity=2),), people)
    monkeypatch.setattr(evenly, "MOST", 3)
    result = decide_round(round_)
    assert len(result.pairs) == 2
    assert not result.fairness.effect.evened
    monkeypatch.setattr(candidates, "MOST", 3)
    with pytest.raises(candidates.TooManyPairs, match="among 4 people and 1 supporters; split the round"):
        decide_round(round_)


def test_a_larger_round_is_the_best_that_highs_finds() -> None:
    """People and total are those of two linear programs, solved by a solver that knows nothing of ours."""
    round_ = a_large_round(120, 90, seed=3, conflicts=300)
    result = decide_round(round_)
    assert (len(result.pairs), sum(pair.score for pair in result.pairs)) == as_highs_says(round_)
    assert len(result.pairs) + len(result.left_out) == 120
