"""Why two are a pair, as the contract says it. Apart from `telling`, so that who hears of rounds need not load the
solver's libraries."""

from collections.abc import Sequence

from loti_contracts.events import Reason
from services.matching.rounds.scoring import MILLION, Part


def reasons(parts: Sequence[Part]) -> tuple[Reason, ...]:
    """The parts of a score as the contract says them."""
    whole = sum(part.weight for part in parts)
    return tuple(
        Reason(
            part=part.name,
            score=part.score / MILLION,
            weight=round(part.weight / whole, 6),
            sentence=part.sentence,
        )
        for part in parts
    )
