"""An application served within a test's own event loop, there at once and gone at once."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

HOST = "127.0.0.1"
GRACE = 1.0
"""Seconds that answers still under way may take after the end; their askers are gone."""


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application in this event loop on a free port; gives its address, without a slash at the end.

    uvicorn speaks HTTP, but its own server looks only every tenth of a second whether it is to start or to stop.
    """
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none")
    config.load()
    protocol: Any = config.http_protocol_class
    state = ServerState()
    # Said to be TCP, for asyncio sends small answers at once on such sockets only: others wait 40 ms for company.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind((HOST, 0))
        server = await asyncio.get_running_loop().create_server(
            partial(protocol, config=config, server_state=state, app_state={}), sock=listener
        )
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.close()
            await _ended(state)
            await server.wait_closed()


async def _ended(state: ServerState) -> None:
    """Close every connection, and wait for the answers under way to notice."""
    for connection in list(state.connections):
        transport: Any = connection.transport
        transport.abort()
    if state.tasks:
        _, late = await asyncio.wait(list(state.tasks), timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    await asyncio.sleep(0)
