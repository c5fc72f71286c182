"""Every way to decide a small round, one after the other: slow, short, and written from the rules alone."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from services.matching.rounds.bars import Bar, bar_of, bars
from services.matching.rounds.people import Demand, Round, Supply
from services.matching.rounds.scoring import score_of

Way = Mapping[str, str]


def allowed(round_: Round, demand: Demand, supply: Supply) -> bool:
    """Whether nothing forbids a pair."""
    listed = Bar.NONE
    for one in round_.conflicts:
        if (one.supply_id, one.demand_id) == (supply.id, demand.id):
            listed |= bar_of(one.why)
    if (demand.id, supply.id) in round_.excepted | round_.pinned:
        return True
    return not bars(demand, supply, listed=listed, related_only=round_.related_only)


def ways(round_: Round) -> Iterator[Way]:
    """Every assignment of people to supporters that is allowed."""
    yield from _ways(round_, list(round_.demands), {}, {one.id: one.capacity for one in round_.supplies})


def _ways(round_: Round, waiting: list[Demand], made: dict[str, str], left: dict[str, int]) -> Iterator[Way]:
    if not waiting:
        yield dict(made)
        return
    first, rest = waiting[0], waiting[1:]
    to_be = {supply for demand, supply in round_.pinned if demand == first.id}
    if not to_be:
        yield from _ways(round_, rest, made, left)
    for supply in round_.supplies:
        if to_be and supply.id not in to_be:
            continue
        if left[supply.id] and allowed(round_, first, supply):
            after = {**left, supply.id: left[supply.id] - 1}
            yield from _ways(round_, rest, {**made, first.id: supply.id}, after)


def worth(round_: Round, way: Way) -> tuple[Fraction, ...]:
    """What is compared, one after the other: people matched, pairs kept, total score, the worst score of
    those that are free, evenness."""
    demands, supplies = {one.id: one for one in round_.demands}, {one.id: one for one in round_.supplies}
    scores = [score_of(demands[one], supplies[other]) for one, other in way.items()]
    free = [
        score_of(demands[one], supplies[other])
        for one, other in way.items()
        if (one, other) not in round_.pinned
    ]
    uneven = 0
    for borough in {one.borough for one in round_.demands}:
        of = sum(one.borough == borough for one in round_.demands)
        out = sum(one.borough == borough and one.id not in way for one in round_.demands)
        uneven += sum((2_000_000 * (2 * nth - 1) + of) // (2 * of) for nth in range(1, out + 1))
    return (
        Fraction(len(way)),
        Fraction(sum(pair in round_.kept_if_possible for pair in way.items())),
        Fraction(sum(scores)),
        Fraction(min(free, default=0)),
        Fraction(-uneven),
    )
