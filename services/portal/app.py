"""The portal: `python -m services.portal.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from services.portal.heard.handlers import heard_events, heard_topics, on_events
from services.portal.heard.recovery import RECOVERY
from services.portal.holdings import HOLDINGS
from services.portal.settings import PortalSettings
from services.portal.signin.post import post_room
from services.portal.web.serving import pages


def service(settings: PortalSettings | None = None) -> Service:
    """Hears everything that people may look at, and serves the pages. Raises ValueError, saying which setting is
    wrong."""
    settings = settings or PortalSettings()
    return Service(
        name="portal",
        settings=settings,
        migrations=Path(__file__).with_name("migrations"),
        holdings=HOLDINGS,
        recovery=RECOVERY,
        hears=heard_topics(),
        on_batch=on_events,
        handles=heard_events(),
        loops=(pages(settings), post_room(settings)),
    )


if __name__ == "__main__":
    run(service())
