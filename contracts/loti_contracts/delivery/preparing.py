"""Prepares the servers for a service, as a step of its own before the service starts: its migrations, and the topics.

    python -m loti_contracts.delivery.preparing services.salaries.app --within 300

names the module whose `service()` says what it is, and reads the same settings. A service does the same at its own start; as a
step, a migration that fails is seen before the old version is taken down. It ends with 0 when all is there, 1 when the servers
did not answer in time or the step was refused, 2 when it is asked wrongly.
"""

import argparse
import asyncio
import importlib
import sys
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
import structlog
from aiokafka.errors import KafkaError

from loti_contracts.delivery import standing_aside
from loti_contracts.delivery.broker import AccessIncomplete, Broker
from loti_contracts.delivery.database import PASSING, open_pool
from loti_contracts.delivery.logs import set_up_logs
from loti_contracts.delivery.migrations import MigrationRefused, migrate, migrate_delivery
from loti_contracts.delivery.service import Service
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import TOPICS

_log = structlog.get_logger("preparing")
_WITHIN: Final = 300.0
_REFUSED: Final = (asyncpg.InvalidPasswordError, asyncpg.InsufficientPrivilegeError, asyncpg.InvalidCatalogNameError)  # fmt: skip


class NotPrepared(Exception):
    """The servers are not what the service needs; the text says why."""


async def prepare(service: Service, *, within: float) -> None:
    """Migrations, then topics; outages are waited out for so many seconds. Raises NotPrepared.

    While the service's tables are recovered nothing is migrated: that is its own affair when it starts.
    """
    backoff, never = Backoff(first=0.1, most=2.0), asyncio.Event()
    trouble = "nothing was tried"
    try:
        async with asyncio.timeout(within):
            while True:
                try:
                    await _once(service)
                except _REFUSED as error:
                    # A password or a database that is not there yet may be made any moment, by a step of its own.
                    trouble = f"the database refuses {service.name}: {error}"
                except (KafkaError, *PASSING) as error:
                    trouble = f"{type(error).__name__}: {error}"
                else:
                    return
                _log.info("waiting_for_servers", detail=trouble[:200])
                await backoff.wait(never)
    except TimeoutError as error:
        raise NotPrepared(f"not within {within:g} seconds: {trouble}") from error
    except (MigrationRefused, AccessIncomplete) as error:
        raise NotPrepared(str(error)) from error


async def _once(service: Service) -> None:
    pool = await open_pool(service.settings.database.get_secret_value(), most=1)
    try:
        if not await standing_aside.being_recovered(pool):
            await bring_up_to_date(service, pool)
    finally:
        await pool.close()
    await make_topics(service)


async def bring_up_to_date(service: Service, pool: "asyncpg.Pool[Any]") -> None:
    """Every migration of delivery and of the service."""
    async with pool.acquire() as connection:
        await migrate_delivery(connection)
        if service.migrations is not None:
            await migrate(connection, service.name, service.migrations)


async def make_topics(service: Service) -> None:
    """Those that are missing, if the service may."""
    settings = service.settings
    if service.speaks:
        await ensure_topics(Broker.of(settings), TOPICS, replication=settings.replication)


def main(arguments: Sequence[str]) -> int:
    """The command; what it ends with."""
    parser = argparse.ArgumentParser(prog="preparing", description="Migrations and topics of one service.")
    parser.add_argument("module", help="Where its `service()` is: services.salaries.app")
    parser.add_argument("--within", type=float, default=_WITHIN, help="Seconds to wait for the servers.")
    given = parser.parse_args(arguments)
    try:
        service: Service = importlib.import_module(given.module).service()
    except (ModuleNotFoundError, AttributeError) as error:
        print(f"preparing: {given.module} has no `service()`: {error}", file=sys.stderr)  # noqa: T201 - for who typed it
        return 2
    set_up_logs(service.name, form=service.settings.log_format, level=service.settings.log_level)
    try:
        asyncio.run(prepare(service, within=given.within))
    except NotPrepared as error:
        _log.critical("not_prepared", why=str(error))
        return 1
    _log.info("prepared")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
