"""Health and metrics of one process over HTTP: `/health` tells how it does, `/metrics` the same to Prometheus. `/alive` is
for whoever restarts it: it asks nothing of anybody, so what does not answer there does nothing at all."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from loti_contracts.delivery import metrics
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.consumer import Consumer
from loti_contracts.delivery.database import PASSING, queries_beside
from loti_contracts.delivery.relay import Relay

Report = Callable[[], Awaitable[dict[str, Any]]]
OwnReport = Callable[["asyncpg.Pool[Any]"], Awaitable[dict[str, Any]]]

_queries = queries_beside(__file__)


async def health_report(
    service: str,
    *,
    pool: "asyncpg.Pool[Any]",
    relay: Relay | None,
    consumer: Consumer | None,
    breaker: Breaker,
    own: OwnReport | None,
) -> dict[str, Any]:
    """What `/health` shows, and the gauges that `/metrics` shows beside it.

    Healthy: the database answers, the consumer consumes, the breaker is closed.
    """
    found: dict[str, Any] = {
        "service": service,
        "healthy": False,
    }
    if relay is not None:
        found["relay"] = {"state": relay.state, "trouble": relay.trouble}
    if consumer is not None:
        found["consumer"] = {
            "state": consumer.state,
            "lag": consumer.lag,
            "trouble": consumer.trouble,
            "breaker": breaker.why,
        }
    try:
        depth = await _queries.outbox_depth(pool)
        dead = await _queries.standing_letters(pool)
        if own is not None:
            found[service] = await own(pool)
    except PASSING as error:
        return found | {"database": f"{type(error).__name__}: {error}"}
    metrics.outbox_depth.labels(service).set(depth["depth"])
    metrics.outbox_age.labels(service).set(depth["age"])
    metrics.dead_letters.labels(service).set(dead["all"])
    metrics.fresh_dead_letters.labels(service).set(dead["fresh"])
    metrics.oldest_dead_letter.labels(service).set(dead["oldest"])
    return found | {
        "database": "answers",
        "outbox": {"depth": depth["depth"], "oldest_seconds": round(depth["age"], 3)},
        "dead_letters": dead["all"],
        "fresh_dead_letters": dead["fresh"],
        "healthy": breaker.why is None and (consumer is None or consumer.state == "consuming"),
    }


def health_app(report: Report) -> Starlette:
    """`report` gives an object with `healthy: bool`; the answer is 200 or 503 accordingly."""

    async def health(_: Request) -> Response:
        found = await report()
        return JSONResponse(found, status_code=200 if found["healthy"] else 503)

    async def alive(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def figures(_: Request) -> Response:
        metrics.show(await report())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/health", health), Route("/alive", alive), Route("/metrics", figures)])


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
