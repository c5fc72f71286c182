"""The best few supporters for one request, and the reason for everyone who is not among them."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Candidate, LeftOut, Request
from services.matching.eligibility import SupporterNow, bar
from services.matching.fit import Fit, Weights, fit

SIZE = 5
"""How many are proposed, where the settings say nothing else."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Every supporter once: proposed, or left out with the reason."""

    candidates: tuple[Candidate, ...]
    """Best first."""
    left_out: tuple[LeftOut, ...]
    """Nearest first: those who were outranked, then those who are barred, then those who do not fit."""


def shortlist(
    request: Request,
    supporters: Iterable[SupporterNow],
    *,
    today: date,
    weights: Weights | None = None,
    size: int = SIZE,
) -> Shortlist:
    """Rank the supporters for a request; the order in which they are given does not matter."""
    ranked: list[tuple[SupporterNow, Fit]] = []
    barred: list[LeftOut] = []
    unrelated: list[LeftOut] = []
    for now in sorted(supporters, key=lambda one: one.supporter.id):
        why = bar(request, now, today=today)
        if why is not None:
            barred.append(LeftOut(supporter_id=now.supporter.id, why=why))
            continue
        found = fit(request, now, today=today, weights=weights or Weights())
        if found.related:
            ranked.append((now, found))
        else:
            unrelated.append(LeftOut(supporter_id=now.supporter.id, why=_unrelated(found)))
    ranked.sort(key=lambda pair: (-pair[1].score, _draw(request, pair[0]), pair[0].supporter.id))
    best, rest = ranked[:size], ranked[size:]
    outranked = [LeftOut(supporter_id=now.supporter.id, why=_outranked(found, best)) for now, found in rest]
    return Shortlist(
        candidates=tuple(_candidate(now, found) for now, found in best),
        left_out=(*outranked, *barred, *unrelated),
    )


def _candidate(now: SupporterNow, found: Fit) -> Candidate:
    return Candidate(
        supporter_id=now.supporter.id,
        contact_id=now.supporter.contact_id,
        score=found.score,
        reasons=found.reasons(),
    )


def _draw(request: Request, now: SupporterNow) -> int:
    """The order among equals: the same every time, but another for each request, so that nobody always wins."""
    return zlib.crc32(f"{request.id} {now.supporter.id}".encode())


def _unrelated(found: Fit) -> str:
    asked = [found.parts[name].sentence for name in ("role fit", "skill overlap") if name in found.parts]
    return " ".join(asked)


def _outranked(found: Fit, best: list[tuple[SupporterNow, Fit]]) -> str:
    if not best:
        return f"Could help (score {found.score:.2f}), but nobody is to be proposed."
    worst = best[-1][1].score
    others = "the one proposed" if len(best) == 1 else f"each of the {len(best)} proposed"
    return f"Could help (score {found.score:.2f}), but {others} scored {worst:.2f} or more."
