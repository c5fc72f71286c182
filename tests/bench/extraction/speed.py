"""How fast one side reads, in seconds of processor time: what else the machine does then is no part of it."""

import time
from collections.abc import Callable

from tests.bench.measuring import Side


def calls_per_second(work: Callable[[], object], least: float) -> Side:
    """A side that does the work until `least` seconds of processor time have passed, and says how often in one."""

    async def measured() -> float:
        times, began = 0, time.process_time()
        while True:
            work()
            times += 1
            took = time.process_time() - began
            if took >= least:
                return times / took

    return measured
