"""A round from its facts to what is said of it: the same facts, the same words."""

from loti_contracts.events import RoundResult
from services.matching.asked_rounds import telling
from services.matching.asked_rounds.facts import Asked
from services.matching.asked_rounds.taking_part import CannotBe, taking_part
from services.matching.rounds.candidates import TooManyPairs
from services.matching.rounds.decide import decide_round


def decide(asked: Asked) -> RoundResult:
    """Decide a round; the order in which people are given does not matter.

    It is decided from the beginning each time, so that a result tells of the round as it stands and not of the way
    there. Raises NotOptimal for a defect of the solver.
    """
    try:
        people = taking_part(asked)
        result = decide_round(people.round, seed=asked.round.seed)
    except (CannotBe, TooManyPairs) as error:
        return refused(asked, str(error))
    pairs = telling.pairs(result, wanted=people.round.pinned)
    left_out = sorted((*telling.not_paired(result), *people.not_now), key=lambda one: one.request_id)
    return RoundResult(
        id=asked.round.id,
        revision=asked.revision,
        round_revision=asked.round.revision,
        status="proposed",
        pairs=pairs,
        not_paired=tuple(left_out),
        set_aside=tuple(sorted(people.set_aside, key=lambda one: one.supporter_id)),
        fairness=telling.fairness(result.fairness),
        remedies=telling.remedies(result),
        changes=telling.changed(asked.before.pairs, pairs) if asked.before else (),
        decided_at=asked.now,
    )


def refused(asked: Asked, why: str) -> RoundResult:
    """What is said of a round that cannot be decided."""
    return RoundResult(
        id=asked.round.id,
        revision=asked.revision,
        round_revision=asked.round.revision,
        status="refused",
        why=why,
        decided_at=asked.now,
    )
