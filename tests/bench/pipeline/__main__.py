"""One side of the comparison as a process: `python -m tests.bench.pipeline aiokafka|confluent|faststream|broker`. The service
itself is its own process. Addresses come as the service's do: LOTI_KAFKA, LOTI_DATABASE."""

import asyncio
import contextlib
import gc
import os
import signal
import sys

from tests.bench.pipeline import sides


async def _until_asked_to_end(side: str) -> None:
    """So that it leaves its group in good order. Garbage is collected as seldom as the service does it."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    work = asyncio.ensure_future(sides.SIDES[side](os.environ["LOTI_KAFKA"], os.environ["LOTI_DATABASE"]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


if __name__ == "__main__":
    asyncio.run(_until_asked_to_end(sys.argv[1]))
