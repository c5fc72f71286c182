"""When the system has done with what was put in: every outbox published, every message heard, every mail and push on its way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import httpx2

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.lag import lags
from tests.chaos.addresses import Addresses
from tests.chaos.flow_saying import PASSING

QUIET_FOR: Final = 3
"""Looks in a row, a second apart, at which nothing was open: an event may be on its way between two of them."""
_A_LOOK: Final = 30.0

_OPEN: Final = {
    "ingest": {
        "adverts that may have gone": "SELECT count(*) FROM sightings WHERE missing > 0 AND reading ->> 'status' = 'open'"
    },
    "notify": {
        "things or choices to judge": "SELECT (SELECT count(*) FROM thing WHERE NOT judged)"
        " + (SELECT count(*) FROM choice WHERE NOT judged)",
        "notifications due and in no mail": "SELECT count(*) FROM notification WHERE mail_id IS NULL AND withheld IS NULL"
        " AND due_at < clock_timestamp()",
        "mails to send": "SELECT count(*) FROM mail WHERE status = 'sending' OR status = 'due'"
        " AND due_at < clock_timestamp() + interval '10 minutes'",
    },
    "webhooks": {"pushes on their way": "SELECT count(*) FROM deliveries WHERE state = 'waiting'"},
    "matching": {"rounds to decide": "SELECT count(*) FROM rounds WHERE decided_revision < revision"},
    "library": {"drafts to assemble": "SELECT count(*) FROM gaps WHERE to_assemble"},
    "portal": {"sign-in mails to send": "SELECT count(*) FROM sign_in_post"},
}
_READINGS: Final = 6
"""Requests: an advert has gone when two readings in a row lack it, and a reading may need several."""
_OUTBOX: Final = "SELECT count(*) FROM outbox"


async def settled(addresses: Addresses, *, seconds: float) -> str | None:
    """Wait until every board was read since and nothing is open any more; what still is after so many seconds, in words,
    or None."""
    quiet, found, since = 0, ["nothing was looked at"], datetime.now(UTC)
    until = asyncio.get_running_loop().time() + seconds
    while quiet < QUIET_FOR:
        try:
            async with asyncio.timeout(_A_LOOK):
                found = [
                    *await _unread_boards(addresses, since),
                    *[one async for one in still_open(addresses)],
                ]
        except PASSING as error:
            found = [f"it cannot be looked at: {type(error).__name__}: {error}"]
        quiet = 0 if found else quiet + 1
        if found and asyncio.get_running_loop().time() > until:
            return "; ".join(found)
        await asyncio.sleep(1)
    return None


async def _unread_boards(addresses: Addresses, since: datetime) -> Sequence[str]:
    """The boards that were not asked again and again since then, by what they noted themselves."""
    async with httpx2.AsyncClient(base_url=addresses.boards, timeout=10) as client:
        log = (await client.get("/control/log")).raise_for_status().json()
        listed = [one["id"] for one in (await client.get("/sources.json")).raise_for_status().json()]
    asked = Counter(
        str(one["path"]).split("/")[1]
        for one in log
        if datetime.fromisoformat(one["at"]) > since and one["status"] in (200, 304)
    )
    return [f"ingest: {id_} is not read since" for id_ in listed if asked[id_] < _READINGS]


async def still_open(addresses: Addresses) -> AsyncIterator[str]:
    """What is under way now, each in words. Raises what the databases and the broker raise."""
    for service in addresses.databases:
        async with reading(addresses, service) as connection:
            if waiting := await connection.fetchval(_OUTBOX):
                yield f"{service}: {waiting} events to publish"
            for what, query in _OPEN.get(service, {}).items():
                if number := await connection.fetchval(query):
                    yield f"{service}: {number} {what}"
    for lag in await lags(Broker(addresses.kafka)):
        if lag.behind and lag.oldest is not None:
            yield f"{lag.group.removeprefix('loti.')}: {lag.behind} messages of {lag.topic} to hear"


@asynccontextmanager
async def reading(addresses: Addresses, service: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection to a service's database, to look."""
    connection = await asyncpg.connect(addresses.databases[service], timeout=10)
    try:
        yield connection
    finally:
        await connection.close()
