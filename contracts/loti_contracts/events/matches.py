"""Matches: who is proposed to whom, with the reasons, and what was answered."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Identifier, Model, Moment, Pence, State
from loti_contracts.events.requests import HelpKind
from loti_contracts.events.topics import MATCHES


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


class Match(State):
    """The shortlist for one request, and its answer."""

    request_id: Identifier
    kind: HelpKind
    status: Literal["proposed", "accepted", "declined", "withdrawn"]
    borough: GssCode
    requester_contact_id: Identifier
    standard_role: str | None = None
    note: str | None = None
    shortlist: Annotated[tuple[Candidate, ...], Field(description="Best first.")]
    left_out: tuple[LeftOut, ...] = ()
    benchmark: BenchmarkInBrief | None = None
    accepted: Annotated[Candidate | None, Field(description="Whom the borough chose.")] = None
    proposed_at: Moment
    answered_at: Moment | None = None


class _AboutMatch(Event):
    topic: ClassVar[str] = MATCHES.name
    about: ClassVar[str] = "match"
    match: Match


class MatchProposed(_AboutMatch):
    """A shortlist was made for a request, or made anew."""

    type: ClassVar[str] = "london.loti.match.proposed.v1"


class MatchAnswered(_AboutMatch):
    """The borough accepted one of the shortlist, or declined; an accepted match is an introduction."""

    type: ClassVar[str] = "london.loti.match.answered.v1"
