"""How long boroughs wait: medians in days, with what is still open beside them, and small cells withheld.

As GC Digital Talent publishes its own: a median of what has ended flatters whoever leaves the hard cases open, so the
number still open stands beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

FEWEST = 5
"""A cell of fewer requests than this is withheld: it could point to people."""

EVERYTHING = "all"
_GONE = ("withdrawn", "lapsed", "declined")
STEPS: Mapping[str, str] = {
    "proposal": "first_proposed_at",
    "answer": "first_answered_at",
    "introduction": "introduced_at",
    "outcome": "outcome_at",
}
"""What is waited for, and the field of a course that tells when it was there."""


@dataclass(frozen=True, slots=True)
class Course:
    """One request, and when it first got how far."""

    kind: str
    borough: str
    stage: str
    first_stated_at: datetime
    first_proposed_at: datetime | None
    first_answered_at: datetime | None
    introduced_at: datetime | None
    outcome_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long was waited for one step. None: withheld, since there were too few."""

    days: float | None
    """The median of those who got there, in days, to one decimal; None also where nobody did."""
    there: int | None
    still_open: int | None
    """How many wait for it yet. Withdrawn, lapsed and declined requests do not wait."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of some requests: of a kind, of a borough, of both, or of all."""

    kind: str
    borough: str
    requests: int | None
    """None: withheld, as is everything else in it."""
    waits: Mapping[str, Wait]


def metrics(courses: Iterable[Course]) -> Sequence[Cell]:
    """All, by kind, by borough and by both, in this order."""
    every = list(courses)
    shown = _cells(every, lambda one: (EVERYTHING, EVERYTHING))
    shown += _cells(every, lambda one: (one.kind, EVERYTHING))
    shown += _cells(every, lambda one: (EVERYTHING, one.borough))
    return shown + _cells(every, lambda one: (one.kind, one.borough))


def _cells(courses: Sequence[Course], by: Callable[[Course], tuple[str, str]]) -> list[Cell]:
    groups: dict[tuple[str, str], list[Course]] = {}
    for one in courses:
        groups.setdefault(by(one), []).append(one)
    small = _withheld({place: len(group) for place, group in groups.items()})
    return [
        Cell(*place, requests=None if place in small else len(group), waits=_waits(group, place in small))
        for place, group in sorted(groups.items())
    ]


def _withheld(sizes: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The cells that are too small, and the next smallest of their row or column wherever one alone would be found by
    taking the others from their total."""
    small = {place for place, size in sizes.items() if size < FEWEST}
    lines = [
        [place for place in sizes if place[axis] == name]
        for axis in (0, 1)
        for name in {p[axis] for p in sizes}
    ]
    while True:
        alone = [line for line in lines if len(line) > 1 and len(small.intersection(line)) == 1]
        if not alone:
            return small
        others = sorted(set(alone[0]) - small, key=lambda place: (sizes[place], place))
        small.add(others[0])


def _waits(group: Sequence[Course], withheld: bool) -> Mapping[str, Wait]:
    if withheld:
        return {step: Wait(None, None, None) for step in STEPS}
    return {step: _wait(group, field) for step, field in STEPS.items()}


def _wait(group: Sequence[Course], field: str) -> Wait:
    there = [(getattr(one, field) - one.first_stated_at) for one in group if getattr(one, field) is not None]
    waiting = sum(getattr(one, field) is None and one.stage not in _GONE for one in group)
    days = [max(0.0, wait.total_seconds() / 86_400) for wait in there]
    return Wait(
        days=round(median(days), 1) if len(days) >= FEWEST else None,
        there=_told(len(there)),
        still_open=_told(waiting),
    )


def _told(count: int) -> int | None:
    """A count of none, or of enough; None between."""
    return None if 0 < count < FEWEST else count
