"""A borough's own offers beside the benchmark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal

from loti_contracts.events import Benchmark, Pay, Role
from services.portal.pay import in_words
from services.portal.pay.range_chart import RangeChart, Row, placed
from services.portal.pay.rows import ranged
from services.portal.web.words import day

Standing = Literal["below", "within", "above", "not compared"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A role of the borough: what it offers, where that stands, and why."""

    role: Role
    standing: Standing
    why: str
    low: int | None = None
    high: int | None = None

    @property
    def amount(self) -> str:
        """The range in words; as printed where it could not be compared."""
        if self.low is None or self.high is None:
            return self.role.pay.text if self.role.pay else "not printed"
        ends = (in_words.whole(self.low), in_words.whole(self.high))
        return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def beside(roles: Sequence[Role], cell: Benchmark) -> list[Offer]:
    """Each role as an offer beside the cell, in the given order."""
    return [_offer(role, cell) for role in roles]


def chart(offers: Sequence[Offer], cell: Benchmark) -> tuple[RangeChart, RangeChart] | None:
    """The benchmark first, then each offer that can be compared; None where there is none of either."""
    compared = [one for one in offers if one.low is not None and one.high is not None]
    if cell.middle is None or not compared:
        return None
    rows = [ranged("Benchmark (middle)", cell.middle, cell.adverts)]
    for one in compared:
        assert one.low is not None and one.high is not None  # noqa: S101, PT018 - compared
        since = one.role.posted_on or one.role.found_at
        rows.append(
            Row(
                shorten(one.role.title, 38, placeholder="…"),
                day(since),
                quarters=(one.low, one.high),
                offer=True,
            )
        )
    return placed(rows, cell.period)


def _offer(role: Role, cell: Benchmark) -> Offer:
    why_not = _why_not(role.pay, cell)
    if why_not is not None or role.pay is None:
        return Offer(role, "not compared", why_not or "")
    known = [end for end in (role.pay.minimum, role.pay.maximum) if end is not None]
    low, high = min(known), max(known)
    if cell.middle is None or cell.adverts < in_words.QUARTERS_FROM:
        return Offer(role, "not compared", "there are too few other adverts", low, high)
    middle = (low + high) // 2
    if middle < cell.middle.p25:
        return Offer(role, "below", "its middle is among the lowest quarter", low, high)
    if middle > cell.middle.p75:
        return Offer(role, "above", "its middle is among the highest quarter", low, high)
    return Offer(role, "within", "its middle is within the middle half", low, high)


def _why_not(pay: Pay | None, cell: Benchmark) -> str | None:
    if pay is None:
        return "the advert prints no pay"
    if pay.minimum is None and pay.maximum is None:
        return pay.why_not or "the advert prints no amount"
    if pay.period != cell.period:
        return (
            f"it is paid by the {pay.period}"
            if pay.period
            else "the advert does not say by what time it pays"
        )
    if pay.basis == "actual":
        return "the pay is for part of the hours"
    return None
