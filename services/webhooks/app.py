"""Webhooks, wired: hears every public topic, pushes and serves what it heard. Start it with `python -m
services.webhooks.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from services.webhooks import handlers
from services.webhooks.bell import Bell
from services.webhooks.figures import figures
from services.webhooks.holdings import HOLDINGS
from services.webhooks.pull.pulling import events_page
from services.webhooks.push.pushing import Pusher
from services.webhooks.recovery import recovery
from services.webhooks.settings import WebhooksSettings
from services.webhooks.thinning import thinning


def service(settings: WebhooksSettings | None = None) -> Service:
    """The service, ready to run. Raises NoKeys, saying which setting is missing."""
    settings = settings or WebhooksSettings()
    bell = Bell(settings.database.get_secret_value())
    return Service(
        name="webhooks",
        settings=settings,
        migrations=Path(__file__).parent / "migrations",
        holdings=HOLDINGS,
        recovery=recovery(settings),
        hears=handlers.heard_topics(),
        on_batch=handlers.on_events,
        handles=handlers.heard_events(),
        loops=(bell.listen, Pusher(settings, bell).run, events_page(settings, bell), thinning(settings)),
        report=figures,
    )


if __name__ == "__main__":
    run(service())
