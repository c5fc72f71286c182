"""A round's result in the words of the contract.

People are called `request ID` and `supporter ID`: whoever knows their names can put them in.
"""

from collections.abc import Iterable, Sequence

from loti_contracts.events import (
    BoroughsShare,
    NotPaired,
    RoundFairness,
    RoundPair,
    SupportersLoad,
)
from services.matching.asked_rounds.reasons import reasons
from services.matching.rounds.changes import changes
from services.matching.rounds.fairness import Fairness
from services.matching.rounds.result import LeftOut, Pair, Result
from services.matching.rounds.scoring import MILLION
from services.matching.rounds.why import would_have

Two = tuple[str, str]


def pairs(result: Result, *, wanted: frozenset[Two]) -> tuple[RoundPair, ...]:
    """Who is brought together, and why."""
    return tuple(_pair(one, wanted) for one in result.pairs)


def not_paired(result: Result) -> tuple[NotPaired, ...]:
    """Who is left out, and why."""
    return tuple(_left_out(one) for one in result.left_out)


def fairness(found: Fairness) -> RoundFairness:
    """The figures of a round."""
    effect = found.effect
    return RoundFairness(
        people=found.people,
        paired=found.matched,
        total_score=found.total_score,
        mean_score=found.mean_score,
        worst=effect.worst,
        worst_without=effect.worst_without,
        spread=effect.spread,
        spread_without=effect.spread_without,
        people_moved=effect.people_moved,
        boroughs=tuple(
            BoroughsShare(
                borough=one.borough, people=one.people, paired=one.matched, mean_score=one.mean_score
            )
            for one in found.boroughs
        ),
        loads=tuple(
            SupportersLoad(supporter_id=one.id, given=given, places=one.capacity) for one, given in found.load
        ),
    )


def remedies(result: Result) -> tuple[str, ...]:
    """What would let more people be paired."""
    out = len(result.left_out)
    found = [f"If {one.what}: {one.helped} more of the {out}." for one in result.remedies]
    if out and not result.fairness.load:
        return (f"There is no supporter in this round; it needs {out} places.",)
    return tuple(found)


def changed(before: Iterable[RoundPair], now: Sequence[RoundPair]) -> tuple[str, ...]:
    """What is different from the result before."""
    found = changes(
        ((one.request_id, one.supporter_id) for one in before),
        {one.request_id: one.supporter_id for one in now},
        {},
    )
    has = {one.request_id: one.supporter_id for one in now}
    said = [
        *(
            f"Request {one.demand}: supporter {one.now} in place of supporter {one.before}."
            for one in found.changed
        ),
        *(f"Request {one}: supporter {has[one]}; it had nobody." for one in found.new),
        *(f"Request {one.demand}: nobody; it had supporter {one.before}." for one in found.lost),
    ]
    return tuple(said) or ("Nothing: the pairs are the same as before.",)


def _pair(one: Pair, wanted: frozenset[Two]) -> RoundPair:
    return RoundPair(
        request_id=one.demand.id,
        supporter_id=one.supply.id,
        borough=one.demand.borough,
        score=one.score / MILLION,
        reasons=reasons(one.parts),
        wanted=(one.demand.id, one.supply.id) in wanted,
    )


def _left_out(one: LeftOut) -> NotPaired:
    near = would_have(one.demand, one.nearest) if one.nearest else None
    why = one.why.removesuffix(near).strip() if near else one.why
    return NotPaired(
        request_id=one.demand.id,
        borough=one.demand.borough,
        why=why[:1].upper() + why[1:],
        nearest=near[:1].upper() + near[1:] if near else None,
    )
