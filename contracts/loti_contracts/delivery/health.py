"""Health and metrics of one process over HTTP: `/health` for whoever restarts it, `/metrics` for Prometheus."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Report = Callable[[], Awaitable[dict[str, Any]]]


def health_app(report: Report) -> Starlette:
    """`report` gives an object with `healthy: bool`; the answer is 200 or 503 accordingly."""

    async def health(_: Request) -> Response:
        found = await report()
        return JSONResponse(found, status_code=200 if found["healthy"] else 503)

    async def metrics(_: Request) -> Response:
        await report()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/health", health), Route("/metrics", metrics)])


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the process, which stops its parts in order."""
        yield


async def serve(app: Any, *, host: str, port: int, stopping: asyncio.Event) -> None:
    """Serve an ASGI app until `stopping`."""
    listener = socket.create_server((host, port))
    server = _Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        server.should_exit = True
        await serving
        listener.close()
