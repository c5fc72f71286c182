"""A subscriber: another system that hears events, and to which each of them happens once.

    app = Subscriber("borough-dashboard")

    @app.on(RoleDiscovered, RoleChanged, RoleClosed)
    async def keep(said, tx):
        await tx.execute("INSERT INTO heard (id, title) VALUES ($1, $2)", said.subject, said.event.role.title)

    app.run()

Its effects go through `tx`, a transaction on its own PostgreSQL, in which its inbox remembers the event: whatever is
killed and whenever, nothing is missed and nothing happens twice. What it cannot handle is kept in its table
`dead_letters`; it publishes nothing. Where it is told: the environment, `LOTI_KAFKA`, `LOTI_DATABASE` and the rest of
`ServiceSettings`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.process import Loop, Service, run
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Event, Topic, topic_named


class Subscriber:
    """One system, by the name under which the broker remembers how far it has read.

    `migrations` is a folder of numbered SQL files (0001_what_it_does.sql) that make its own tables.
    """

    def __init__(
        self, name: str, *, migrations: Path | None = None, settings: ServiceSettings | None = None
    ) -> None:
        self.name = name
        self._migrations = migrations
        self._settings = settings
        self._on: dict[type[Event], Handler] = {}

    def on(self, *events: type[Event]) -> Callable[[Handler], Handler]:
        """Let this handle these events: `async def handle(said: Envelope, tx: Connection)`. Raises ValueError for an
        event that has its handler already."""

        def let(handler: Handler) -> Handler:
            for event in events:
                if event in self._on:
                    raise ValueError(f"{event.type} has a handler already")
                self._on[event] = handler
            return handler

        return let

    @property
    def hears(self) -> Sequence[Topic]:
        """The topics of its events, each once."""
        return [topic_named(name) for name in dict.fromkeys(event.topic for event in self._on)]

    def service(self, *, loops: Sequence[Loop] = ()) -> Service:
        """The same as what the services are made of."""
        return Service(
            name=self.name,
            settings=self._settings or ServiceSettings(),
            migrations=self._migrations,
            hears=self.hears,
            on=dict(self._on),
            loops=loops,
            speaks=False,
        )

    def run(self) -> None:
        """Hear until SIGTERM or SIGINT; then finish what is in hand."""
        run(self.service())
