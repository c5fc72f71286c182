"""The library, wired: what it hears, and what it does then. Start it with `python -m services.library.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from loti_contracts.events.topics import CONTRIBUTIONS, LIBRARY, REVIEWS, ROLES
from services.library import store
from services.library.clock import Clock
from services.library.handlers import HANDLES, Handlers
from services.library.holdings import HOLDINGS
from services.library.librarian import Librarian
from services.library.recovery import recovery
from services.library.settings import LibrarySettings


def service() -> Service:
    """The service, ready to run."""
    settings = LibrarySettings()
    librarian = Librarian(rules=settings.rules)
    handlers = Handlers(librarian)
    return Service(
        name="library",
        settings=settings,
        migrations=Path(__file__).parent / "migrations",
        holdings=HOLDINGS,
        recovery=recovery(librarian, handlers),
        hears=(ROLES, LIBRARY, CONTRIBUTIONS, REVIEWS),
        on_batch=handlers.on_events,
        handles=HANDLES,
        loops=(Clock(librarian, every=settings.clock_every).loop,),
        report=store.figures,
    )


if __name__ == "__main__":
    run(service())
