"""The salaries service: hears roles, says benchmarks and pay signals. Start it with `python -m services.salaries.app`."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.errors import TryAgain
from loti_contracts.delivery.process import Service, run
from loti_contracts.events import RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from loti_contracts.events.topics import ROLES
from services.salaries import metrics, recount, store
from services.salaries.handlers import Salaries
from services.salaries.holdings import HOLDINGS
from services.salaries.recovery import recovery
from services.salaries.settings import SalariesSettings

_log = structlog.get_logger("salaries")
_LATER: tuple[type[BaseException], ...] = (TryAgain, *PASSING)


def service() -> Service:
    """Everything wired."""
    settings = SalariesSettings()
    salaries = Salaries(settings.rules)

    async def count_anew(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """At the start, without waiting for an event; a batch that comes first does it itself."""
        try:
            async with pool.acquire() as connection, connection.transaction():
                await recount.if_due(connection, salaries.rules)
        except _LATER as error:
            _log.warning("count_put_off", error=type(error).__name__, detail=str(error)[:200])
        await stopping.wait()

    return Service(
        name="salaries",
        settings=settings,
        migrations=Path(__file__).parent / "migrations",
        holdings=HOLDINGS,
        recovery=recovery(salaries),
        hears=(ROLES,),
        on_batch=salaries.on_roles,
        handles=frozenset({RoleDiscovered, RoleChanged, RoleClosed, RoleReadvertised}),
        loops=(count_anew,),
        report=figures,
    )


async def figures(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """What the health page shows of salaries; sets its gauges."""
    found = await store.freshness(pool)
    metrics.benchmarks.set(found["benchmarks"])
    metrics.benchmarks_old.set(found["old"])
    metrics.freshest.set(found["freshest_seconds"] or 0.0)
    return found


if __name__ == "__main__":
    run(service())
