"""Senders at work in a test, and what the ledger and the outbox say meanwhile."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from services.notify.sending.handing_over import Delivery
from services.notify.sending.pool import SmtpPool
from services.notify.sending.sender import Sending, Step, sender
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks


def delivery(settings: NotifySettings) -> Delivery:
    """The real one, over SMTP."""
    return Delivery(settings, SignedLinks(settings), SmtpPool(settings))


def once(settings: NotifySettings, pool: Any, stopping: asyncio.Event | None = None) -> Sending:
    """A sender to be called by hand; nothing makes mails for it."""
    return Sending(settings, pool, stopping or asyncio.Event(), delivery(settings), ())


@asynccontextmanager
async def sending(
    settings: NotifySettings, pool: Any, *, processes: int = 1, steps: Sequence[Step] = ()
) -> AsyncIterator[None]:
    """Senders at work; they are stopped in good order."""
    stopping = asyncio.Event()
    tasks = [
        asyncio.create_task(sender(settings, delivery(settings), steps)(pool, stopping))
        for _ in range(processes)
    ]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), timeout=10)


async def until(true: Callable[[], Awaitable[bool]], *, within: float = 20) -> None:
    """Wait until it is true; TimeoutError if it never is."""
    async with asyncio.timeout(within):
        while not await true():
            await asyncio.sleep(0.01)


async def mails(pool: Any) -> list[Any]:
    """The ledger of mails."""
    return list(await pool.fetch("SELECT * FROM mail ORDER BY made_at, id"))


async def statuses(pool: Any) -> dict[str, int]:
    """How many mails are in each status."""
    return dict(Counter(mail["status"] for mail in await mails(pool)))


def statuses_are(pool: Any, **counts: int) -> Callable[[], Awaitable[bool]]:
    """Whether there are so many mails in each of these statuses, and none in others."""

    async def they_are() -> bool:
        return await statuses(pool) == counts

    return they_are


async def said(pool: Any) -> list[dict[str, Any]]:
    """The notifications that the outbox says something of, in order; `type` is the last but one word of the event's."""
    rows = await pool.fetch(
        "SELECT value, headers FROM outbox WHERE topic = 'loti.notifications.v1' ORDER BY position"
    )
    return [
        json.loads(row["value"])["notification"]
        | {"type": json.loads(row["headers"])["ce_type"].split(".")[-2]}
        for row in rows
    ]
