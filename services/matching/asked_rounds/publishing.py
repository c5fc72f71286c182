"""Whether the world is still as it was when staff looked at a result: each pair can still be, for the same reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from loti_contracts.events import Candidate, RoundPair, RoundResult
from services.matching.asked_rounds.reasons import reasons
from services.matching.asked_rounds.standing import why_not_now
from services.matching.asked_rounds.taking_part import demand_of, supply_of
from services.matching.cases import Case, Place
from services.matching.eligibility import bar
from services.matching.rounds.scoring import parts_of
from services.matching.supporter_now import SupporterNow

_TOLD = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """What time it is, and for how long (in months and days) what people said holds."""

    now: datetime
    fresh_for: int
    unanswered_days: int


def what_moved(
    result: RoundResult,
    cases: Mapping[str, Case],
    people: Mapping[str, SupporterNow],
    *,
    kind: str,
    by: Rules,
) -> str | None:
    """Why a result cannot be published any more, in words; None when it can, every pair of it.

    `cases` are by request, `people` by supporter.
    """
    given = Counter(pair.supporter_id for pair in result.pairs)
    moved = [
        f"Request {pair.request_id} and supporter {pair.supporter_id}: {why}"
        for pair in result.pairs
        if (
            why := _moved(
                pair,
                cases[pair.request_id],
                people[pair.supporter_id],
                others=given[pair.supporter_id] - 1,
                kind=kind,
                by=by,
            )
        )
    ]
    if not moved:
        return None
    more = f" And {len(moved) - _TOLD} more." if len(moved) > _TOLD else ""
    return (
        f"Of {len(result.pairs)} pairs {len(moved)} cannot be any more, so that nothing was published. "
        f"Run the round again. {' '.join(moved[:_TOLD])}{more}"
    )


def places(
    result: RoundResult, cases: Mapping[str, Case], people: Mapping[str, SupporterNow]
) -> Sequence[Place]:
    """What each supporter keeps for whom, in the order of the pairs."""
    return [
        Place(
            round_id=result.id,
            request_revision=cases[pair.request_id].request.revision,
            candidate=Candidate(
                supporter_id=pair.supporter_id,
                contact_id=people[pair.supporter_id].supporter.contact_id,
                score=pair.score,
                reasons=pair.reasons,
            ),
        )
        for pair in result.pairs
    ]


def _moved(
    pair: RoundPair, case: Case, now: SupporterNow, *, others: int, kind: str, by: Rules
) -> str | None:
    """`others`: for how many more people of the round the supporter is to keep a place."""
    why = why_not_now(case, kind=kind, now=by.now, unanswered_days=by.unanswered_days)
    if why is not None:
        return why
    found = bar(
        case.request, replace(now, kept=now.kept + others), today=by.now.date(), fresh_for=by.fresh_for
    )
    if found is not None:
        return found.sentence
    parts = parts_of(demand_of(case.request), supply_of(now.supporter, 0))
    if reasons(parts) != pair.reasons:
        return "What they state is not what it was."
    return None
