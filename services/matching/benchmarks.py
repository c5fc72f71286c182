"""Which benchmark goes with a request."""

from collections.abc import Sequence

from loti_contracts.events import Benchmark, BenchmarkInBrief, Request
from loti_contracts.vocabulary import authorities

EVERY_LEVEL = "all"
ALL_LONDON = "london"


def cells_wanted(request: Request) -> Sequence[tuple[str, str]]:
    """Level and area of the benchmark cells that would suit the request, best first."""
    authority = authorities().get(request.borough)
    cells = [(request.level, authority.area)] if request.level and authority else []
    return [*cells, (EVERY_LEVEL, ALL_LONDON)]


def best_of(request: Request, benchmarks: Sequence[Benchmark]) -> BenchmarkInBrief | None:
    """The best suited of these benchmarks of the request's standard role; None when none has figures.

    Only yearly figures: an introduction compares salaries, not day rates.
    """
    by_cell: dict[tuple[str, str], Benchmark] = {
        (found.level, found.area): found
        for found in benchmarks
        if found.middle is not None and found.period == "year"
    }
    for cell in cells_wanted(request):
        found = by_cell.get(cell)
        if found is not None and found.middle is not None:
            return BenchmarkInBrief(
                standard_role=found.standard_role,
                level=found.level,
                area=found.area,
                p25=found.middle.p25,
                p50=found.middle.p50,
                p75=found.middle.p75,
                adverts=found.adverts,
                boroughs=found.boroughs,
            )
    return None
