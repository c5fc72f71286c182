"""The percentiles: exact, against numpy, Python's statistics and PostgreSQL; and found in counted steps."""

import statistics
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from services.salaries.book import find
from services.salaries.ledger import MIDDLE
from services.salaries.quantiles import PERCENTILES, Sums, likely_places, percentile, quantiles, weighted
from services.salaries.steps import TOP, Node, Place, Step, Tree, above_of
from services.salaries.weights import FIRST_MONTH, ONE, weight
from tests.salaries import by_hand

pence = st.integers(0, 400_000_00) | st.sampled_from([45_000_00, 45_000_01, 52_000_00])
amounts = st.lists(pence, min_size=1, max_size=60)
offers = st.lists(
    st.tuples(pence, st.integers(1, 2**40) | st.sampled_from([1, 2, 1 << 20])), min_size=1, max_size=60
)


@settings(max_examples=200)
@given(amounts, st.integers(1, 2**50))
def test_with_equal_weights_they_are_numpy_s_to_the_penny(paid: list[int], heft: int) -> None:
    """numpy.quantile as it comes, whatever the one weight is; at half a penny either neighbour."""
    for place in (0, 1_000, 2_500, 3_333, 5_000, 9_000, 10_000):
        theirs = float(numpy.quantile(numpy.array(paid), place / 10_000))
        ours = weighted([(one, heft) for one in paid], place)
        assert abs(ours - theirs) <= 0.5 + 1e-6


@settings(max_examples=200)
@given(amounts.filter(lambda paid: len(paid) > 1), st.integers(1, 99))
def test_with_equal_weights_they_are_exact(paid: list[int], percent: int) -> None:
    """The inclusive quantile in fractions, rounded half to even to the penny."""
    exact = statistics.quantiles([Fraction(amount) for amount in paid], n=100, method="inclusive")
    assert weighted([(one, ONE) for one in paid], percent * 100) == round(exact[percent - 1])


@settings(max_examples=30)
@given(amounts)
async def test_with_equal_weights_they_are_postgresql_s(db: Any, paid: list[int]) -> None:
    """percentile_cont over the same amounts differs by rounding alone."""
    sql = "SELECT percentile_cont($1::float8[]) WITHIN GROUP (ORDER BY a) FROM unnest($2::bigint[]) AS a"
    theirs = await db.fetchval(sql, [0.1, 0.25, 0.5, 0.75, 0.9], paid)
    ours = quantiles((one, 1) for one in paid)
    assert ours is not None
    for one, other in zip(ours.model_dump().values(), theirs, strict=True):
        assert abs(one - other) <= 0.5 + 1e-6


@settings(max_examples=200)
@given(offers, st.integers(0, 10_000))
def test_weighted_they_are_the_sum_by_hand(row: list[tuple[int, int]], place: int) -> None:
    """Exactly the average over the stretch that numpy gives in whole numbers, in any order of the offers."""
    assert weighted(row, place) == weighted(row[::-1], place) == by_hand.percentile(row, place)


@given(offers, st.integers(2, 2**20))
def test_weights_that_all_shrink_alike_change_nothing(row: list[tuple[int, int]], factor: int) -> None:
    """As time passes every weight shrinks by one ratio: the figures stay, so only events change them."""
    assert quantiles(row) == quantiles((paid, heft * factor) for paid, heft in row)


@given(offers)
def test_they_rise_and_lie_between_the_ends(row: list[tuple[int, int]]) -> None:
    """Five figures in rising order within what is offered; none of nothing."""
    found = quantiles(row)
    assert found is not None
    told = list(found.model_dump().values())
    assert told == sorted(told)
    assert min(row)[0] <= told[0]
    assert told[-1] <= max(row)[0]
    assert quantiles([]) is None


def test_a_newer_offer_pulls_the_median() -> None:
    """Of two offers the median is half-way; it comes nearer to the one that weighs twice as much."""
    old, new = 40_000_00, 50_000_00
    assert weighted([(old, 1), (new, 1)], 5_000) == 45_000_00
    assert 46_000_00 < weighted([(old, 1), (new, 2)], 5_000) < new
    assert weighted([(old, 1), (new, 10**9)], 5_000) > 49_999_00


