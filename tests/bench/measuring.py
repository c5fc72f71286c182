"""Measuring side by side: what is compared takes turns, so that a noisy moment of the machine meets all of them."""

import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

Side = Callable[[], Awaitable[float]]
"""Does the work once, and says its figure."""


async def interleaved(
    sides: Mapping[str, Side], rounds: int, *, warm_up: bool = True
) -> dict[str, tuple[float, ...]]:
    """Each side once a round, each round beginning with another side. A warm-up round before is not counted."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for turn in range(-1 if warm_up else 0, rounds):
        start = turn % len(names)
        for name in (*names[start:], *names[:start]):
            figure = await sides[name]()
            if turn >= 0:
                found[name].append(figure)
    return {name: tuple(figures) for name, figures in found.items()}


def timed(work: Callable[[], object], least: float = 0.2) -> float:
    """Seconds that one call takes, on average of as many as fill `least` seconds."""
    times, began = 0, time.perf_counter()
    while True:
        work()
        times += 1
        took = time.perf_counter() - began
        if took >= least:
            return took / times


def slope(sizes: Sequence[float], figures: Sequence[float]) -> float:
    """How a figure grows with size, by least squares of the logarithms: 0 not at all, 1 linearly, 2 with the square."""
    if len(sizes) != len(figures) or len(sizes) < 2:
        raise ValueError(f"a slope needs a figure for each of two sizes or more, not {sizes} and {figures}")
    over, up = [math.log(size) for size in sizes], [math.log(figure) for figure in figures]
    middle, height = sum(over) / len(over), sum(up) / len(up)
    spread = sum((x - middle) ** 2 for x in over)
    return sum((x - middle) * (y - height) for x, y in zip(over, up, strict=True)) / spread
