"""Introductions: whom an accepted match puts in touch, why, and what happens next. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from loti_contracts.events import Candidate, Match


class NobodyToIntroduce(ValueError):
    """The match says that it was accepted but not by two different contacts."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """One of the two, and why it gets the mail. The sentence names no person."""

    contact_id: str
    why: str


def introduced(match: Match) -> tuple[Introduced, Introduced]:
    """Who asked, and who can help. Raises NobodyToIntroduce."""
    supporter = chosen(match)
    if supporter.contact_id == match.requester_contact_id:
        raise NobodyToIntroduce(f"match {match.id} would introduce contact {supporter.contact_id} to itself")
    return (
        Introduced(
            match.requester_contact_id, f"You asked for {help_wanted(match)} and accepted this match."
        ),
        Introduced(
            supporter.contact_id,
            f"You offered to help, and a borough that asked for {help_wanted(match)} accepted.",
        ),
    )


def chosen(match: Match) -> Candidate:
    """Whom the borough chose. Raises NobodyToIntroduce."""
    if match.status != "accepted" or match.accepted is None:
        raise NobodyToIntroduce(f"match {match.id} is {match.status} and names nobody as accepted")
    return match.accepted


def help_wanted(match: Match) -> str:
    """`a recruiter`, `a university partner`, …"""
    return {
        "recruiter": "a recruiter",
        "mentor": "a mentor",
        "university": "a university partner",
        "training": "a training provider",
    }[match.kind]


def strongest_reasons(candidate: Candidate) -> list[str]:
    """The sentences of the reasons, what counted most first; a part that scored nothing is no reason."""
    counted = [reason for reason in candidate.reasons if reason.score > 0 and reason.sentence.strip()]
    return [reason.sentence for reason in sorted(counted, key=lambda r: -r.score * r.weight)]


def follow_ups(match: Match) -> tuple[date, date, date]:
    """When LOTI asks how it went: two weeks, three months and six months after the answer."""
    start = (match.answered_at or match.proposed_at).date()
    return start + timedelta(weeks=2), _months_after(start, 3), _months_after(start, 6)


def _months_after(start: date, months: int) -> date:
    """The same day so many months later, or that month's last where there is no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
