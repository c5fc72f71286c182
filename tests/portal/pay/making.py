"""Benchmarks as salaries says them, for tests of the portal."""

import re
from datetime import date
from typing import Any, Final

from loti_contracts.events import Benchmark, BenchmarkUpdated, PaySignal, Quantiles
from loti_contracts.vocabulary import standard_roles

SPREAD: Final = (-12_000_00, -5_000_00, 0, 6_000_00, 14_000_00)


def quantiles(middle: int, spread: tuple[int, ...] = SPREAD) -> Quantiles:
    """Around a median in pence."""
    p10, p25, p50, p75, p90 = (max(0, middle + away) for away in spread)
    return Quantiles(p10=p10, p25=p25, p50=p50, p75=p75, p90=p90)


def benchmark(
    role: str = "Data analyst",
    *,
    level: str = "all",
    area: str = "london",
    period: str = "year",
    middle: int | None = 50_000_00,
    adverts: int = 24,
    revision: int = 1,
    **other: Any,
) -> Benchmark:
    """A cell whose offers have that median of their middles, in pence; None: no advert prints both ends."""
    spread = SPREAD if period == "year" else tuple(away // 100 for away in SPREAD)
    wide = 4_000_00 if period == "year" else 40_00
    name = re.sub(r"[^a-z0-9]+", "-", role.lower()).strip("-")
    facts: dict[str, Any] = {
        "id": f"{name}.{level}.{area}" + (".day" if period == "day" else ""),
        "revision": revision,
        "standard_role": role,
        "family": standard_roles()[role].family if role in standard_roles() else "Data",
        "level": level,
        "area": area,
        "period": period,
        "bottom": quantiles(middle - wide, spread) if middle else quantiles(40_000_00, spread),
        "middle": quantiles(middle, spread) if middle else None,
        "top": quantiles(middle + wide, spread) if middle else None,
        "adverts": adverts,
        "boroughs": min(adverts, 9),
        "oldest": date(2025, 12, 4),
        "freshest": date(2026, 11, 3),
        "half_life_months": 12,
        "effective": adverts * 0.8,
        "confidence": "medium" if middle else "none",
        "likely": {"low": middle - wide // 2, "high": middle + wide} if middle else None,
        "trend": {"months": _months(middle), "change": 380} if middle else None,
    }
    return Benchmark.model_validate(facts | other)


def updated(cell: Benchmark) -> BenchmarkUpdated:
    """Its figures are different from before."""
    return BenchmarkUpdated(benchmark=cell, changed=("middle",) if cell.revision > 1 else ())


def contributed(middle: int = 48_000_00) -> dict[str, Any]:
    """Contributed pay of which the figures may be published."""
    paid = {"p25": middle - 4_000_00, "p50": middle, "p75": middle + 5_000_00}
    return {"paid": paid, "boroughs": 6, "posts": 45, "rounded_to": 1_000_00, "as_of": date(2026, 10, 1)}


def signal(cell: Benchmark, sentence: str = "An offer is below P25.", **other: Any) -> PaySignal:
    """Something that is worth hearing of a cell."""
    facts: dict[str, Any] = {
        "id": "signal-1",
        "revision": 1,
        "kind": "below market",
        "sentence": sentence,
        "benchmark_id": cell.id,
        "standard_role": cell.standard_role,
        "level": cell.level,
        "area": cell.area,
        "period": cell.period,
        "before": 45_000_00,
        "after": 41_000_00,
        "adverts": 20,
    }
    return PaySignal.model_validate(facts | other)


def _months(middle: int) -> list[dict[str, Any]]:
    spans = ["2025-12", *(f"2026-{number:02}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11))]
    step = middle // 100
    return [
        {"month": month, "adverts": 1 + place % 3, "middle": middle + (place - 5) * step + place % 2 * step}
        for place, month in enumerate(spans)
    ]
