"""Whether a request can take part in a round at all."""

from datetime import datetime

from services.matching.cases import Case
from services.matching.matches import lapses_because
from services.matching.names import named


def why_not_now(case: Case, *, kind: str, now: datetime, unanswered_days: int) -> str | None:
    """Why a request cannot take part in a round of that kind; None when it can."""
    request = case.request
    if request.kind != kind:
        return f"Asks for {named(request.kind)}; the round is for those who ask for {named(kind)}."
    if request.status == "withdrawn":
        return "The borough withdrew its request."
    if case.accepted:
        return "The borough has accepted somebody for it already."
    if case.settled:
        return f"It was {case.stage} and has not been stated anew since."
    if case.place is not None:
        return f"Round {case.place.round_id} gave it a supporter, and it has not answered yet."
    return lapses_because(case, now=now, unanswered_days=unanswered_days)
