"""A round from beginning to end: who is brought together with whom, and the reason for everyone else."""

from collections.abc import Iterable

import numpy as np

from services.matching.rounds.assignment import NotOptimal
from services.matching.rounds.bars import Bar, bar_of, bars
from services.matching.rounds.candidates import candidates
from services.matching.rounds.changes import Changes, changes
from services.matching.rounds.evenly import unevenness
from services.matching.rounds.fairness import Effect, by_borough, report, spread
from services.matching.rounds.nearest import Nearest, nearest
from services.matching.rounds.pairs import OUTSIDE, Flags, Index, Pairs
from services.matching.rounds.people import Demand, Round, Supply
from services.matching.rounds.remedies import remedies
from services.matching.rounds.result import LeftOut, Pair, Result
from services.matching.rounds.scoring import MILLION, parts_of, score_of
from services.matching.rounds.stages import Decided, decide, luck_of
from services.matching.rounds.tables import Tables, tables
from services.matching.rounds.why import why_left_out

Made = list[tuple[Demand, Supply, int]]


def decide_round(round_: Round, *, seed: int = 0) -> Result:
    """Decide a round; the order in which people are given does not matter.

    Raises TooManyPairs for a round that is too large, NotOptimal for a defect of the solver.
    """
    table = tables(round_)
    decided, near = _decided(table, round_, seed)
    made = _made(table, decided.given)
    _check(round_, made)
    left = tuple(LeftOut(table.demands[row], why_left_out(table, row, near[row]), near[row]) for row in near)
    return Result(
        pairs=tuple(Pair(demand, supply, score, parts_of(demand, supply)) for demand, supply, score in made),
        left_out=left,
        fairness=report(table.demands, table.supplies, made, _effect(table, decided, made)),
        remedies=remedies(table, decided.given),
        changes=_changes(round_, made, left),
        seed=seed,
    )


def _decided(table: Tables, round_: Round, seed: int) -> tuple[Decided, dict[int, Nearest | None]]:
    """The assignment and what was nearest to it. The pairs, most of the memory, are let go before the rest."""
    pairs, scores = candidates(table)
    # Nothing is decided about a pinned pair, and the worst-off of the others is not to be measured by it.
    scores = (
        np.where(table.pinned[pairs.row] == OUTSIDE, scores, np.int32(MILLION)) if round_.pinned else scores
    )
    luck = (
        luck_of(seed, "demand", [one.id for one in table.demands]),
        luck_of(seed, "supply", [one.id for one in table.supplies]),
    )
    kept = _kept(table, pairs, round_.kept_if_possible) if round_.kept_if_possible else None
    decided, cost = decide(pairs, scores, boroughs=table.boroughs[0], luck=luck, kept=kept)
    return decided, nearest(table, pairs, cost, decided.given, decided.optimum)


def _made(table: Tables, given: Index) -> Made:
    found = []
    for row, column in enumerate(given.tolist()):
        if column != OUTSIDE:
            demand, supply = table.demands[row], table.supplies[column]
            found.append((demand, supply, score_of(demand, supply)))
    return found


def _kept(table: Tables, pairs: Pairs, wanted: Iterable[tuple[str, str]]) -> Flags:
    """Which of the allowed pairs are in an earlier result."""
    column = {one.id: at for at, one in enumerate(table.supplies)}
    before = np.full(len(table.demands), OUTSIDE, dtype=np.int32)
    row = {one.id: at for at, one in enumerate(table.demands)}
    for demand, supply in wanted:
        if demand in row and supply in column:
            before[row[demand]] = column[supply]
    kept = np.zeros(len(pairs.column), dtype=np.bool_)
    for part, rows in pairs.blocks():
        kept[part] = pairs.column[part] == before[rows]
    return kept


def _check(round_: Round, made: Made) -> None:
    """No pair is forbidden and nobody has more than their places, by the rules as they are written for one pair."""
    listed: dict[tuple[str, str], Bar] = {}
    for one in round_.conflicts:
        at = one.demand_id, one.supply_id
        listed[at] = listed.get(at, Bar.NONE) | bar_of(one.why)
    load: dict[str, int] = {}
    for demand, supply, _ in made:
        at = demand.id, supply.id
        load[supply.id] = load.get(supply.id, 0) + 1
        found = bars(demand, supply, listed=listed.get(at, Bar.NONE), related_only=round_.related_only)
        if (found and at not in round_.excepted | round_.pinned) or load[supply.id] > supply.capacity:
            raise NotOptimal(f"{demand.id} and {supply.id} must not be a pair")


def _effect(table: Tables, decided: Decided, made: Made) -> Effect:
    without = _made(table, decided.unfair)
    return Effect(
        worst_without=min((score / MILLION for *_, score in without), default=None),
        worst=min((score / MILLION for *_, score in made), default=None),
        spread_without=spread(by_borough(table.demands, without)),
        spread=spread(by_borough(table.demands, made)),
        uneven_without=unevenness(decided.unfair, table.boroughs[0]) / MILLION,
        uneven=unevenness(decided.given, table.boroughs[0]) / MILLION,
        people_moved=int((decided.given != decided.unfair).sum()),
        evened=decided.evened,
    )


def _changes(round_: Round, made: Made, left: tuple[LeftOut, ...]) -> Changes | None:
    if not round_.kept_if_possible:
        return None
    return changes(
        round_.kept_if_possible,
        {demand.id: supply.id for demand, supply, _ in made},
        {one.demand.id: one.why for one in left},
    )
