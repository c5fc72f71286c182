"""How webhooks' log is had again: from the topics, in the order of their time. It says nothing itself.

Whom events are pushed to, and what was pushed, is nowhere else and stays. The rebuilt log is another one, with other
positions: readers' cursors are refused clearly, and they begin again. After a backup was restored, what was said since is
pushed to every endpoint; what it had already it knows by its id.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import Envelope, Event
from services.webhooks import handlers, log
from services.webhooks.settings import WebhooksSettings
from services.webhooks.thinning import forgotten


async def adopt(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """There is nothing that it says."""


async def restate(tx: Connection) -> AsyncIterator[Event]:
    """The same."""
    nothing: tuple[Event, ...] = ()
    for event in nothing:
        yield event


async def hear(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Put them into the log. They were let be pushed when they were heard first."""
    await log.add(tx, said)


def recovery(settings: WebhooksSettings) -> Recovery:
    """For `Service`."""

    async def settle(tx: Connection) -> None:
        now = datetime.now(UTC)
        await log.queries.date_what_is_old(tx)
        await log.queries.move_deliveries(tx)
        await log.queries.give_up_what_is_gone(tx)
        before = now - timedelta(days=settings.events_days)
        while await log.thin(tx, superseded_before=before, forgotten=forgotten(now)):
            pass
        await log.queries.begin_another_log(tx)

    return Recovery(
        says=(), adopt=adopt, restate=restate, hear=hear, hear_since=handlers.on_events, settle=settle
    )
