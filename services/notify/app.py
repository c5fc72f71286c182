"""The notify service: `python -m services.notify.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from loti_contracts.events.topics import CONTACTS, MATCHES, ROLES
from services.notify import store
from services.notify.handlers import HANDLERS
from services.notify.send import sender
from services.notify.settings import NotifySettings


def service() -> Service:
    """Hears of people, roles and matches; tells people, by email, of what they asked to hear."""
    settings = NotifySettings()
    return Service(
        name="notify",
        settings=settings,
        migrations=Path(__file__).with_name("migrations"),
        hears=(CONTACTS, ROLES, MATCHES),
        on=HANDLERS,
        loops=(sender(settings),),
        report=store.progress,
    )


if __name__ == "__main__":
    run(service())
