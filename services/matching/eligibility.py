"""What forbids a pair. A barred supporter is never proposed, whatever they would score."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Request, Supporter
from loti_contracts.vocabulary import LEVELS
from services.matching.availability import Availability, availability, months_before, spans_of
from services.matching.names import borough_named, carries, day, key, listed, named, requests
from services.matching.supporter_now import SupporterNow

__all__ = ["SORTS", "Bar", "SupporterNow", "bar", "borough_named", "day", "named", "requests"]

FRESH_FOR = 6
"""Months for which what a supporter states holds, where the settings say nothing else."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a supporter must not be proposed: the sort of reason, one of SORTS, and its sentence."""

    sort: str
    sentence: str


def bar(request: Request, now: SupporterNow, *, today: date, fresh_for: int = FRESH_FOR) -> Bar | None:
    """Why this supporter must not be proposed for this request; None when nothing forbids it.

    `fresh_for`: for how many months what a supporter states holds.
    """
    given = _Pair(request, now.supporter, now, today, fresh_for)
    for sort, check in _CHECKS.items():
        sentence = check(given)
        if sentence is not None:
            return Bar(sort, sentence)
    return None


def sentence(
    sort: str, request: Request, now: SupporterNow, *, today: date, fresh_for: int = FRESH_FOR
) -> str:
    """The sentence of a bar of that sort. Raises ValueError where it does not hold."""
    found = _CHECKS[sort](_Pair(request, now.supporter, now, today, fresh_for))
    if found is None:
        raise ValueError(f"{now.supporter.id} is not barred from {request.id} because: {sort}")
    return found


@dataclass(frozen=True, slots=True)
class _Pair:
    request: Request
    supporter: Supporter
    now: SupporterNow
    today: date
    fresh_for: int

    def offered(self) -> Availability:
        return availability(self.request, self.supporter)


def _withdrawn(pair: _Pair) -> str | None:
    return "Has withdrawn from the list." if pair.supporter.status == "withdrawn" else None


def _kind(pair: _Pair) -> str | None:
    if pair.supporter.kind == pair.request.kind:
        return None
    return f"Is listed as {named(pair.supporter.kind)}; {named(pair.request.kind)} was asked for."


def _purpose(pair: _Pair) -> str | None:
    asked, offers = pair.request.purpose, pair.supporter.offers
    if asked is None or not offers or asked in offers:
        return None
    return f"Offers {listed(offers)} only; {asked} was asked for."


def _stale(pair: _Pair) -> str | None:
    stated = pair.now.stated_on
    if stated is None or stated >= months_before(pair.today, pair.fresh_for):
        return None
    return (
        f"Stated what they offer on {day(stated)} and has not renewed it since; "
        f"that holds for {pair.fresh_for} months."
    )


def _not_for(pair: _Pair) -> str | None:
    if pair.request.borough in pair.supporter.not_for:
        return f"Cannot or will not serve {borough_named(pair.request.borough)}."
    return None


def _own_borough(pair: _Pair) -> str | None:
    if pair.request.kind == "mentor" and pair.supporter.own_borough == pair.request.borough:
        return f"Works for {borough_named(pair.request.borough)} itself; a mentor comes from another borough."
    return None


def _not_wanted(pair: _Pair) -> str | None:
    return "The request rules them out." if pair.supporter.id in pair.request.not_supporters else None


def _borough_not_wanted(pair: _Pair) -> str | None:
    own = pair.supporter.own_borough
    if own is None or own not in pair.request.not_boroughs:
        return None
    return f"Works for {borough_named(own)}, which the request rules out."


def _level(pair: _Pair) -> str | None:
    own, least, person = pair.supporter.level, pair.request.minimum_level, pair.request.level
    if least is not None:
        if own is None:
            return f"Does not say how senior they are; {least} or above was asked for."
        if LEVELS.index(own) < LEVELS.index(least):
            return f"Is {own}; {least} or above was asked for."
    if pair.request.kind != "mentor" or own is None or person not in LEVELS:
        return None
    if LEVELS.index(own) > LEVELS.index(person):
        return None
    return f"Is {own}; a mentor is more senior than the person, who is {person}."


def _languages(pair: _Pair) -> str | None:
    spoken = set(map(key, pair.supporter.languages))
    lacks = [language for language in pair.request.languages if key(language) not in spoken]
    return f"Does not say that they speak {listed(lacks)}." if lacks else None


def _standard(pair: _Pair) -> str | None:
    asked = pair.request.apprenticeship_standard
    if asked is None or key(asked) in set(map(key, pair.supporter.standards)):
        return None
    return f"Does not offer the apprenticeship standard {asked}."


def has_students(supporter: Supporter) -> bool:
    """Whether a PhD student could be placed, as far as is said: no department, or one without a number, may."""
    return not supporter.departments or any(one.phd_students != 0 for one in supporter.departments)


def _students(pair: _Pair) -> str | None:
    if pair.request.purpose not in ("placement", "secondment") or has_students(pair.supporter):
        return None
    return "Has no PhD student to place at present."


def _dates(pair: _Pair) -> str | None:
    spans = spans_of(pair.supporter)
    if not spans:
        return "Is available on no day: each of the spans of days stated ends before it begins."
    to_come = [span for span in spans if span.last >= pair.today]
    if not to_come:
        return f"Was available until {day(spans[-1].last)} only."
    asked = pair.offered().wanted
    if asked.ends and to_come[0].first > asked.last:
        return f"Is not available before {day(to_come[0].first)}; help is needed by {day(asked.last)}."
    return None


def _capacity(pair: _Pair) -> str | None:
    return "Takes no requests at present." if pair.offered().capacity == 0 else None


def _load(pair: _Pair) -> str | None:
    load, kept, capacity = pair.now.load, pair.now.kept, pair.offered().capacity
    if load + kept < capacity:
        return None
    return f"Has no capacity left: {carries(load, kept)} and takes {capacity} at a time."


_CHECKS: Mapping[str, Callable[[_Pair], str | None]] = {
    "withdrawn from the list": _withdrawn,
    "listed for another kind of help": _kind,
    "does not offer what is asked for": _purpose,
    "has not renewed what they offer": _stale,
    "does not serve the borough": _not_for,
    "works for the borough itself": _own_borough,
    "ruled out by the request": _not_wanted,
    "works for a borough that the request rules out": _borough_not_wanted,
    "not senior enough": _level,
    "does not speak the language": _languages,
    "does not offer the apprenticeship standard": _standard,
    "has no PhD student to place": _students,
    "not available in time": _dates,
    "takes no requests": _capacity,
    "has no capacity left": _load,
}
SORTS = tuple(_CHECKS)
"""The sorts of bars in the order in which they are looked at; the first that holds is told."""
