"""The course of a request in words: what happened when, and what happens next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from loti_contracts.events import Match
from services.portal.help.kinds import HELP, RESULTS
from services.portal.help.standing import Known, Where, last_outcome, where

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened (`at`), or is due (`on`), or neither: nobody knows when."""

    what: str
    at: datetime | None = None
    on: date | None = None
    words: str = ""

    @property
    def done(self) -> bool:
        """Whether it happened."""
        return self.at is not None


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next: a heading, and a paragraph each."""

    title: str
    words: Words


def next_of(known: Known, *, who: str | None) -> Next:
    """What happens next with a request. `who`: whom the borough accepted, as this visitor may call them."""
    at, match = where(known), known.match
    one = HELP[known.request.kind].one
    if at == "answered":
        return _answered(known, who)
    if at == "lapsed" and match is not None:
        return Next("This request has lapsed", (match.why or "Nobody answered in time.", _ANEW))
    if at == "choose" and match is not None:
        count = len(match.shortlist)
        title = f"Choose {'one of them' if count > 1 else 'whether to meet'}"
        return Next(title, ("Accept one, and an email puts you in touch.", _QUIET))
    if at in ("accepted", "introduced", "followed up", "ended") and match is not None:
        return _after(at, known, match, who or one)
    title, *words = _PLAIN[at]
    return Next(title.format(one=one), tuple(word.format(one=one) for word in words))


def next_for_supporter(known: Known) -> str:
    """What happens next, for whoever was accepted."""
    match where(known):
        case "accepted":
            return "The email that puts you in touch is on its way."
        case "ended":
            return "This has ended: you are free for others."
        case "withdrawn":
            return "The borough withdrew its request."
    return "Reply to all in the email that introduced you, and agree when to talk."


def steps(known: Known) -> Sequence[Step]:
    """The whole course, in order: what was, and then what is to come."""
    request, match = known.request, known.match
    found = [Step("Asked for help" if request.revision == 1 else "Asked for last", request.stated_at)]
    if match is None:
        return (*found, Step("Shortlist"))
    at = where(known)
    if match.first_proposed_at and match.first_proposed_at != match.proposed_at:
        found.append(Step("First shortlist", match.first_proposed_at))
    if match.shortlist:
        people = "1 person" if len(match.shortlist) == 1 else f"{len(match.shortlist)} people"
        found.append(Step("Shortlist made", match.proposed_at, words=people))
    elif at == "nobody yet":
        found.append(Step("Looked, and found nobody yet", match.proposed_at))
    if match.status != "accepted":
        ended = {"declined": "Declined", "lapsed": "Lapsed", "withdrawn": "Withdrawn"}.get(at)
        moment = match.answered_at if at == "declined" else known.match_said_at
        if at == "withdrawn" and request.status == "withdrawn":
            moment = request.stated_at
        return sorted([*found, *([Step(ended, moment)] if ended else [])], key=_when)
    found.append(Step("Accepted", match.answered_at))
    found.append(Step("Introduced by email", match.introduced_at))
    past = [
        Step("Asked how it went", one.asked_at, words=f"after {one.after}")
        for one in match.follow_ups
        if one.asked_at
    ]
    outcome = last_outcome(known)
    if outcome is not None:
        past.append(Step("Outcome told", outcome.stated_at, words=RESULTS[outcome.result]))
    if request.status == "withdrawn" and at == "withdrawn":
        past.append(Step("Withdrawn", request.stated_at))
    done = sorted([one for one in (*found, *past) if one.done], key=_when)
    return (*done, *[one for one in found if not one.done], *to_come(known))


def to_come(known: Known) -> tuple[Step, ...]:
    """The questions how it went that are still to be asked: none once it has ended, none before one that was asked."""
    match = known.match
    if match is None or where(known) in ("ended", "withdrawn"):
        return ()
    left: list[Step] = []
    for one in match.follow_ups:
        step = Step("LOTI asks how it went", on=one.due_on, words=f"after {one.after}")
        left = [] if one.asked_at else [*left, step]
    return tuple(left)


_QUIET: Final = "Nobody on this list is told before that, and the others hear nothing."
_ANEW: Final = "If you still need help, ask again: we look anew at once."
_PLAIN: Final[dict[Where, Words]] = {
    "looking": (
        "We are looking for {one}",
        "This usually takes seconds. The page shows who could help as soon as it is known, and whoever asked gets it by "
        "email.",
    ),
    "nobody yet": (
        "Nobody can help yet",
        "Your request stays open: as soon as somebody is listed or has time, whoever asked hears of it by email. Below "
        "is why those who are listed cannot help; changing what you ask for may help sooner.",
    ),
    "declined": (
        "The shortlist was declined",
        "Nobody on it was told, and nobody is introduced.",
        "If you still need help, ask again: change what you ask for, or rule out who does not fit.",
    ),
    "withdrawn": ("This request is withdrawn", "Nobody is looked for any more.", _ANEW),
}


def _answered(known: Known, who: str | None) -> Next:
    if known.answer is not None and known.answer.answer == "declined":
        return Next("The shortlist was declined", ("Nobody on it is told, and nobody is introduced.",))
    words = (
        "We introduce the two by email, usually within minutes. If whoever was chosen cannot help any more, this page "
        "says so, and who else can."
    )
    return Next(f"{_begun(who or 'one of the shortlist')} was accepted", (words,))


def _after(at: Where, known: Known, match: Match, who: str) -> Next:
    if at == "accepted":
        return Next(
            f"{_begun(who)} was accepted",
            (
                "The email that puts the two in touch is on its way, usually within minutes.",
                "LOTI asks how it went after two weeks, three months and six months.",
            ),
        )
    outcome = last_outcome(known)
    if at == "ended" and outcome is not None:
        words = f"{RESULTS[outcome.result]}."
        return Next(
            "This request has ended", (words, "If that changes, tell us. To ask for more help, ask anew.")
        )
    came = ""
    if outcome is not None:
        came = f"So far: {RESULTS[outcome.result][0].lower()}{RESULTS[outcome.result][1:]}."
    return Next(
        f"{_begun(who)} was introduced",
        tuple(filter(None, ("Reply to all in that email, and agree when to talk.", came, _TELL))),
    )


_TELL: Final = "You need not wait to be asked: say how it went whenever you like."


def _begun(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _when(step: Step) -> float:
    return step.at.timestamp() if step.at else float("inf")
