"""The flow's own endpoint: every public event is pushed to it, and it counts what it takes."""

import asyncio
import secrets
from typing import Final

import asyncpg

from services.webhooks.push import signing
from tests.chaos.addresses import Addresses
from tests.chaos.flow_saying import until_taken
from tests.chaos.ledger import Ledger
from tests.webhooks.receiver import OK, Receiver, Taken

NAME: Final = "flow"
_SERVING: Final[set[asyncio.Task[None]]] = set()
"""Nobody else holds these while the system settles."""


class Endpoint:
    """Once it is open, every event is to be pushed here, until it is closed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._receiver = Receiver(reply=self._count)
        self._newest: dict[tuple[str, str], int] = {}
        self._closing = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def open(self, addresses: Addresses) -> None:
        """Listen, and let webhooks know. Raises NotTaken."""
        listening = asyncio.Event()
        self._serving = asyncio.create_task(self._serve(listening))
        _SERVING.add(self._serving)
        self._serving.add_done_callback(_SERVING.discard)
        await listening.wait()
        await until_taken(
            "the flow's endpoint", lambda: _add(addresses.databases["webhooks"], self._receiver)
        )
        self._ledger.endpoint = NAME

    async def close(self) -> None:
        """Take nothing any more."""
        self._closing.set()
        if self._serving is not None:
            await self._serving

    async def _serve(self, listening: asyncio.Event) -> None:
        async with self._receiver.open():
            listening.set()
            await self._closing.wait()

    async def _count(self, taken: Taken, writer: asyncio.StreamWriter) -> None:
        ledger, about = self._ledger, taken.event["data"]
        thing = (next(name for name, it in about.items() if isinstance(it, dict)), taken.event["subject"])
        newest = self._newest.get(thing, 0)
        if taken.id not in ledger.pushed and taken.revision < newest:
            ledger.overtaken.append(taken.id)
        self._newest[thing] = max(newest, taken.revision)
        ledger.pushed[taken.id] = ledger.pushed.get(taken.id, 0) + 1
        ledger.forged = self._receiver.forged
        self._receiver.taken.clear()
        await OK(taken, writer)


async def _add(dsn: str, receiver: Receiver) -> None:
    """As `loti webhooks add` does; the secret is sealed by the service, which reads one in the clear as well."""
    secret = signing.secret_of(secrets.token_bytes(32))
    receiver.secrets[f"/{NAME}"] = secret
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('loti event log'))")
            await connection.execute(
                "INSERT INTO endpoints (name, url, types, authorities, secret) VALUES ($1, $2, '{}', '{}', $3) "
                "ON CONFLICT (name) DO UPDATE SET url = excluded.url, secret = excluded.secret",
                NAME,
                f"{receiver.url}/{NAME}",
                secret,
            )
            await connection.execute("SELECT pg_notify('loti_webhooks', '')")
    finally:
        await connection.close()
