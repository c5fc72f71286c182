"""The whole service as it is wired, over real sockets."""

import asyncio
import socket
from typing import Any

import httpx2

from loti_contracts.delivery.database import Connection
from services.webhooks.bell import Bell
from services.webhooks.pull.pulling import digest_of, events_page
from tests.webhooks.hearing import hear, role, running, settings


async def test_a_stop_answers_whoever_waits(dsn: str, db: Connection) -> None:
    """A long poll that is under way when the service stops gets its answer, with a cursor to go on from."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    await db.execute("INSERT INTO readers (name, token_digest) VALUES ('r', $1)", digest_of("lr_x"))
    await hear(db, role("r1"))
    bell = Bell(dsn)
    headers = {"authorization": "Bearer lr_x"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:

        async def ask(**asked: Any) -> httpx2.Response:
            async with asyncio.timeout(20):
                while True:
                    try:
                        return await client.get("/events", params=asked, timeout=20)
                    except httpx2.ConnectError:
                        await asyncio.sleep(0.02)

        async with running(dsn, bell.listen, events_page(settings(dsn, events_port=port), bell)):
            first = await ask()
            assert len(first.json()) == 1
            cursor = first.headers["loti-cursor"]
            waiting = asyncio.create_task(ask(after=cursor, wait=30))
            await asyncio.wait([waiting], timeout=0.2)
            assert not waiting.done()
        answer = await waiting
    assert (answer.status_code, answer.json(), answer.headers["loti-cursor"]) == (200, [], cursor)
