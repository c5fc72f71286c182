"""One recovery from begin to end, on the service's own database and broker: what it needs is connected, whoever works on
the tables stands aside, and what the outbox holds is published first."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from loti_contracts.delivery import recovering
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.database import queries_beside
from loti_contracts.delivery.lag import members_of
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.delivery.recovering import Recovered, RecoveryRefused
from loti_contracts.delivery.recovering_topics import KafkaLog, kafka_log
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.service import Service
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS

_queries = queries_beside(__file__)


async def rebuild(
    service: Service, *, hold: float = 0.0, check: bool = False, even_if_lost: bool = False
) -> Recovered:
    """`recovering.rebuild`. Running processes of the service stand aside within `hold` seconds, or it is refused.

    Raises RecoveryRefused, MigrationRefused, and what an outage raises (KafkaError, database.PASSING): then nothing was
    changed, and the command can be given again.
    """
    async with _alone(service, hold) as (connection, log):
        await _publish(service, connection)
        return await recovering.rebuild(service, connection, log, check=check, even_if_lost=even_if_lost)


async def restored(
    service: Service, *, hold: float = 0.0, restore: Callable[[], Awaitable[None]] | None = None
) -> Recovered:
    """`recovering.restored`; the rest as `rebuild`. `restore` brings the backup back, while nobody works on the tables."""
    async with _alone(service, hold, first=restore) as (connection, log):
        return await recovering.restored(service, connection, log)


async def republish(service: Service) -> Recovered:
    """`recovering.republish`. Topics that are missing are made first. The service may run."""
    if service.speaks:
        broker = Broker.of(service.settings)
        await ensure_topics(broker, TOPICS, replication=service.settings.replication)
    async with _connected(service) as connection, _log_of(service) as log:
        return await recovering.republish(service, connection, log)


@asynccontextmanager
async def _nobody_else(service: Service, hold: float) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection whose session is the only one that works on the service's tables. Raises RecoveryRefused."""
    async with _connected(service) as connection:

        async def members() -> int:
            if not service.hears:
                return 0
            admin = AIOKafkaAdminClient(**Broker.of(service.settings).client(), client_id="loti-recovery")
            try:
                await admin.start()
                return await members_of(admin, f"loti.{service.name}")
            finally:
                await admin.close()

        await recovering.alone(connection, service, members=members, wait=hold)
        yield connection


@asynccontextmanager
async def _alone(
    service: Service, hold: float, first: Callable[[], Awaitable[None]] | None = None
) -> "AsyncIterator[tuple[asyncpg.Connection[Any], KafkaLog]]":
    async with _nobody_else(service, hold) as connection:
        if first is not None:
            await first()
        await migrate_delivery(connection)
        if service.migrations is not None:
            await migrate(connection, service.name, service.migrations)
        async with _log_of(service) as log:
            yield connection, log


def _log_of(service: Service) -> Any:
    return kafka_log(Broker.of(service.settings), f"loti.{service.name}")


@asynccontextmanager
async def _connected(service: Service) -> "AsyncIterator[asyncpg.Connection[Any]]":
    connection = await asyncpg.connect(service.settings.database.get_secret_value(), timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


async def _publish(service: Service, connection: "asyncpg.Connection[Any]") -> None:
    """Publish what the outbox holds: what was decided must not be decided anew. Raises RecoveryRefused."""
    if not service.speaks or not (await _queries.outbox_depth(connection))["depth"]:
        return
    await _queries.let_others_lead(connection)
    stopping = asyncio.Event()
    stopping.set()
    relay = Relay(
        service=service.name,
        dsn=service.settings.database.get_secret_value(),
        kafka=Broker.of(service.settings),
        most=service.settings.relay_batch,
        poll=service.settings.relay_poll,
    )
    await relay.run(stopping)
    if not await _queries.lead_the_relay(connection) or (await _queries.outbox_depth(connection))["depth"]:
        raise RecoveryRefused(
            f"what {service.name} still has to say could not be published"
            f"{f' ({relay.trouble})' if relay.trouble else ''}; mend the broker, and try again"
        )
