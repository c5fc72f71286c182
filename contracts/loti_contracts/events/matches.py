"""Matches: who is proposed to whom, with the reasons, and what was answered."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Model, Moment, Pence, State
from loti_contracts.events.outcomes import Result
from loti_contracts.events.requests import HelpKind, Purpose
from loti_contracts.events.topics import MATCHES

Stage = Literal[
    "open",
    "proposed",
    "accepted",
    "declined",
    "introduced",
    "followed up",
    "outcome",
    "withdrawn",
    "lapsed",
]
After = Literal["two weeks", "three months", "six months"]


class Reason(Model):
    """One weighted part of a score, with its sentence."""

    part: Annotated[str, Field(description="role fit, skill overlap, availability, …")]
    score: Annotated[float, Field(ge=0, le=1)]
    weight: Annotated[float, Field(ge=0, le=1)]
    sentence: str


class Candidate(Model):
    """A supporter on the shortlist."""

    supporter_id: Identifier
    contact_id: Identifier
    score: Annotated[float, Field(ge=0, le=1, description="The weighted sum of the parts.")]
    reasons: tuple[Reason, ...]


class LeftOut(Model):
    """A supporter who is not on the shortlist, and why not."""

    supporter_id: Identifier
    why: str


class LeftOutCount(Model):
    """How many were left out for one sort of reason."""

    why: str
    supporters: Annotated[int, Field(ge=1)]


class BenchmarkInBrief(Model):
    """The benchmark that goes with a recruitment request, in pence a year."""

    standard_role: str
    level: str
    area: str
    p25: Pence
    p50: Pence
    p75: Pence
    adverts: int
    boroughs: int


class SimilarRole(Model):
    """A role like the one that is to be filled, open on a borough's board when the shortlist was made."""

    role_id: Identifier
    title: str
    authorities: tuple[str, ...]
    level: str | None = None
    pay: Annotated[str | None, Field(description="As printed.")] = None
    closes_on: Day | None = None
    link: str | None = None


class FollowUp(Model):
    """A question how it went, some time after the introduction."""

    after: After
    due_on: Day
    asked_at: Annotated[Moment | None, Field(description="When it was said to be due; null: not yet.")] = None


class OutcomeInBrief(Model):
    """What came of the introduction, as it was stated last."""

    result: Result
    note: str | None = None
    stated_at: Moment
    recorded_at: Moment


class Match(State):
    """What becomes of one request: its shortlist, its answer, and what came of it.

    `stage` tells how far it is. `status` is the same in the four words of the first version: `withdrawn` stands for
    every match in which nobody is proposed or accepted, `accepted` for all that follows from an acceptance.
    """

    request_id: Identifier
    request_revision: Annotated[
        int | None, Field(ge=1, description="The revision of the request that it was last said for.")
    ] = None
    kind: HelpKind
    purpose: Purpose | None = None
    status: Literal["proposed", "accepted", "declined", "withdrawn"]
    stage: Annotated[Stage | None, Field(description="Null in what was said before there were stages.")] = (
        None
    )
    borough: GssCode
    requester_contact_id: Identifier
    standard_role: str | None = None
    note: str | None = None
    shortlist: Annotated[tuple[Candidate, ...], Field(description="Best first.")]
    left_out: Annotated[
        tuple[LeftOut, ...], Field(description="Those who came nearest to being proposed, nearest first.")
    ] = ()
    left_out_counts: Annotated[
        tuple[LeftOutCount, ...],
        Field(description="Everyone who is left out, by sort of reason; most first."),
    ] = ()
    benchmark: BenchmarkInBrief | None = None
    similar_roles: Annotated[
        tuple[SimilarRole, ...], Field(description="With a request for a recruiter: live roles like it.")
    ] = ()
    accepted: Annotated[Candidate | None, Field(description="Whom the borough chose.")] = None
    proposed_at: Annotated[Moment, Field(description="When this shortlist was made, or nobody was found.")]
    first_proposed_at: Annotated[
        Moment | None, Field(description="When the request, as it is stated now, was first proposed to.")
    ] = None
    answered_at: Moment | None = None
    introduced_at: Annotated[
        Moment | None, Field(description="When the mail that introduces the two was taken for delivery.")
    ] = None
    follow_ups: tuple[FollowUp, ...] = ()
    outcome: OutcomeInBrief | None = None
    why: Annotated[str | None, Field(description="Why it lapsed or was withdrawn, in words.")] = None
    round_id: Annotated[
        Identifier | None, Field(description="The round that brought the two on the shortlist together.")
    ] = None


class _AboutMatch(Event):
    topic: ClassVar[str] = MATCHES.name
    about: ClassVar[str] = "match"
    match: Match


class MatchProposed(_AboutMatch):
    """A shortlist was made for a request, or made anew."""

    type: ClassVar[str] = "london.loti.match.proposed.v1"


class MatchUnmatched(_AboutMatch):
    """Nobody can help with a request now, or any more; it stays open. `left_out` says why not."""

    type: ClassVar[str] = "london.loti.match.unmatched.v1"


class MatchAnswered(_AboutMatch):
    """The borough accepted one of the shortlist, or declined. (Withdrawn matches were once said so, too.)"""

    type: ClassVar[str] = "london.loti.match.answered.v1"


class MatchWithdrawn(_AboutMatch):
    """The borough withdrew its request, and with it the match."""

    type: ClassVar[str] = "london.loti.match.withdrawn.v1"


class MatchLapsed(_AboutMatch):
    """The request was not answered in time, or its need-by date passed. Stated anew, it is open again."""

    type: ClassVar[str] = "london.loti.match.lapsed.v1"


class MatchIntroduced(_AboutMatch):
    """The mail that introduces the two was taken for delivery."""

    type: ClassVar[str] = "london.loti.match.introduced.v1"


class FollowUpDue(_AboutMatch):
    """It is time to ask these contacts how it went."""

    type: ClassVar[str] = "london.loti.match.follow-up-due.v1"
    after: After
    contact_ids: tuple[Identifier, ...]


class OutcomeRecorded(_AboutMatch):
    """What came of an introduction is known, or known better."""

    type: ClassVar[str] = "london.loti.match.outcome-recorded.v1"
