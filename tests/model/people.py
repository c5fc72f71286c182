"""Whoever says things: transactions that may stay open, commit, or be rolled back, on the real outbox."""

import contextlib
import secrets
from datetime import UTC, datetime
from typing import Any

from loti_contracts.delivery import outbox, parking
from loti_contracts.events import Request, RequestStated
from tests.model.checking import Said
from tests.model.world import World


class People:
    """They speak of things of their own. `committed`: what they said, by event id; `open`: their transactions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.prefix = secrets.token_hex(4)
        self.committed: dict[str, Said] = {}
        self.open: dict[int, Any] = {}

    async def begin(self, slot: int, things: list[int], poison: bool) -> None:
        """A transaction says something of these things, but of those that another one has in hand."""
        held = {thing for _, _, _, some in self.open.values() for thing in some}
        things = [thing for thing in things if thing not in held]
        connection = await self._world.said.acquire()
        tx = connection.transaction()
        await tx.start()
        said: dict[str, Said] = {}
        for thing in things:
            id_ = f"{self.prefix}-{thing}"
            revision = await connection.fetchval(
                "INSERT INTO things AS t VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET revision = t.revision + 1 "
                "RETURNING revision",
                id_,
            )
            mark = secrets.token_hex(8)
            await outbox.add(connection, _event(id_, revision, poison), correlation_id=mark)
            event_id = await connection.fetchval(
                "SELECT headers ->> 'ce_id' FROM outbox WHERE headers ->> 'ce_correlationid' = $1", mark
            )
            said[event_id] = Said(id_, revision, poison)
        self.open[slot] = (connection, tx, said, things)

    async def end(self, slot: int, commit: bool) -> None:
        """It commits, or is rolled back."""
        connection, tx, said, _ = self.open.pop(slot)
        if commit:
            await tx.commit()
            self.committed |= said
        else:
            await tx.rollback()
        await self._world.said.release(connection)


def _event(id_: str, revision: int, poison: bool) -> RequestStated:
    state = Request(
        id=id_,
        revision=revision,
        kind="mentor",
        borough="E09000012",
        contact_id="contact-1",
        note="poison" if poison else None,
        stated_at=datetime.now(UTC),
    )
    return RequestStated(request=state)


def id_in(headers: str) -> str:
    """The event's id, from the headers that a dead letter keeps."""
    row = {"topic": "", "partition": 0, "message_offset": 0, "message_timestamp": 0, "key": b"", "value": b""}
    with contextlib.suppress(KeyError):
        return dict(parking.as_received(row | {"headers": headers}).headers)["ce_id"].decode()
    return "without an id"
