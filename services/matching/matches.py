"""What becomes of an open request: proposed, proposed anew, unmatched, lapsed, withdrawn.

(What it is answered is in `answers`, what follows from an acceptance in `course`.) Each function takes a case as it
was and gives it back as it is now, or None when there is nothing new to say.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from loti_contracts.events import (
    Match,
)
from services.matching.cases import Case, SupportPack, match_id, next_revision
from services.matching.names import day
from services.matching.shortlist import Shortlist

_SAYS = ("kind", "purpose", "stage", "borough", "requester_contact_id", "standard_role", "note", "round_id")
SAME_WITHIN = 0.05
"""A shortlist of the same supporters in the same order is not said again while no score moved by this much."""
UNANSWERED_DAYS = 30
"""After how many days a shortlist that nobody answers lapses, where the settings say nothing else."""


def closed(case: Case, *, now: datetime, unanswered_days: int = UNANSWERED_DAYS) -> Case | None:
    """The case withdrawn or lapsed, if nobody needs to be looked for any more and that was not yet said."""
    if case.request.status == "withdrawn":
        if case.match is None or case.stage == "withdrawn" or case.finished:
            return None
        return _ended(case, "withdrawn", "The borough withdrew its request.", now=now)
    why = None if case.settled else lapses_because(case, now=now, unanswered_days=unanswered_days)
    if why is None:
        return None
    return replace(_ended(case, "lapsed", why, now=now), settled_revision=case.request.revision)


def lapses_because(case: Case, *, now: datetime, unanswered_days: int) -> str | None:
    """Why an open request lapses now; None when it does not."""
    need_by, since = case.request.need_by, case.match.first_proposed_at if case.match else None
    if need_by is not None and need_by < now.date():
        return f"The need-by date, {day(need_by)}, has passed."
    stated_since = case.said_revision != case.request.revision
    if case.stage != "proposed" or since is None or stated_since:
        return None
    if now < since + timedelta(days=unanswered_days):
        return None
    return f"Nobody has answered the shortlist within {unanswered_days} days."


def reconsider(
    case: Case, found: Shortlist, *, now: datetime, pack: SupportPack | None = None
) -> Case | None:
    """The case after a fresh look at who could help; only for an open request that nobody is accepted for.

    Whether there is news does not depend on the support pack.
    """
    if case.settled or case.request.status == "withdrawn":
        return None
    if not found.candidates:
        same = case.stage == "open" and case.said_revision == case.request.revision
        return None if same else unmatched(case, found, now=now)
    after = proposed(case, found, pack=pack or SupportPack(), now=now)
    return None if _says_the_same(case, after) else after


def proposed(case: Case, found: Shortlist, *, pack: SupportPack, now: datetime) -> Case:
    """The case with this shortlist proposed."""
    since = case.match.first_proposed_at if case.match else None
    unbroken = (
        case.match is not None
        and case.stage == "proposed"
        and case.said_revision == case.request.revision
        and case.match.round_id == found.round_id
    )
    match = _match(
        case,
        now=now,
        status="proposed",
        stage="proposed",
        shortlist=found.candidates,
        left_out=found.left_out,
        left_out_counts=found.counts,
        benchmark=pack.benchmark,
        similar_roles=pack.similar_roles,
        first_proposed_at=since if unbroken else now,
        round_id=found.round_id,
    )
    latest = {candidate.supporter_id: candidate for candidate in (*case.offered, *found.candidates)}
    return replace(case, match=match, offered=tuple(latest.values()), said_revision=case.request.revision)


def unmatched(case: Case, found: Shortlist, *, now: datetime) -> Case:
    """The case with nobody who can help, and why not."""
    match = _match(
        case,
        now=now,
        status="withdrawn",
        stage="open",
        left_out=found.left_out,
        left_out_counts=found.counts,
    )
    return replace(case, match=match, said_revision=case.request.revision)


def _ended(case: Case, stage: str, why: str, *, now: datetime) -> Case:
    match = _match(case, now=now, status="withdrawn", stage=stage, why=why)
    if case.match is not None:
        match = match.model_copy(update={"proposed_at": case.match.proposed_at})
    return replace(case, match=match, said_revision=case.request.revision)


def _match(case: Case, *, now: datetime, **said: Any) -> Match:
    """What the request says, and what is said of it."""
    request = case.request
    return Match.model_validate(
        {
            "id": match_id(request.id),
            "revision": next_revision(case),
            "request_id": request.id,
            "kind": request.kind,
            "purpose": request.purpose,
            "borough": request.borough,
            "requester_contact_id": request.contact_id,
            "standard_role": request.standard_role,
            "note": request.note,
            "shortlist": (),
            "proposed_at": now,
            **said,
        }
    )


def _says_the_same(case: Case, after: Case) -> bool:
    """Whether there is no news: the same supporters in the same order, and no score far from what was said.

    A request that was stated anew is news as soon as anything differs.
    """
    one, other = case.match, after.match
    if one is None or other is None or any(getattr(one, name) != getattr(other, name) for name in _SAYS):
        return False
    if case.said_revision != case.request.revision:
        return one.shortlist == other.shortlist
    return _people(one) == _people(other) and all(
        abs(before.score - now.score) < SAME_WITHIN
        for before, now in zip(one.shortlist, other.shortlist, strict=True)
    )


def _people(match: Match) -> list[tuple[str, str]]:
    return [(one.supporter_id, one.contact_id) for one in match.shortlist]
