"""The stream that pages listen to: server-sent events that name tables, and nothing of what is in them."""

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.portal.web.live import HEARTBEAT, Live
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live(request: Request) -> Response:
    """`event: changed`, `data: ["role"]`; an empty list says that anything may have changed. The event's id is the turn
    that it tells of; `seen`, or what a browser remembers when it comes back, is the turn that the page shows."""
    hub = site_of(request).live
    if hub.full:
        raise HTTPException(
            503, "Too many pages listen just now. This one asks again.", {"Retry-After": "30"}
        )
    return StreamingResponse(
        _told(hub, request.headers.get("last-event-id") or request.query_params.get("seen")),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class InTurn:
    """Notes before each page is made in which turn that is: what changes while it is made is told to it."""

    def __init__(self, app: ASGIApp, *, live: Live) -> None:
        self._app = app
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["turn"] = self._live.turn
        await self._app(scope, receive, send)


async def _told(hub: Live, seen: str | None) -> AsyncIterator[str]:
    with hub.listen() as listener:
        yield "retry: 3000\n\n"
        if seen not in (None, str(hub.turn)):
            listener.tell(None)
        while not listener.ended:
            changed = await listener.next(within=HEARTBEAT)
            yield (
                ":\n\n"
                if changed is None
                else f"id: {hub.turn}\nevent: changed\ndata: {json.dumps(changed)}\n\n"
            )
