"""A case: one request with its match, and what is remembered beside it."""

import uuid
from dataclasses import dataclass

from loti_contracts.events import BenchmarkInBrief, Candidate, Match, Request, SimilarRole

_MATCHES = uuid.UUID("5f0c2a5e-6d0e-5c39-9b7e-0f4f2a1f7a55")


@dataclass(frozen=True, slots=True)
class SupportPack:
    """What goes to the borough with a shortlist of recruiters."""

    benchmark: BenchmarkInBrief | None = None
    similar_roles: tuple[SimilarRole, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a supporter keeps for a request since a round was published, until it is answered or falls away."""

    round_id: str
    request_revision: int
    """The round gave it to the request as it was then; stated anew, it is looked after as any other."""
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Case:
    """One request with its match, if there ever was one, and what is remembered beside it."""

    request: Request
    match: Match | None = None
    offered: tuple[Candidate, ...] = ()
    """Everyone ever proposed for this request, as last proposed: a borough may answer an older shortlist."""
    settled_revision: int | None = None
    """The revision of the request that was declined, accepted or lapsed last."""
    said_revision: int | None = None
    """The revision of the request that the match was last said for."""
    place: Place | None = None
    """What a round gave the request, while it is kept."""

    @property
    def stage(self) -> str | None:
        """How far the match is; None when there never was one."""
        return self.match.stage or self.match.status if self.match else None

    @property
    def accepted(self) -> bool:
        """Whether somebody was accepted, whatever has followed."""
        return self.match is not None and self.match.status == "accepted"

    @property
    def finished(self) -> bool:
        """Whether the outcome is known, so that the supporter is free again."""
        outcome = self.match.outcome if self.match else None
        return self.accepted and outcome is not None and outcome.result != "ongoing"

    @property
    def settled(self) -> bool:
        """Whether nobody needs to be looked for: accepted; or declined or lapsed, and not stated anew since."""
        if self.stage in ("declined", "lapsed"):
            return self.request.revision <= (self.settled_revision or 0)
        return self.accepted


def match_id(request_id: str) -> str:
    """The id of the match of a request, the same for ever."""
    return str(uuid.uuid5(_MATCHES, request_id))


def next_revision(case: Case) -> int:
    """The revision of the match that is said next."""
    return case.match.revision + 1 if case.match else 1
