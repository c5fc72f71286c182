"""What a person changes about endpoints, in the database."""

from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection
from services.webhooks import log
from services.webhooks.filters import Filter
from services.webhooks.push.endpoints import queries


async def add(
    tx: Connection, name: str, url: str, wanted: Filter, sealed: str, *, current: bool
) -> int | None:
    """A new endpoint with its sealed secret; how many events wait for it already (with `current` the newest state of each thing), or None where
    the name is taken."""
    # Whoever adds to the log waits until this is committed: what comes after it goes to the endpoint, what was before not.
    await log.take_turn(tx)
    types, authorities = list(wanted.types), list(wanted.authorities)
    if not await _one(
        queries.add_endpoint(tx, name=name, url=url, types=types, authorities=authorities, secret=sealed)
    ):
        return None
    waiting = 0
    if current:
        waiting = len(
            [
                row
                async for row in queries.queue_current(
                    tx, endpoint=name, types=wanted.exact_types, authorities=authorities or None
                )
            ]
        )
    await log.ring(tx)
    return waiting


async def rotate(tx: Connection, name: str, sealed: str, *, until: datetime) -> bool:
    """A new secret, sealed; the old one signs as well until then. False: there is no such endpoint."""
    return bool(await _one(queries.rotate(tx, name=name, secret=sealed, until=until)))


async def enable(tx: Connection, name: str) -> int | None:
    """How many events go to it now; None: there is no such endpoint."""
    row = await _one(queries.enable(tx, name=name))
    await log.ring(tx)
    return int(row["waiting"]) if row else None


async def disable(tx: Connection, name: str, because: str) -> bool:
    """Nothing goes to it any more; of each thing the newest state waits. False: there is no such endpoint."""
    row = await _one(queries.disable(tx, name=name, because=because))
    if row:
        await queries.keep_newest_waiting(tx, endpoint=name)
    return bool(row)


async def remove(tx: Connection, name: str) -> bool:
    """Forget it. False: there is no such endpoint."""
    return bool(await _one(queries.remove_endpoint(tx, name=name)))


async def deliveries_called(tx: Connection, id: str, endpoint: str | None) -> list[Any]:
    """The delivery of that number, or those of the event of that id; held, with their events, until `tx` ends."""
    await log.take_turn(tx)
    return [row async for row in queries.deliveries_called(tx, id=id, endpoint=endpoint)]


async def push_again(tx: Connection, ids: list[int]) -> None:
    """These deliveries from the start, now."""
    await queries.push_again(tx, ids=ids)
    await log.ring(tx)


async def _one(rows: Any) -> Any:
    return next(iter([row async for row in rows]), None)
