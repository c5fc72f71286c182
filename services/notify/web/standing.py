"""How a match stands with whoever followed a link about it: what can be said now, and why something cannot. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from loti_contracts.events import Answer, Candidate, Match, Outcome
from loti_contracts.events.matches import OutcomeInBrief
from loti_contracts.vocabulary import authorities
from services.notify.letters.in_words import weekday
from services.notify.letters.wording import one_line

S = TypeVar("S", Answer, Outcome)

_HELP = {
    "recruiter": "a recruiter",
    "mentor": "a mentor",
    "university": "a university",
    "training": "a training provider",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A name and where it works."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`open`: it can be answered now. Else `title` and `words` explain why it cannot."""

    open: bool
    title: str = ""
    words: tuple[str, ...] = ()


OPEN = Standing(open=True)


@dataclass(frozen=True, slots=True)
class Said(Generic[S]):
    """An answer or an outcome as it is known last: its revision (0: there is none), when it was heard, and what it
    was, if that was said here."""

    revision: int = 0
    heard_at: datetime | None = None
    what: S | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One of a shortlist as it is shown."""

    supporter_id: str
    name: str
    organisation: str
    reasons: tuple[str, ...]


def asked_for(match: Match) -> str:
    """a mentor for a data engineer in Camden: what the request was."""
    role = f" for the role “{one_line(match.standard_role, 80)}”" if match.standard_role else ""
    borough = authorities().get(match.borough)
    return f"{_HELP[match.kind]}{role}{f' in {borough.name}' if borough else ''}"


def offers(match: Match, people: Mapping[str, Person]) -> tuple[Offer, ...]:
    """The shortlist, best first, each with its reasons, the weightiest first."""
    return tuple(_offer(one, people) for one in match.shortlist)


def answer_standing(
    match: Match, answer: Said[Answer], contact_id: str, people: Mapping[str, Person]
) -> Standing:
    """Whether that contact can answer the match now."""
    if contact_id != match.requester_contact_id:
        return Standing(
            False, "This is not yours to answer", ("Somebody else of your borough asks for this help now.",)
        )
    if match.accepted is not None and match.status == "accepted":
        return Standing(False, "This is settled", _accepted(match, match.accepted, people))
    if match.status == "declined":
        return Standing(
            False,
            "You declined",
            (
                f"You declined this shortlist{_on(match.answered_at)}.",
                "Nobody on it was told, and nobody is introduced.",
            ),
        )
    if match.status == "withdrawn":
        return Standing(False, *_gone(match))
    said_at = answer.what.stated_at if answer.what else answer.heard_at
    if said_at is not None and said_at >= match.proposed_at:
        return Standing(False, "We have your answer", _said(answer.what, match, people))
    return OPEN


def outcome_standing(match: Match, contact_id: str) -> Standing:
    """Whether that contact can say what came of the match now."""
    if match.accepted is None or match.status != "accepted":
        return Standing(
            False,
            "Nothing can have come of this yet",
            ("Nobody was introduced through this request, so there is nothing to tell.",),
        )
    if contact_id not in (match.requester_contact_id, match.accepted.contact_id):
        return Standing(
            False, "This is not yours to answer", ("You are not one of the two who were introduced.",)
        )
    return OPEN


def last_outcome(known: Said[Outcome], match: Match) -> Outcome | OutcomeInBrief | None:
    """What came of the match as far as is known: what was said here last, or what was recorded."""
    return known.what or match.outcome


def is_news(known: Said[Outcome], match: Match, result: str, note: str | None) -> bool:
    """Whether this says something that was not said before."""
    last = last_outcome(known, match)
    return last is None or (last.result, last.note) != (result, note)


def name_of(candidate: Candidate, people: Mapping[str, Person]) -> str:
    """Who it is, or what can be said instead."""
    person = people.get(candidate.contact_id)
    return one_line(person.name, 120) if person else "A supporter"


def _offer(one: Candidate, people: Mapping[str, Person]) -> Offer:
    person = people.get(one.contact_id)
    weighty = sorted(one.reasons, key=lambda reason: -reason.score * reason.weight)
    return Offer(
        supporter_id=one.supporter_id,
        name=name_of(one, people),
        organisation=one_line(person.organisation, 120) if person else "",
        reasons=tuple(one_line(reason.sentence) for reason in weighty if reason.score * reason.weight > 0),
    )


def _accepted(match: Match, accepted: Candidate, people: Mapping[str, Person]) -> tuple[str, ...]:
    chosen = f"You chose {name_of(accepted, people)}{_on(match.answered_at)}."
    after = (
        f"We introduced you to each other by email{_on(match.introduced_at)}."
        if match.introduced_at
        else "The email that introduces you to each other is on its way."
    )
    return chosen, after, "To choose differently, withdraw your request where you made it, and ask anew."


def _gone(match: Match) -> tuple[str, tuple[str, ...]]:
    why = (one_line(match.why),) if match.why else ()
    match match.stage:
        case "lapsed":
            return "This request has lapsed", (*why, "Ask for help anew, and we look again.")
        case "open":
            return "Nobody on this shortlist can help any more", (
                *why,
                "Your request is still open: we write to you as soon as somebody can.",
            )
        case _:
            return "This request was withdrawn", (*why, "Ask for help anew if you still need it.")


def _said(answer: Answer | None, match: Match, people: Mapping[str, Person]) -> tuple[str, ...]:
    if answer is None:
        return ("An answer to this shortlist came in another way, and is being worked on.",)
    if answer.answer == "declined":
        return "You declined this shortlist.", "Nobody on it was told, and nobody is introduced."
    chosen: Sequence[Candidate] = [one for one in match.shortlist if one.supporter_id == answer.supporter_id]
    name = name_of(chosen[0], people) if chosen else "one of the shortlist"
    return (
        f"You chose {name}.",
        "We introduce you to each other by email, usually within minutes. If they cannot help any more, we tell you "
        "so, and who else can.",
    )


def _on(moment: datetime | None) -> str:
    return f" on {weekday(moment)}" if moment else ""
