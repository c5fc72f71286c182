"""Ten thousand supporters judged at once: the same bars and scores as `eligibility` and `fit` give one by one.

Sentences are not written here: whoever needs one asks `eligibility.bar` or `fit.fit` for that supporter alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from loti_contracts.events import Request
from loti_contracts.vocabulary import LEVELS
from services.matching.availability import months_before, wanted
from services.matching.candidates import Candidates, Flags, Real, Whole, lot
from services.matching.eligibility import SORTS
from services.matching.fit import Weights, shares_of
from services.matching.names import family_of, key
from services.matching.parts import NO_PREFERENCE, SAME_FAMILY, SAME_ROLE, skills_wanted

ELIGIBLE = -1


@dataclass(frozen=True, slots=True)
class Judged:
    """What each row of the candidates is for a request."""

    bars: Whole
    """Index into SORTS of the first bar that holds; ELIGIBLE where none does."""
    scores: Real
    related: Flags
    """Whether role, skill or standard fits, or none was asked for."""
    draws: np.typing.NDArray[np.uint64]
    """The order among equals: another for each request, so that nobody always wins."""


def judge(request: Request, people: Candidates, *, today: date, weights: Weights, fresh_for: int) -> Judged:
    """Bars, scores and draws of everybody for this request."""
    days, capacity, _ = _days(request, people, today)
    asked = _parts(request, people, days, capacity)
    shares = shares_of(weights, asked)
    scores: Real = np.zeros(len(capacity))
    for name, part in asked.items():
        scores += shares[name] * part
    scores = np.minimum(1.0, np.floor(scores * 1e6 + 0.5) / 1e6)
    fits = [asked[name] > 0 for name in ("role fit", "skill overlap") if name in asked]
    related = np.logical_or.reduce(fits) if fits else np.ones(len(capacity), np.bool_)
    if request.apprenticeship_standard is not None:
        related = np.ones(len(capacity), np.bool_)
    bars: Whole = np.full(len(capacity), ELIGIBLE, np.int64)
    found, _ = bars_of(request, people, today=today, fresh_for=fresh_for)
    for sort in reversed(SORTS):
        bars[found[sort]] = SORTS.index(sort)
    return Judged(bars, scores, related, draws(request, people))


def draws(request: Request, people: Candidates) -> np.typing.NDArray[np.uint64]:
    """Each row's draw for this request."""
    return _mixed(people.column("draw") ^ np.uint64(lot(request.id)))


def drawn(request_id: str, supporter_id: str) -> int:
    """One supporter's draw for a request."""
    return int(_mixed(np.array([lot(supporter_id) ^ lot(request_id)], np.uint64))[0])


def _mixed(lots: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    mixed = (lots ^ (lots >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _days(request: Request, people: Candidates, today: date) -> tuple[Whole, Whole, Flags]:
    """Of each row: how many of the wanted days it offers, its capacity then, and whether it is too late or gone."""
    asked = wanted(request)
    first, last, capacity = people.spans()
    overlap = np.minimum(last, asked.last.toordinal()) - np.maximum(first, asked.first.toordinal()) + 1
    np.maximum(overlap, 0, out=overlap)
    days = overlap.sum(axis=1)
    most = np.where(overlap > 0, capacity, -1).max(axis=1, initial=-1)
    usual: Whole = np.where(most >= 0, most, people.column("capacity"))
    to_come = last >= today.toordinal()
    begins = np.where(to_come, first, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    late: Flags = np.logical_not(to_come.any(axis=1))
    if asked.ends:
        late |= begins > asked.last.toordinal()
    return days, usual, late


def bars_of(
    request: Request, people: Candidates, *, today: date, fresh_for: int
) -> tuple[Mapping[str, Flags], Whole]:
    """Which rows each sort of bar holds for, and how many requests at a time each row takes then."""
    _, capacity, late = _days(request, people, today)
    count = len(capacity)
    nobody = np.zeros(count, np.bool_)
    level, load = people.column("level"), people.column("load") + people.column("kept")
    flags: Mapping[str, Flags] = {
        "withdrawn from the list": people.column("withdrawn"),
        "listed for another kind of help": ~people.having("kind", request.kind),
        "does not offer what is asked for": people.having_any("offers")
        & ~people.having("offers", request.purpose)
        if request.purpose
        else nobody,
        "has not renewed what they offer": people.column("stated_on")
        < months_before(today, fresh_for).toordinal(),
        "does not serve the borough": people.having("not for", request.borough),
        "works for the borough itself": people.having("own borough", request.borough)
        if request.kind == "mentor"
        else nobody,
        "ruled out by the request": _any_of(people, "id", request.not_supporters, nobody),
        "works for a borough that the request rules out": _any_of(
            people, "own borough", request.not_boroughs, nobody
        ),
        "not senior enough": _not_senior(request, level),
        "does not speak the language": ~_all_of(people, "language", map(key, request.languages), nobody),
        "does not offer the apprenticeship standard": ~people.having(
            "standard", key(request.apprenticeship_standard)
        )
        if request.apprenticeship_standard is not None
        else nobody,
        "has no PhD student to place": ~people.column("students")
        if request.purpose in ("placement", "secondment")
        else nobody,
        "not available in time": late,
        "takes no requests": capacity == 0,
        "has no capacity left": load >= capacity,
    }
    return flags, capacity


def _not_senior(request: Request, level: Whole) -> Flags:
    found: Flags = np.zeros(len(level), np.bool_)
    if request.minimum_level is not None:
        found |= level < LEVELS.index(request.minimum_level)
    if request.kind == "mentor" and request.level in LEVELS:
        found |= (level >= 0) & (level <= LEVELS.index(request.level))
    return found


def _any_of(people: Candidates, what: str, names: "tuple[str, ...]", nobody: Flags) -> Flags:
    found = nobody.copy()
    for name in names:
        found |= people.having(what, name)
    return found


def _all_of(people: Candidates, what: str, names: "map[str]", nobody: Flags) -> Flags:
    found = ~nobody
    for name in names:
        found &= people.having(what, name)
    return found


def _parts(request: Request, people: Candidates, days: Whole, capacity: Whole) -> Mapping[str, Real]:
    """Each part that is asked about, for every row, in the order of `fit.PARTS`."""
    found: dict[str, Real] = {}
    role, skills = request.standard_role, skills_wanted(request)
    family = family_of(role) if role is not None else None
    if role is not None:
        part = np.zeros(len(days))
        if family is not None:
            part[people.having("family", key(family))] = SAME_FAMILY
        part[people.having("role", key(role))] = SAME_ROLE
        found["role fit"] = part
    if skills:
        has = np.zeros(len(days), np.int64)
        for skill in skills:
            has += people.having("skill", skill)
        found["skill overlap"] = has / len(skills)
    found["availability"] = days / wanted(request).days
    found["track record"] = people.column("record")
    found["preference"] = _preference(request, people, family)
    free = np.maximum(capacity - people.column("load") - people.column("kept"), 0)
    found["load balance"] = free / np.maximum(capacity, 1)
    return found


def _preference(request: Request, people: Candidates, family: str | None) -> Real:
    stated = people.having_any("prefers borough").astype(np.int64)
    hits = people.having("prefers borough", request.borough).astype(np.int64)
    if request.standard_role is not None:
        stated += people.having_any("prefers work")
        wanted_work = people.having("prefers role", key(request.standard_role))
        if family is not None:
            wanted_work = wanted_work | people.having("prefers family", key(family))
        hits += wanted_work
    return np.where(stated == 0, NO_PREFERENCE, hits / np.maximum(stated, 1))
