"""What a piece of work costs, beside a fixed piece of work in the same moment: no wall clock, no machine's own speed.

A machine that is busy or slow makes both longer. The yardstick is a plain loop of about ten milliseconds on a machine of
2020; work is measured in yardsticks of processor time.
"""

import time
from collections.abc import Callable

TRIES = 3
"""A piece of work is too dear only when it is so each time: a noisy moment is no finding."""


def effort(work: Callable[[], object]) -> float:
    """The processor time of `work`, in yardsticks."""
    before = _seconds(_yardstick)
    costs = _seconds(work)
    return costs / min(before, _seconds(_yardstick))


def costs_at_most(yardsticks: float, work: Callable[[], object]) -> bool:
    """Whether `work` was, in one of `TRIES` tries, done for that many yardsticks."""
    return any(effort(work) <= yardsticks for _ in range(TRIES))


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _yardstick() -> int:
    return sum(number * number for number in range(150_000))
