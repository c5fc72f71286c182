"""Who asked the sample boards for what: tests read it to see that the client was polite."""

from collections import deque
from datetime import UTC, datetime

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = ("user-agent", "if-none-match", "if-modified-since", "accept", "accept-encoding")


class LogRequests:
    """Middleware that notes path, headers of interest and status of each request that is not about control or health."""

    def __init__(self, app: ASGIApp, *, log: deque[dict[str, object]]) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http" or scope["path"].startswith(("/control/", "/health")):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                query = scope["query_string"].decode("latin-1")
                self._log.append(
                    {
                        "at": datetime.now(UTC).isoformat(),
                        "method": scope["method"],
                        "path": scope["path"] + (f"?{query}" if query else ""),
                        "headers": {name: headers[name] for name in _KEPT if name in headers},
                        "status": message["status"],
                    }
                )
            await send(message)

        await self._app(scope, receive, noting)
