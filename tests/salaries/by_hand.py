"""The benchmark table counted from nothing, otherwise than the service does: with numpy, in whole numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, sqrt
from typing import Any

import numpy

from loti_contracts.events import Pay, Role
from tests.salaries.hearing import FAMILIES

Place = tuple[str, str, str, str]
Offer = tuple[int | None, int | None, str]


def counted(roles: Iterable[Role], half_life: int = 12) -> Mapping[Place, dict[str, Any]]:
    """The table that these states give, the newest revision of each role."""
    newest: dict[str, Role] = {}
    for role in roles:
        if role.id not in newest or role.revision > newest[role.id].revision:
            newest[role.id] = role
    cells: dict[Place, list[Role]] = defaultdict(list)
    for role in newest.values():
        found = offer(role.pay)
        if role.standard_role and role.authorities and found:
            for level in {"all", role.level or "all"}:
                for area in {"london", *(authority.area for authority in role.authorities)}:
                    cells[role.standard_role.name, level, area, found[2]].append(role)
    return {place: _figures(place, inside, half_life) for place, inside in cells.items()}


def offer(pay: Pay | None) -> Offer | None:
    """Bottom, top and period of the pay that these tests print: by the year, the day, the hour."""
    if pay is None or pay.basis == "actual" or pay.period not in ("year", "day", "hour"):
        return None
    factor = Fraction(36) * Fraction(52143, 1000) if pay.period == "hour" else 1
    low, high = (None if end is None else round(end * factor) for end in (pay.minimum, pay.maximum))
    least, most = (80_00, 3_000_00) if pay.period == "day" else (10_000_00, 400_000_00)
    ends = [end for end in (low, high) if end is not None]
    if not ends or ends != sorted(ends) or not all(least <= end <= most for end in ends):
        return None
    return low, high, "day" if pay.period == "day" else "year"


def percentiles(offers: Sequence[tuple[int, int]]) -> dict[str, int] | None:
    """The five percentiles of (pence, weight) pairs."""
    return {f"p{n}": percentile(offers, n * 100) for n in (10, 25, 50, 75, 90)} if offers else None


def percentile(offers: Sequence[tuple[int, int]], place: int) -> int:
    """Akinshin's weighted type 7 as an average: every amount by how much of it lies in the stretch."""
    pence, weight = (numpy.array(part, dtype=object) for part in zip(*sorted(offers), strict=True))
    whole, squares = weight.sum(), (weight * weight).sum()
    upper = numpy.cumsum(weight) * whole * 10_000
    begin = place * (whole * whole - squares)
    inside = numpy.minimum(upper, begin + 10_000 * squares) - numpy.maximum(
        upper - weight * whole * 10_000, begin
    )
    return round(Fraction((numpy.maximum(inside, 0) * pence).sum(), 10_000 * squares))


def weight(day: date, half_life: int) -> int:
    """Twice as much for each half life since January 2015, in millionths between."""
    months = max(0, (day.year - 2015) * 12 + day.month - 1)
    return int(numpy.rint(2**20 * numpy.exp2((months % half_life) / half_life))) * 2 ** (months // half_life)


def _figures(place: Place, roles: Sequence[Role], half_life: int) -> dict[str, Any]:
    name, level, area, period = place
    rows = []
    for role in roles:
        found, day = role.found_at.date(), role.posted_on
        low, high, _ = offer(role.pay) or (None, None, "")
        rows.append((low, high, found if day is None or day > found else day))
    bottoms = [(low, weight(day, half_life)) for low, _, day in rows if low is not None]
    tops = [(high, weight(day, half_life)) for _, high, day in rows if high is not None]
    middles = [((low + high) // 2, day) for low, high, day in rows if low is not None and high is not None]
    heavy = [(pence, weight(day, half_life)) for pence, day in middles]
    days = [day for _, _, day in rows]
    boroughs = {one.gss for role in roles for one in role.authorities if area in ("london", one.area)}
    whole, squares = sum(w for _, w in heavy), sum(w * w for _, w in heavy)
    effective = Fraction(whole**2, squares) if heavy else Fraction(0)
    return {
        "standard_role": name,
        "family": FAMILIES[name],
        "level": level,
        "area": area,
        "period": period,
        "bottom": percentiles(bottoms),
        "middle": percentiles(heavy),
        "top": percentiles(tops),
        "adverts": len(roles),
        "boroughs": len(boroughs),
        "oldest": min(days),
        "freshest": max(days),
        "half_life_months": half_life,
        "effective": float(round(effective, 2)),
        "confidence": _confidence(effective, len(boroughs)),
        "likely": _likely(heavy, effective),
        "trend": _trend(middles, max(days)),
        "contributed": None,
    }


def _confidence(effective: Fraction, boroughs: int) -> str:
    if not effective:
        return "none"
    if effective >= 29 and boroughs >= 8:
        return "high"
    return "medium" if effective >= 6 and boroughs >= 3 else "low"


def _likely(heavy: Sequence[tuple[int, int]], effective: Fraction) -> dict[str, int] | None:
    if effective < 6:
        return None
    half = ceil(9_800 / sqrt(effective))
    if half * half * effective == 9_800**2:
        half += 1
    low, high = max(0, 5000 - half), min(10_000, 5000 + half)
    return {"low": percentile(heavy, low), "high": percentile(heavy, high)}


def _trend(middles: Sequence[tuple[int, date]], freshest: date) -> dict[str, Any]:
    months: dict[int, list[int]] = defaultdict(list)
    for pence, day in middles:
        ago = (freshest.year - day.year) * 12 + freshest.month - day.month
        if ago < 12:
            months[ago].append(pence)
    medians = {ago: percentile([(pence, 1) for pence in paid], 5000) for ago, paid in months.items()}
    halves = [
        [medians[ago] for ago in half if ago in months for _ in months[ago]]
        for half in (range(6, 12), range(6))
    ]
    change = None
    if min(map(len, halves)) >= 5:
        earlier, later = (Fraction(sum(half), len(half)) for half in halves)
        change = round(10_000 * (later / earlier - 1))
    told = []
    for ago in sorted(months, reverse=True):
        count = freshest.year * 12 + freshest.month - 1 - ago
        month = f"{count // 12:04}-{count % 12 + 1:02}"
        told.append({"month": month, "adverts": len(months[ago]), "middle": medians[ago]})
    return {"months": tuple(told), "change": change}
