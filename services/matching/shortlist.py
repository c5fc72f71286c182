"""The best few supporters for one request, and the reason for everyone who is not among them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import numpy as np

from loti_contracts.events import Candidate, LeftOut, LeftOutCount, Request
from services.matching.candidates import Candidates, Flags, Whole
from services.matching.eligibility import FRESH_FOR, SORTS, SupporterNow, sentence
from services.matching.fit import Fit, Weights, fit
from services.matching.judging import ELIGIBLE, Judged, judge

SIZE = 5
"""How many are proposed, where the settings say nothing else."""
TOLD = 50
"""How many of those left out are told of by name and sentence, nearest first: a message has to fit into Kafka's
mebibyte."""

OUTRANKED = "could help, but others score more"
UNRELATED = "knows neither the role nor a skill that is asked for"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a shortlist is made: the weights, how many are proposed, and for how many months a statement holds."""

    weights: Weights = field(default_factory=Weights)
    size: int = SIZE
    fresh_for: int = FRESH_FOR


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Every supporter once: proposed, or left out with the reason."""

    candidates: tuple[Candidate, ...]
    """Best first."""
    left_out: tuple[LeftOut, ...]
    """Nearest first: the outranked, the barred, those who do not fit, the withdrawn, those listed for other help;
    as many of them as were to be told of."""
    counts: tuple[LeftOutCount, ...] = ()
    """Everyone left out, by sort of reason; most first."""
    round_id: str | None = None
    """The round that gave the request its supporter, if one did."""

    @property
    def worst(self) -> float | None:
        """The score of the last who is proposed; None when nobody is."""
        return self.candidates[-1].score if self.candidates else None


def shortlist(
    request: Request,
    supporters: Candidates | Iterable[SupporterNow],
    *,
    today: date,
    rules: Rules | None = None,
    tell: int | None = TOLD,
) -> Shortlist:
    """Rank the supporters for a request; the order in which they are given does not matter.

    `tell`: how many of those left out get their sentence; None for all.
    """
    rules = rules or Rules()
    people = supporters if isinstance(supporters, Candidates) else Candidates(supporters)
    judged = judge(request, people, today=today, weights=rules.weights, fresh_for=rules.fresh_for)
    places = _Places(people, judged)
    ranked = places.ranked(places.eligible & judged.related)
    best = [people.at(int(row)) for row in ranked[: rules.size]]
    fits = [fit(request, one, weights=rules.weights) for one in best]
    rows = _first(chain([ranked[rules.size :]], places.left_out()), tell)
    left_out = tuple(
        LeftOut(
            supporter_id=people.at(row).supporter.id,
            why=_why(request, people, judged, row, fits, today, rules),
        )
        for row in rows
    )
    return Shortlist(
        candidates=tuple(_candidate(now, found) for now, found in zip(best, fits, strict=True)),
        left_out=left_out,
        counts=places.counts(len(ranked) - len(best)),
    )


class _Places:
    """Who stands where: the rows of those who are eligible, and of the others in groups."""

    def __init__(self, people: Candidates, judged: Judged) -> None:
        self._judged = judged
        self._there: Flags = people.column("there")
        self.eligible: Flags = self._there & (judged.bars == ELIGIBLE)

    def ranked(self, among: Flags) -> Whole:
        """These rows, best score first, equals by the draw."""
        rows = np.flatnonzero(among)
        return rows[np.lexsort((self._judged.draws[rows], -self._judged.scores[rows]))]

    def left_out(self) -> Iterator[Whole]:
        """Those who were not ranked, group by group, nearest first."""
        bars = self._judged.bars
        gone, other = SORTS.index("withdrawn from the list"), SORTS.index("listed for another kind of help")
        yield self.ranked(self._there & (bars > other))
        yield self.ranked(self.eligible & ~self._judged.related)
        yield self.ranked(self._there & (bars == gone))
        yield self.ranked(self._there & (bars == other))

    def counts(self, outranked: int) -> tuple[LeftOutCount, ...]:
        """How many are left out for which sort of reason."""
        found = {OUTRANKED: outranked, UNRELATED: int((self.eligible & ~self._judged.related).sum())}
        by_bar = np.bincount(self._judged.bars[self._there & ~self.eligible], minlength=len(SORTS))
        found |= {sort: int(count) for sort, count in zip(SORTS, by_bar, strict=True)}
        told = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(LeftOutCount(why=why, supporters=count) for why, count in told if count)


def _first(groups: Iterable[Whole], most: int | None) -> Sequence[int]:
    """The first rows of these groups; later groups are not even ranked once there are enough."""
    found: list[int] = []
    for rows in groups:
        found += rows.tolist() if most is None else rows[: most - len(found)].tolist()
        if most is not None and len(found) >= most:
            break
    return found


def _candidate(now: SupporterNow, found: Fit) -> Candidate:
    return Candidate(
        supporter_id=now.supporter.id,
        contact_id=now.supporter.contact_id,
        score=found.score,
        reasons=found.reasons(),
    )


def _why(
    request: Request,
    people: Candidates,
    judged: Judged,
    row: int,
    best: Sequence[Fit],
    today: date,
    rules: Rules,
) -> str:
    now = people.at(row)
    if judged.bars[row] != ELIGIBLE:
        return sentence(SORTS[judged.bars[row]], request, now, today=today, fresh_for=rules.fresh_for)
    if judged.related[row]:
        others = "the one proposed" if len(best) == 1 else f"each of the {len(best)} proposed"
        return (
            f"Could help (score {judged.scores[row]:.2f}), but {others} scored {best[-1].score:.2f} or more."
        )
    found = fit(request, now, weights=rules.weights)
    return " ".join(
        found.parts[name].sentence for name in ("role fit", "skill overlap") if name in found.parts
    )
