"""Matching rounds beside a dense assignment by SciPy, and how they grow."""

import asyncio
import multiprocessing
from typing import Final

from tests.bench.growth.by_size import LINEAR, figures
from tests.bench.measuring import slope
from tests.bench.results import Comparison, Reach, Result, Scale, Series
from tests.matching.bench_rounds import Measured, measure

SIZES: Final = (40, 400, 4_000)
WAYS: Final = ("round", "dense")


async def bench(scale: Scale) -> Result:
    """Each way in a fresh process, in turns."""
    sizes = (10, 20, 40) if scale.quick else SIZES
    found: dict[tuple[str, int], list[Measured]] = {(way, size): [] for size in sizes for way in WAYS}
    for number in range(1 if scale.quick else scale.rounds):
        for size in sizes:
            for way in WAYS[:: -1 if number % 2 else 1]:
                found[way, size].append(await asyncio.to_thread(_fresh, way, size))
            ours, theirs = (found[way, size][-1] for way in WAYS)
            if (ours.matched, ours.total) != (theirs.matched, theirs.total):
                raise RuntimeError(f"{size}: the ways differ: {ours}, {theirs}")
    seconds = {size: [one.seconds for one in found["round", size]] for size in sizes}
    memory = {size: [one.megabytes for one in found["round", size]] for size in sizes}
    pairs = [size**2 for size in sizes]
    slopes = [slope(pairs, figures) for figures in zip(*seconds.values(), strict=True)]
    dense = [(one.seconds, one.megabytes) for one in found["dense", sizes[-1]]]
    return Result(
        name="rounds",
        says="A whole round of so many people and as many supporters: pairs, reasons, fairness, remedies; processor time, "
        "and what the process held beyond what it held before. Dense is SciPy's linear_sum_assignment alone over the whole "
        "matrix; both find as many pairs and the same best total, which is checked. A round of n people looks at n² pairs, "
        "which its growth is measured by.",
        series=(
            *figures("round", "s", "people", seconds),
            Series("growth", "slope", tuple(slopes), "less"),
            Series(f"dense, {sizes[-1]:,} people", "s", tuple(one for one, _ in dense), "less"),
            *figures("memory of a round", "MB", "people", memory),
            Series(f"memory of dense, {sizes[-1]:,} people", "MB", tuple(one for _, one in dense), "less"),
        ),
        comparisons=(
            Comparison(f"round, {sizes[-1]:,} people", f"dense, {sizes[-1]:,} people"),
            Comparison(f"memory of a round, {sizes[-1]:,} people", f"memory of dense, {sizes[-1]:,} people"),
        ),
        reaches=(
            Reach(LINEAR.of, at_most=LINEAR.at_most, says="slope over the pairs looked at; 1 is linear"),
        ),
    )


def _fresh(way: str, size: int) -> Measured:
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        found: Measured = fresh.apply(measure, (way, size))
        return found
