"""What a borough answers to its match, and what becomes of the match then."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from loti_contracts.events import Answer, Candidate, LeftOut
from services.matching.cases import Case, SupportPack, next_revision
from services.matching.matches import proposed, unmatched
from services.matching.shortlist import TOLD, Shortlist


class CannotBe(ValueError):
    """A statement that can never be right; the text says what is wrong and what to do."""


def answer(
    case: Case,
    said: Answer,
    *,
    barred: str | None,
    found: Shortlist,
    pack: SupportPack,
    now: datetime,
) -> Case | None:
    """The case after the borough's answer.

    `barred` says why the supporter whom the answer names cannot help any more, if that is so; `found` is the
    shortlist as it would be now. Raises CannotBe.
    """
    match = case.match
    if match is None:
        raise CannotBe(f"match {said.id} was never proposed; state the request before it is answered")
    if match.accepted is not None and case.accepted:
        if said.answer == "accepted" and said.supporter_id == match.accepted.supporter_id:
            return None
        raise CannotBe(
            f"match {said.id} is accepted with supporter {match.accepted.supporter_id}, who has been introduced; "
            "withdraw the request and state it anew to choose differently"
        )
    if said.answer == "declined":
        return _answered(case, "declined", None, pack, now) if case.stage == "proposed" else None
    candidate = _candidate_named(case, said)
    if barred is not None:
        return _told(case, found, LeftOut(supporter_id=candidate.supporter_id, why=barred), pack, now)
    return _answered(case, "accepted", candidate, pack, now)


def _candidate_named(case: Case, said: Answer) -> Candidate:
    if case.request.status == "withdrawn":
        raise CannotBe(f"match {said.id} is withdrawn with its request; state the request anew first")
    if said.supporter_id is None:
        raise CannotBe(f"match {said.id} is accepted without a supporter_id; name one of its shortlist")
    for candidate in case.offered:
        if candidate.supporter_id == said.supporter_id:
            return candidate
    raise CannotBe(
        f"supporter {said.supporter_id} was never on the shortlist of match {said.id}; name one who is"
    )


def _answered(
    case: Case,
    status: Literal["accepted", "declined"],
    accepted: Candidate | None,
    pack: SupportPack,
    now: datetime,
) -> Case:
    assert case.match is not None  # noqa: S101 - only a match is answered
    after = case.match.model_copy(
        update={
            "revision": next_revision(case),
            "status": status,
            "stage": status,
            "accepted": accepted,
            "benchmark": pack.benchmark if accepted else None,
            "similar_roles": pack.similar_roles if accepted else (),
            "answered_at": now,
            "why": None,
        }
    )
    return replace(
        case, match=after, settled_revision=case.request.revision, said_revision=case.request.revision
    )


def _told(case: Case, found: Shortlist, why_not: LeftOut, pack: SupportPack, now: datetime) -> Case:
    """Whom the borough chose was taken or left meanwhile: it hears so at once, with who else could help."""
    others = tuple(one for one in found.left_out if one.supporter_id != why_not.supporter_id)
    fresh = replace(found, left_out=(why_not, *others)[:TOLD])
    if found.candidates:
        return proposed(case, fresh, pack=pack, now=now)
    return unmatched(case, fresh, now=now)
