"""Rounds against brute force, against HiGHS, against their own prices, and ten thousand of them against the rules.

    python -m tests.matching.prove_rounds [HOW_MANY]

prints one line for each proof and ends with an error if one fails.
"""

import random
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from services.matching.rounds.candidates import candidates
from services.matching.rounds.decide import decide_round
from services.matching.rounds.pairs import OUTSIDE
from services.matching.rounds.people import Round
from services.matching.rounds.result import Result
from services.matching.rounds.stages import decide, luck_of
from services.matching.rounds.tables import tables
from tests.matching.rounds.every_way import allowed, ways, worth
from tests.matching.rounds.making import a_large_round, a_small_round


def broken_rules(round_: Round, result: Result) -> int:
    """How many hard constraints a result violates, counted by the rules for one pair."""
    wrong = sum(not allowed(round_, pair.demand, pair.supply) for pair in result.pairs)
    for supply in round_.supplies:
        wrong += max(0, sum(pair.supply.id == supply.id for pair in result.pairs) - supply.capacity)
    people = [pair.demand.id for pair in result.pairs]
    return wrong + len(people) - len(set(people))


def as_highs_says(round_: Round) -> tuple[int, int]:
    """The most people and then the best total, as two linear programs that know nothing of our solver."""
    table = tables(round_)
    pairs, score = candidates(table)
    count = len(pairs.column)
    people = csr_array((np.ones(count), (pairs.row, np.arange(count))), shape=(pairs.rows, count))
    places = csr_array((np.ones(count), (pairs.column, np.arange(count))), shape=(len(pairs.places), count))
    limits = vstack([people, places])
    at_most = np.concatenate([np.ones(pairs.rows), pairs.places])
    most = linprog(-np.ones(count), A_ub=limits, b_ub=at_most, method="highs")
    matched = round(-most.fun)
    everyone = csr_array(np.ones((1, count)))
    best = linprog(
        -score.astype(float), A_ub=limits, b_ub=at_most, A_eq=everyone, b_eq=[matched], method="highs"
    )
    return matched, round(-best.fun)


def is_proved_by_prices(round_: Round) -> tuple[int, int]:
    """The value of the first stage and its bound from the prices: whole numbers that must be equal."""
    table = tables(round_)
    pairs, score = candidates(table)
    luck = (
        luck_of(0, "demand", [one.id for one in table.demands]),
        luck_of(0, "supply", [one.id for one in table.supplies]),
    )
    found, _ = decide(pairs, score, boroughs=table.boroughs[0], luck=luck)
    row, pays, price = pairs.row, found.optimum.pays, found.optimum.price
    if (pays[row] + price[pairs.column] > -score).any() or (price > 0).any():
        raise SystemExit("the prices are no bound")
    unmatched = int(pays.max(initial=0)) * int((found.given == OUTSIDE).sum())
    taken = pairs.column == found.given[row]
    return int(unmatched - score[taken].sum()), int(pays.sum() + (price * pairs.places).sum())


def main(how_many: int) -> None:
    """Print every proof."""
    draw = random.Random(20261122)
    same = 0
    for number in range(how_many // 20):
        round_ = a_small_round(draw, kept=number % 2 == 0)
        found = {pair.demand.id: pair.supply.id for pair in decide_round(round_).pairs}
        same += worth(round_, found) == max(worth(round_, way) for way in ways(round_))
    _say(f"as good as the best of every way, fairness and changes with it: {same:,} of {how_many // 20:,}")
    wrong = unexplained = 0
    for number in range(how_many):
        round_ = a_small_round(draw, most=12, kept=number % 3 == 0)
        result = decide_round(round_, seed=number)
        wrong += broken_rules(round_, result)
        unexplained += sum(not pair.parts for pair in result.pairs) + sum(
            not one.why for one in result.left_out
        )
        unexplained += len(round_.demands) - len(result.pairs) - len(result.left_out)
    _say(
        f"hard constraints violated in {how_many:,} random rounds: {wrong}; people without a reason: {unexplained}"
    )
    agree = 0
    for seed in range(10):
        round_ = a_large_round(200, 150, seed=seed, conflicts=300)
        fairness = decide_round(round_).fairness
        agree += (fairness.matched, round(fairness.total_score * 1_000_000)) == as_highs_says(round_)
    _say(f"200 × 150 with conflicts, people and total as two linear programs in HiGHS say: {agree} of 10")
    equal = 0
    sizes = ((2_000, 2_000), (2_000, 700), (700, 2_000), (4_000, 4_000))
    for people, supporters in sizes:
        value, bound = is_proved_by_prices(
            a_large_round(people, supporters, seed=people, conflicts=people * 5)
        )
        _say(f"{people:,} × {supporters:,}: cost {value:,}, bound by the prices {bound:,}")
        equal += value == bound
    if wrong or unexplained or same < how_many // 20 or agree < 10 or equal < len(sizes):
        raise SystemExit("a proof failed")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
