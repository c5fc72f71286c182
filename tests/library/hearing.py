"""Let the library hear events as the consumer would, and read what it says from its outbox."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    EVENTS,
    Contribution,
    ContributionStated,
    Draft,
    Envelope,
    Event,
    ExemplarGap,
    ItemPublished,
    ItemRetired,
    LibraryItem,
    Review,
    ReviewStated,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    State,
    envelop,
)
from services.library.clock import Clock
from services.library.handlers import Handlers
from services.library.librarian import Librarian
from services.library.rules import Rules
from tests.library.making import NOON
from tests.matching.hearing import Alone


class Library:
    """One process of the library on one connection, whose clock the test sets."""

    def __init__(self, connection: Connection, rules: Rules | None = None) -> None:
        self.connection = connection
        self.now: datetime = NOON
        self.librarian = Librarian(rules=rules or Rules(), clock=lambda: self.now)
        self._clock = Clock(self.librarian, every=1)

    async def hear(self, *states: State) -> None:
        """Handle the events that say these states as one batch, in one transaction."""
        await self.hear_events([envelop(_event(state), source="/test", time=self.now) for state in states])

    async def hear_events(self, heard: Sequence[Envelope[Any]]) -> None:
        """Handle them as one batch, in one transaction."""
        async with self.connection.transaction():
            await Handlers(self.librarian).on_events(heard, self.connection)

    async def turn(self) -> int:
        """Let time do what is due."""
        return await self._clock.turn(Alone(self.connection))  # type: ignore[arg-type]

    async def said(self) -> list[Event]:
        """Everything said so far."""
        rows = await self.connection.fetch("SELECT headers, value FROM outbox ORDER BY position")
        return [
            EVENTS[json.loads(row["headers"])["ce_type"]].model_validate_json(row["value"]) for row in rows
        ]

    async def latest(self) -> dict[str, Any]:
        """The newest state said of each thing, by id: what the compacted topics hold."""
        return {event.state.id: event.state for event in await self.said()}

    async def item(self, id_: str) -> LibraryItem:
        """An item as it was said last."""
        return (await self.latest())[id_]  # type: ignore[no-any-return]

    async def draft(self, id_: str) -> Draft:
        """A draft as it was said last."""
        return (await self.latest())[id_]  # type: ignore[no-any-return]

    async def gap(self, id_: str = "gap-data-analyst-senior") -> ExemplarGap:
        """A gap as it was said last."""
        return (await self.latest())[id_]  # type: ignore[no-any-return]


def _event(state: State) -> Event:
    if isinstance(state, Role):
        kind = (
            RoleClosed if state.status == "closed" else RoleDiscovered if state.revision == 1 else RoleChanged
        )
        return kind(role=state)
    if isinstance(state, LibraryItem):
        return (ItemPublished if state.status == "published" else ItemRetired)(item=state)
    if isinstance(state, Contribution):
        return ContributionStated(contribution=state)
    assert isinstance(state, Review)
    return ReviewStated(review=state)
