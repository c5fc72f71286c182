"""A cell's whole benchmark: put together from its figures, or counted from all its observations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Benchmark, Between, ContributedPay, Quantiles
from services.salaries.cells import Cell
from services.salaries.confidence import confidence
from services.salaries.observations import Observation
from services.salaries.quantiles import MEDIAN, Sums, likely, quantiles, weighted
from services.salaries.rules import Rules
from services.salaries.trend import trend
from services.salaries.weights import weight


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a cell. `months`: month since year 0, adverts, median of the middle."""

    bottom: Quantiles | None
    middle: Quantiles | None
    top: Quantiles | None
    likely: Between | None
    middles: Sums
    adverts: int
    boroughs: int
    oldest: date | None
    freshest: date | None
    months: Sequence[tuple[int, int, int]]


def assemble(
    cell: Cell,
    figures: Figures,
    *,
    family: str,
    revision: int,
    rules: Rules,
    contributed: ContributedPay | None,
) -> Benchmark:
    """The benchmark as it is said."""
    return Benchmark(
        id=cell.id,
        revision=revision,
        standard_role=cell.standard_role,
        family=family,
        level=cell.level,
        area=cell.area,  # type: ignore[arg-type]  # the model checks it
        period=cell.period,
        bottom=figures.bottom,
        middle=figures.middle,
        top=figures.top,
        adverts=figures.adverts,
        boroughs=figures.boroughs,
        oldest=figures.oldest,
        freshest=figures.freshest,
        half_life_months=rules.half_life_months if figures.adverts else None,
        effective=float(round(figures.middles.effective, 2)),
        confidence=confidence(figures.middles, figures.boroughs),
        likely=figures.likely,
        trend=trend(figures.months, figures.freshest),
        contributed=contributed,
    )


_USUAL = Rules()


def benchmark(
    cell: Cell,
    observations: Iterable[Observation],
    *,
    family: str,
    revision: int,
    rules: Rules = _USUAL,
    contributed: ContributedPay | None = None,
) -> Benchmark:
    """The whole cell, counted from nothing. Observations that do not belong to it are passed over."""
    figures = count(cell, observations, rules)
    return assemble(cell, figures, family=family, revision=revision, rules=rules, contributed=contributed)


def count(cell: Cell, observations: Iterable[Observation], rules: Rules) -> Figures:
    """A cell's figures from all observations: what the kept counts must always equal."""
    inside = [observation for observation in observations if cell.holds(observation)]
    heavy = [(one, weight(one.month, half_life_months=rules.half_life_months)) for one in inside]
    bottoms, middles, tops = (
        [(pence, heft) for one, heft in heavy if (pence := one.amounts[place]) is not None]
        for place in range(3)
    )
    days = [one.seen_on for one in inside]
    by_month: dict[int, list[tuple[int, int]]] = {}
    for one in inside:
        if one.middle is not None:
            by_month.setdefault(one.month, []).append((one.middle, 1))
    return Figures(
        bottom=quantiles(bottoms),
        middle=quantiles(middles),
        top=quantiles(tops),
        likely=likely(middles),
        middles=Sums(len(middles), sum(h for _, h in middles), sum(h * h for _, h in middles)),
        adverts=len(inside),
        boroughs=len({gss for one in inside for gss in cell.boroughs_of(one)}),
        oldest=min(days, default=None),
        freshest=max(days, default=None),
        months=[(month, len(paid), weighted(paid, MEDIAN)) for month, paid in sorted(by_month.items())],
    )


def difference(before: Benchmark | None, after: Benchmark) -> tuple[str, ...]:
    """The fields that differ, apart from the revision."""
    if before is None:
        return tuple(name for name in Benchmark.model_fields if name not in {"id", "revision"})
    return tuple(
        name
        for name in Benchmark.model_fields
        if name != "revision" and getattr(before, name) != getattr(after, name)
    )
