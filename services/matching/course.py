"""The course of an accepted match: introduced, followed up, and what came of it.

Each function takes a case as it was and gives it back as it is now, or None when there is nothing new to say. The
facts may come in any order; the stage follows from them.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from loti_contracts.events import (
    After,
    FollowUp,
    FollowUpDue,
    HelpKind,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    Notification,
    Outcome,
    OutcomeInBrief,
    OutcomeRecorded,
    Result,
    Stage,
)
from services.matching.answers import CannotBe
from services.matching.cases import Case, next_revision

SUCCESSES: Mapping[HelpKind, tuple[Result, ...]] = {
    "recruiter": ("hired", "advised"),
    "mentor": ("mentored", "advised"),
    "university": ("placed", "hired", "advised"),
    "training": ("enrolled", "advised"),
}
"""What counts as a good end, by whom was asked."""

Announcement = (
    MatchUnmatched
    | MatchProposed
    | MatchAnswered
    | MatchWithdrawn
    | MatchLapsed
    | MatchIntroduced
    | FollowUpDue
    | OutcomeRecorded
)
_SAID: Mapping[str, type[MatchUnmatched | MatchProposed | MatchAnswered | MatchWithdrawn | MatchLapsed]] = {
    "open": MatchUnmatched,
    "proposed": MatchProposed,
    "accepted": MatchAnswered,
    "declined": MatchAnswered,
    "withdrawn": MatchWithdrawn,
    "lapsed": MatchLapsed,
}


def results_for(kind: HelpKind) -> tuple[Result, ...]:
    """What may come of an introduction to that kind of supporter."""
    return (*SUCCESSES[kind], "ongoing", "nothing")


def introduced(case: Case, told: Notification) -> Case | None:
    """The case once the mail of the introduction was taken for delivery: one mail goes to both, so that the first of
    the two notifications says it for both. Follow-ups fall due from the day of the answer, as that mail says."""
    match = case.match
    if match is None or not case.accepted or match.accepted is None or match.introduced_at is not None:
        return None
    if told.sent_at is None or told.contact_id not in (match.requester_contact_id, match.accepted.contact_id):
        return None
    start = (match.answered_at or told.sent_at).date()
    return _moved_on(case, introduced_at=told.sent_at, follow_ups=_follow_ups(start))


def to_ask(match: Match) -> tuple[FollowUp, ...]:
    """The questions how it went that are still to be asked: none once it has ended, none before one that was asked."""
    if match.status != "accepted" or succeeded(match) is not None:
        return ()
    left: list[FollowUp] = []
    for one in match.follow_ups:
        left = [] if one.asked_at is not None else [*left, one]
    return tuple(left)


def follow_up_due(match: Match, *, today: date) -> After | None:
    """Which question how it went is to be asked now; of several that are overdue, the last."""
    due = [one.after for one in to_ask(match) if one.due_on <= today]
    return due[-1] if due else None


def followed_up(case: Case, *, now: datetime) -> Case | None:
    """The case with the follow-up that is due asked."""
    due = follow_up_due(case.match, today=now.date()) if case.match else None
    if case.match is None or due is None:
        return None
    asked = tuple(
        one.model_copy(update={"asked_at": now}) if one.after == due else one for one in case.match.follow_ups
    )
    return _moved_on(case, follow_ups=asked)


def ended(case: Case, said: Outcome, *, now: datetime) -> Case | None:
    """The case with its outcome. Raises CannotBe."""
    match = case.match
    if match is None or not case.accepted:
        raise CannotBe(
            f"match {said.id} is {case.stage or 'unknown'}: nobody was accepted, so nothing can have come of it; "
            "correct the match id"
        )
    allowed = results_for(match.kind)
    if said.result not in allowed:
        raise CannotBe(
            f"match {said.id} is with a {match.kind}; its result may be {', '.join(allowed)}, not {said.result}"
        )
    if match.outcome and (match.outcome.result, match.outcome.note) == (said.result, said.note):
        return None
    brief = OutcomeInBrief(result=said.result, note=said.note, stated_at=said.stated_at, recorded_at=now)
    return _moved_on(case, outcome=brief)


def succeeded(match: Match) -> bool | None:
    """Whether the introduction ended well; None while it has not ended."""
    if match.outcome is None or match.outcome.result == "ongoing":
        return None
    return match.outcome.result in SUCCESSES[match.kind]


def announcement(before: Match | None, after: Match) -> Announcement:
    """What is said of a match that is new or different."""
    fields = [name for name in Match.model_fields if name not in ("revision", "request_revision")]
    changed = tuple(name for name in fields if before and getattr(before, name) != getattr(after, name))
    if before is not None and before.status == after.status == "accepted":
        if "introduced_at" in changed:
            return MatchIntroduced(match=after, changed=changed)
        if "follow_ups" in changed:
            return _asking(before, after, changed)
        if changed == ("note",):
            return MatchAnswered(match=after, changed=changed)
        return OutcomeRecorded(match=after, changed=changed)
    return _SAID[after.stage or after.status](match=after, changed=changed)


def _asking(before: Match, after: Match, changed: tuple[str, ...]) -> FollowUpDue:
    asked = {one.after for one in before.follow_ups if one.asked_at}
    (new,) = (one.after for one in after.follow_ups if one.asked_at and one.after not in asked)
    helps = [after.accepted.contact_id] if after.accepted else []
    return FollowUpDue(
        match=after, changed=changed, after=new, contact_ids=(after.requester_contact_id, *helps)
    )


def _moved_on(case: Case, **facts: Any) -> Case:
    assert case.match is not None  # noqa: S101 - only a match moves on
    match = case.match.model_copy(update={**facts, "revision": next_revision(case)})
    return replace(case, match=match.model_copy(update={"stage": _stage(match)}))


def _stage(match: Match) -> Stage:
    if succeeded(match) is not None:
        return "outcome"
    if any(one.asked_at for one in match.follow_ups):
        return "followed up"
    return "introduced" if match.introduced_at else "accepted"


def _follow_ups(start: date) -> tuple[FollowUp, ...]:
    return (
        FollowUp(after="two weeks", due_on=start + timedelta(weeks=2)),
        FollowUp(after="three months", due_on=_months_after(start, 3)),
        FollowUp(after="six months", due_on=_months_after(start, 6)),
    )


def _months_after(start: date, months: int) -> date:
    """The same day so many months later, or that month's last where there is no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
