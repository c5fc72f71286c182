"""The figures of a cell, exactly, from all its observations."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from loti_contracts.events import Benchmark, Quantiles
from loti_contracts.vocabulary import authorities
from services.salaries.cells import LONDON, Cell
from services.salaries.observations import Observation


def quantile(sorted_pence: Sequence[int], p: Fraction) -> int:
    """The p-quantile by linear interpolation (type 7 of Hyndman and Fan 1996, numpy's and PostgreSQL's
    default), rounded half to even to the penny. `sorted_pence` must not be empty."""
    place = p * (len(sorted_pence) - 1)
    below = place.numerator // place.denominator
    low = sorted_pence[below]
    if place == below:
        return low
    return round(low + (place - below) * (sorted_pence[below + 1] - low))


def quantiles(pence: Iterable[int | None]) -> Quantiles | None:
    """Five percentiles of the amounts that are known; None where none is."""
    known = sorted(amount for amount in pence if amount is not None)
    if not known:
        return None
    return Quantiles(**{f"p{n}": quantile(known, Fraction(n, 100)) for n in (10, 25, 50, 75, 90)})


def benchmark(cell: Cell, observations: Iterable[Observation], *, family: str, revision: int) -> Benchmark:
    """The whole cell. Observations that do not belong to it are passed over."""
    inside = [observation for observation in observations if cell.holds(observation)]
    days = [observation.seen_on for observation in inside]
    return Benchmark.model_validate(
        {
            "id": cell.id,
            "revision": revision,
            "standard_role": cell.standard_role,
            "family": family,
            "level": cell.level,
            "area": cell.area,
            "bottom": quantiles(observation.bottom for observation in inside),
            "middle": quantiles(observation.middle for observation in inside),
            "top": quantiles(observation.top for observation in inside),
            "adverts": len(inside),
            "boroughs": len(
                {gss for one in inside for gss in one.authorities if cell.area in (LONDON, _area(gss))}
            ),
            "oldest": min(days, default=None),
            "freshest": max(days, default=None),
        }
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


def _area(gss: str) -> str | None:
    """Inner or outer; None for a code that is none of London's."""
    authority = authorities().get(gss)
    return authority.area if authority else None