@given(st.integers(1, 120), st.integers(0, 600))
def test_a_weight_halves_exactly_every_half_life(half_life: int, ago: int) -> None:
    """Twice as much for each half life that an offer is newer, rising in between; never below one."""
    month = FIRST_MONTH + ago
    now = weight(month, half_life_months=half_life)
    assert weight(month + half_life, half_life_months=half_life) == 2 * now
    assert ONE <= now <= weight(month + 1, half_life_months=half_life)
    assert weight(0, half_life_months=half_life) == ONE


@given(offers)
def test_the_likely_median_holds_the_median(row: list[tuple[int, int]]) -> None:
    """From six effective offers on, around the median; narrower than everything from a hundred on."""
    sums = _sums(row)
    places = likely_places(sums)
    assert (places is None) == (sums.effective < 6)
    if places:
        assert weighted(row, places[0]) <= weighted(row, 5_000) <= weighted(row, places[1])
    assert likely_places(Sums(100, 100, 100)) == (4019, 5981)


@settings(max_examples=100)
@given(offers, st.integers(0, 2**32))
def test_counted_steps_find_the_same_to_the_penny(row: list[tuple[int, int]], seed: int) -> None:
    """Counted in and out in any order, read node by node in the middle of it, they give what the offers give."""
    random, kept = Random(seed), Tree(1, MIDDLE)
    strangers = [
        (random.randint(0, 400_000_00), random.randint(1, 2**30)) for _ in range(random.randint(0, 20))
    ]
    moves = [(one, 1) for one in row + strangers]
    random.shuffle(moves)
    for one in strangers:
        first = moves.index((one, 1))
        moves.insert(random.randint(first + 1, len(moves)), (one, -1))
    cut = random.randint(0, len(moves))
    for (paid, heft), sign in moves[:cut]:
        kept.add(paid, heft, sign)
    tree = Tree(1, MIDDLE)
    if random.random() < 0.3:
        tree.put_all({number: step for level, number, step in kept.changed() if level == 0 and step[0]})
    else:
        tree.put(TOP, 0, _read(kept, Node(tree, TOP)))
    early = random.randint(cut, len(moves))
    for (paid, heft), sign in moves[cut:early]:
        tree.add(paid, heft, sign)
    if any(tree.steps.values()):
        _found(tree, kept, [random.randint(0, 2**40)])
    for (paid, heft), sign in moves[early:]:
        tree.add(paid, heft, sign)
    sums = _sums(row)
    for place in PERCENTILES.values():
        unit = 10_000 * sums.weight
        begin, end = _found(tree, kept, [target // unit for target in sums.stretch(place)])
        assert percentile(sums, place, begin, end) == weighted(row, place)
    assert sum(step[0] for level, _, step in tree.changed() if level == 0) == len(row) - _offers(kept)


def _found(tree: Tree, kept: Tree, weights: Sequence[int]) -> list[Place]:
    """The places after so much weight, with what is lacking read from `kept`, level by level."""
    found: list[Place] = []
    for nodes in find([(tree, heft) for heft in weights], found):
        assert len(nodes) <= len(weights)
        for node in nodes:
            read = _read(kept, node)
            assert node.level == TOP or len(read) <= 1 << above_of(node.level)
            tree.put(node.level, node.above, read)
    return found


def _read(kept: Tree, node: Node) -> dict[int, Step]:
    """The steps of a node as the database keeps them."""
    return {
        number: step
        for level, number, step in kept.changed()
        if level == node.level and node.low <= number <= node.high and step[0]
    }


def _offers(kept: Tree) -> int:
    return sum(step[0] for level, _, step in kept.changed() if level == 0)


def _sums(row: Sequence[tuple[int, int]]) -> Sums:
    return Sums(len(row), sum(heft for _, heft in row), sum(heft * heft for _, heft in row))
