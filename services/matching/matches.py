"""What becomes of a request: proposed, proposed anew, withdrawn. (What it is answered is in `answers`.)

Each function takes a case as it was and gives it back as it is now, or None when there is nothing new to say.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from loti_contracts.events import (
    Candidate,
    LeftOut,
    Match,
    MatchAnswered,
    MatchProposed,
    Request,
)
from services.matching.shortlist import Shortlist

LEFT_OUT_TOLD = 50
"""How many of those left out a match names, nearest first: a message has to fit into Kafka's mebibyte."""

_MATCHES = uuid.UUID("5f0c2a5e-6d0e-5c39-9b7e-0f4f2a1f7a55")
_SAYS = ("kind", "status", "borough", "requester_contact_id", "standard_role", "note", "shortlist")


@dataclass(frozen=True, slots=True)
class Case:
    """One request with its match, if there ever was one, and what is remembered beside it."""

    request: Request
    match: Match | None = None
    offered: tuple[Candidate, ...] = ()
    """Everyone ever proposed for this request, as last proposed: a borough may answer an older shortlist."""
    answered_revision: int | None = None
    """The revision of the request that was answered last."""

    @property
    def status(self) -> str | None:
        """The status of the match; None when there never was one."""
        return self.match.status if self.match else None

    @property
    def settled(self) -> bool:
        """Whether nobody needs to be looked for: accepted, or declined and not stated anew since."""
        if self.status == "declined":
            return self.request.revision <= (self.answered_revision or 0)
        return self.status == "accepted"


def match_id(request_id: str) -> str:
    """The id of the match of a request, the same for ever."""
    return str(uuid.uuid5(_MATCHES, request_id))


def reconsider(case: Case, found: Shortlist, *, now: datetime) -> Case | None:
    """The case after a fresh look at who could help."""
    if case.request.status == "withdrawn":
        return withdrawn(case) if case.status not in (None, "withdrawn") else None
    if case.settled:
        return None
    if not found.candidates:
        return withdrawn(case, found.left_out) if case.status not in (None, "withdrawn") else None
    after = proposed(case, found, now=now)
    return None if case.match and after.match and _says_the_same(case.match, after.match) else after


def announcement(before: Match | None, after: Match) -> MatchProposed | MatchAnswered:
    """What is said of a match that is new or different.

    The contract has no event of its own for a withdrawn match; it goes as an answer, since whoever hears
    answers looks at their status already.
    """
    fields = [name for name in Match.model_fields if name != "revision"]
    changed = tuple(name for name in fields if before and getattr(before, name) != getattr(after, name))
    event = MatchProposed if after.status == "proposed" else MatchAnswered
    return event(match=after, changed=changed)


def proposed(case: Case, found: Shortlist, *, now: datetime) -> Case:
    """The case with this shortlist proposed."""
    request = case.request
    match = Match(
        id=match_id(request.id),
        revision=next_revision(case),
        request_id=request.id,
        kind=request.kind,
        status="proposed",
        borough=request.borough,
        requester_contact_id=request.contact_id,
        standard_role=request.standard_role,
        note=request.note,
        shortlist=found.candidates,
        left_out=found.left_out[:LEFT_OUT_TOLD],
        proposed_at=now,
    )
    latest = {candidate.supporter_id: candidate for candidate in (*case.offered, *found.candidates)}
    return replace(case, match=match, offered=tuple(latest.values()))


def withdrawn(case: Case, left_out: tuple[LeftOut, ...] = ()) -> Case:
    """The case with its match taken back: the request was withdrawn, or nobody can help any more."""
    assert case.match is not None  # noqa: S101 - only a match that was proposed is withdrawn
    match = case.match.model_copy(
        update={
            "revision": next_revision(case),
            "status": "withdrawn",
            "shortlist": (),
            "left_out": left_out[:LEFT_OUT_TOLD],
            "accepted": None,
            "benchmark": None,
        }
    )
    return replace(case, match=match)


def next_revision(case: Case) -> int:
    """The revision of the match that is said next."""
    return case.match.revision + 1 if case.match else 1


def _says_the_same(one: Match, other: Match) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SAYS)
