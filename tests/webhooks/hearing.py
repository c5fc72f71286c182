"""Events for webhooks to hear, and webhooks running in a test's own loop."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
from pydantic import SecretStr

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.process import Loop
from loti_contracts.events import (
    AuthorityNamed,
    Envelope,
    Event,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    envelop,
)
from services.webhooks import handlers
from services.webhooks.bell import Bell
from services.webhooks.push import signing
from services.webhooks.push.pushing import Pusher
from services.webhooks.push.sealing import seals_of
from services.webhooks.settings import WebhooksSettings
from tests.databases import connected
from tests.webhooks.receiver import Receiver

KEYS = "a key of the tests with 32 characters"
"""What seals the secrets of endpoints in tests."""
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CAMDEN = AuthorityNamed(gss="E09000007", name="Camden", area="inner")
HACKNEY = AuthorityNamed(gss="E09000012", name="Hackney", area="inner")


def role(
    id: str, revision: int = 1, *, of: Sequence[AuthorityNamed] = (CAMDEN,), closed: bool = False
) -> Envelope[Event]:
    """A role was found, has changed, or is closed."""
    state = Role(
        id=id,
        revision=revision,
        status="closed" if closed else "open",
        source="camden",
        title="Senior Data Analyst – “Größe”",
        authorities=tuple(of),
        links=(),
        relevance="yes",
        confidence=1,
        why="a test",
        found_at=NOON,
    )
    kind = RoleClosed if closed else RoleDiscovered if revision == 1 else RoleChanged
    return envelop(kind(role=state), source="/test", time=NOON)


def settings(dsn: str, **more: Any) -> WebhooksSettings:
    """For a receiver on this machine."""
    usual = {
        "allow_private": True,
        "allow_http": True,
        "webhook_timeout": 5.0,
        "webhook_keys": SecretStr(KEYS),
    }
    return WebhooksSettings(database=SecretStr(dsn), **(usual | more))


async def hear(db: Connection, *said: Envelope[Event]) -> None:
    """As the consumer would let it, in one batch."""
    async with db.transaction():
        await handlers.on_events(said, db)


async def endpoint(
    db: Connection, receiver: Receiver, name: str = "dashboard", *, types: Sequence[str] = (), at: str = ""
) -> str:
    """An endpoint at the receiver's path `/NAME`; its secret."""
    secret = signing.secret_of(secrets.token_bytes(32))
    receiver.secrets[f"/{name}"] = secret
    await db.execute(
        "INSERT INTO endpoints (name, url, types, authorities, secret) VALUES ($1, $2, $3, '{}', $4)",
        name,
        at or f"{receiver.url}/{name}",
        list(types),
        seals_of(KEYS).seal(secret, endpoint=name),
    )
    return secret


@contextlib.asynccontextmanager
async def running(dsn: str, *loops: Loop) -> AsyncIterator[None]:
    """Run these loops of the service until the block ends."""
    stopping = asyncio.Event()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=6) as pool:
        tasks = [asyncio.create_task(loop(pool, stopping)) for loop in loops]
        try:
            yield
        finally:
            stopping.set()
            await asyncio.gather(*tasks)


@contextlib.asynccontextmanager
async def pushing(dsn: str, **more: Any) -> AsyncIterator[None]:
    """Push until the block ends."""
    bell = Bell(dsn)
    async with running(dsn, bell.listen, Pusher(settings(dsn, **more), bell).run):
        yield


async def states(db: Connection, endpoint: str = "dashboard") -> list[tuple[str, int]]:
    """State and attempts of its deliveries, in the order of the events."""
    rows = await db.fetch(
        "SELECT state, attempts FROM deliveries WHERE endpoint = $1 ORDER BY position", endpoint
    )
    return [(row["state"], row["attempts"]) for row in rows]


async def until_states(db: Connection, wanted: list[tuple[str, int]], endpoint: str = "dashboard") -> None:
    """Wait until the deliveries are so."""
    try:
        async with asyncio.timeout(20):
            while await states(db, endpoint) != wanted:
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{await states(db, endpoint)} is not {wanted}") from None


async def hurry(db: Connection) -> None:
    """Let everything that waits for its next attempt be due now."""
    await db.execute("UPDATE deliveries SET due_at = now() WHERE state = 'waiting'")
    await db.execute("SELECT pg_notify('loti_webhooks', '')")


__all__ = ["connected"]
