"""The notify service: `python -m services.notify.app`."""

from pathlib import Path
from typing import Any

import asyncpg

from loti_contracts.delivery.process import Service, run
from loti_contracts.events.topics import (
    ANSWERS,
    CONTACTS,
    DEMAND,
    LIBRARY,
    MATCHES,
    NOVEL_ROLES,
    OUTCOMES,
    PAY_SIGNALS,
    ROLES,
    SOURCES,
)
from services.notify import metrics
from services.notify.handlers import handlers
from services.notify.holdings import HOLDINGS
from services.notify.people import store
from services.notify.recovery import recovery
from services.notify.reports.maildir import bounce_reader
from services.notify.sending.from_settings import STEPS, delivery
from services.notify.sending.ledger import progress
from services.notify.sending.sender import sender
from services.notify.settings import NotifySettings
from services.notify.web.serving import pages


def service(settings: NotifySettings | None = None) -> Service:
    """Hears of people and of all that is worth an email; tells people what they asked to hear, and serves the pages
    behind its links. Raises ValueError, saying which setting is wrong."""
    settings = settings or NotifySettings()
    return Service(
        name="notify",
        settings=settings,
        migrations=Path(__file__).with_name("migrations"),
        holdings=HOLDINGS,
        recovery=recovery(settings),
        hears=(
            CONTACTS,
            ROLES,
            PAY_SIGNALS,
            DEMAND,
            NOVEL_ROLES,
            MATCHES,
            ANSWERS,
            OUTCOMES,
            SOURCES,
            LIBRARY,
        ),
        on=handlers(settings),
        loops=(sender(settings, delivery(settings), STEPS), pages(settings), bounce_reader(settings)),
        report=figures,
    )


async def figures(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """What the health page shows of notify; sets its gauges."""
    found = await progress(pool)
    for status in ("due", "sending", "returned"):
        metrics.standing.labels(status).set(found[status])
    metrics.oldest_due.set(found["oldest_due"])
    metrics.suppressed.set(found["suppressed"])
    return found | {"asked": await store.asked(pool)}


if __name__ == "__main__":
    run(service())
