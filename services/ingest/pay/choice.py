"""Choose among the amounts of a text the one that is the job's basic pay (rules 2, 5 and 6)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.ingest.pay.marks import Kind
from services.ingest.pay.ranges import Offer
from services.ingest.pay.reading import Basis, Period, in_words
from services.ingest.pay.wording import Bound

_SAME: Final = Decimal("0.985")
"""Two amounts this close are one amount printed twice, rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An offer with what its words say: its period, whose pay it is, and whether it is only a bound."""

    offer: Offer
    period: Period | None
    kind: Kind | None
    bound: Bound | None
    alternative: bool = False

    def in_words(self) -> str:
        low, high = self.offer.low, self.offer.high
        shown = [in_words(value) for value in (low, high) if value is not None]
        return " - ".join(dict.fromkeys(shown)) or "an amount nobody could read"


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates that are the pay, its basis, and in words what was left out and why."""

    taken: tuple[Candidate, ...]
    basis: Basis | None
    left_out: tuple[str, ...]


def choose(candidates: list[Candidate], *, term_time: bool) -> Choice:
    """One job's pay among what a text prints: the year before other periods, full time before its share."""
    period = next((c.period for c in candidates if c.period == "year"), candidates[0].period)
    if period is None:
        period = next((c.period for c in candidates if c.period), None)
    timely = [c for c in candidates if c.period == period] or candidates
    out = [f"{c.in_words()} ({_untimely(c)})" for c in candidates if c not in timely]
    whole, basis, why = _full_time(timely)
    taken = _same_order(whole)
    out += [f"{c.in_words()} ({why})" for c in timely if c not in whole]
    out += [f"{c.in_words()} (too far from the rest to be the same pay)" for c in whole if c not in taken]
    if basis is None and term_time:
        basis = "actual"
    return Choice(tuple(taken), basis, tuple(out))


def _untimely(candidate: Candidate) -> str:
    return (
        f"the pay for another period, the {candidate.period}"
        if candidate.period
        else "for what period is not said"
    )


def _full_time(candidates: list[Candidate]) -> tuple[list[Candidate], Basis | None, str]:
    """Those that are the full-time pay where any are, the basis, and why the others are not taken."""
    full = [c for c in candidates if c.kind == "fte"]
    if full:
        return full, "fte", "the full-time amount is taken"
    actual = [c for c in candidates if c.kind == "actual"]
    rated = _whole_of_rated([c for c in candidates if c.kind == "pro rata"])
    unmarked = [c for c in candidates if c.kind is None]
    shares = [c for c in candidates if c.kind == "share"]
    biggest = max((c.offer.size for c in [*actual, *shares]), default=Decimal(0))
    if rated:
        above = [c for c in unmarked if c.offer.size * _SAME > _largest(rated)]
        whole = above or rated
        if actual and _largest(whole) <= biggest:
            return actual, "actual", "printed beside the actual pay"
        return whole, "fte", "a share of the full-time amount"
    above = [c for c in unmarked if c.offer.size * _SAME > biggest]
    if (actual or shares) and above:
        return above, "fte", "a share of the full-time amount"
    if actual:
        return actual, "actual", "printed beside the actual pay"
    return unmarked or shares, None, "a share of the full-time amount"


def _whole_of_rated(rated: list[Candidate]) -> list[Candidate]:
    """Of several amounts called pro rata the largest, unless they are alternatives by grade or level."""
    if any(c.alternative for c in rated):
        return rated
    top = max((c.offer.size for c in rated), default=Decimal(0))
    return [c for c in rated if c.offer.size >= top * _SAME]


def _same_order(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out what differs more than threefold from the first: a budget, a figure from the story around the job."""
    first = candidates[0].offer.size
    return [c for c in candidates if first <= c.offer.size * 3 and c.offer.size <= first * 3]


def _largest(candidates: list[Candidate]) -> Decimal:
    return max(c.offer.size for c in candidates)
