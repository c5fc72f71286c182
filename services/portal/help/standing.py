"""How a request stands: what has happened, what happens next, and what its borough can do now. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from loti_contracts.events import Match, Outcome, Request
from loti_contracts.events.answers import Answer
from loti_contracts.events.matches import OutcomeInBrief

Where = Literal[
    "looking",
    "nobody yet",
    "choose",
    "answered",
    "accepted",
    "introduced",
    "followed up",
    "ended",
    "declined",
    "lapsed",
    "withdrawn",
]
"""How far a request is, as its borough sees it."""

TAGS: Final[dict[Where, tuple[str, str]]] = {
    "looking": ("Looking", "blue"),
    "nobody yet": ("Nobody yet", "yellow"),
    "choose": ("To answer", "orange"),
    "answered": ("Answered", "blue"),
    "accepted": ("Accepted", "turquoise"),
    "introduced": ("Introduced", "green"),
    "followed up": ("Followed up", "green"),
    "ended": ("Ended", "grey"),
    "declined": ("Declined", "grey"),
    "lapsed": ("Lapsed", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
}
"""What a list shows: the words and the colour of the tag."""

_STAGES: Final[dict[str, Where]] = {
    "open": "nobody yet",
    "proposed": "choose",
    "accepted": "accepted",
    "declined": "declined",
    "introduced": "introduced",
    "followed up": "followed up",
    "outcome": "ended",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What was heard of one request. Times are those at which it was said."""

    request: Request
    request_said_at: datetime
    match: Match | None = None
    match_said_at: datetime | None = None
    answer: Answer | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, and what can be done."""

    where: Where
    can_answer: bool = False
    can_change: bool = False
    can_ask_again: bool = False
    """Stated anew it is open again: it was withdrawn or declined, or it lapsed."""
    can_withdraw: bool = False
    can_tell: bool = False
    """What came of it."""

    @property
    def tag(self) -> tuple[str, str]:
        """Words and colour."""
        return TAGS[self.where]


def standing(known: Known) -> Standing:
    """How a request stands."""
    at = where(known)
    open_ = known.request.status == "open"
    accepted = known.match is not None and known.match.status == "accepted" and at != "withdrawn"
    return Standing(
        where=at,
        can_answer=at == "choose",
        can_change=open_ and at in ("looking", "nobody yet", "choose"),
        can_ask_again=at in ("withdrawn", "declined", "lapsed"),
        can_withdraw=open_ and at not in ("ended", "declined", "lapsed", "withdrawn"),
        can_tell=accepted,
    )


def where(known: Known) -> Where:
    """How far it is. What matching says of it may come after what was said here."""
    request, match = known.request, known.match
    if request.status == "withdrawn":
        finished = match is not None and _stage(match) == "ended"
        return "ended" if finished else "withdrawn"
    if match is None:
        return "looking"
    stage = _stage(match)
    if stage == "choose":
        return "answered" if _answers(known.answer, match) else "choose"
    if stage in ("withdrawn", "declined", "lapsed") and _stated_since(known):
        return "looking"
    return stage


def taken_meanwhile(known: Known) -> str | None:
    """Why whom the borough accepted cannot help any more; None where that is not so."""
    match, answer = known.match, known.answer
    if match is None or answer is None or answer.answer != "accepted" or _answers(answer, match):
        return None
    if match.status == "accepted":
        return None
    return next((one.why for one in match.left_out if one.supporter_id == answer.supporter_id), None)


def last_outcome(known: Known) -> Outcome | OutcomeInBrief | None:
    """What came of it as far as is known: what was said last, or what was recorded."""
    recorded = known.match.outcome if known.match else None
    if known.outcome and recorded and recorded.stated_at > known.outcome.stated_at:
        return recorded
    return known.outcome or recorded


def _stage(match: Match) -> Where:
    return _STAGES[match.stage or match.status]


def _answers(answer: Answer | None, match: Match) -> bool:
    """Whether this shortlist was answered, and nothing was heard of that yet."""
    if answer is None:
        return False
    if answer.match_revision is not None:
        return match.revision <= answer.match_revision
    return answer.stated_at >= match.proposed_at


def _stated_since(known: Known) -> bool:
    return known.match_said_at is not None and known.request_said_at > known.match_said_at
