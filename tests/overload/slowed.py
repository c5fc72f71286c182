"""`python -m tests.overload.slowed SERVICE TIMES`: a service whose every batch takes so many times as long as it does."""

import asyncio
import importlib
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from loti_contracts.delivery.batch import BatchHandler, each
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.process import Service, run
from loti_contracts.events import Envelope


def slowed(handle: BatchHandler, times: float) -> BatchHandler:
    """The same, and then a sleep in the same transaction."""

    async def on_batch(said: Sequence[Envelope[Any]], tx: Connection) -> None:
        began = time.perf_counter()
        await handle(said, tx)
        await asyncio.sleep((times - 1) * (time.perf_counter() - began))

    return on_batch


def main() -> None:
    """The command."""
    name, times = sys.argv[1:]
    service: Service = importlib.import_module(f"services.{name}.app").service()
    handle = service.on_batch or each(service.on)
    run(
        replace(
            service,
            on={},
            on_batch=slowed(handle, float(times)),
            handles=service.handles or frozenset(service.on),
        )
    )


if __name__ == "__main__":
    main()
