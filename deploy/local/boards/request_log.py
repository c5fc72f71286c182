"""Who asked the sample boards for what, and when: tests read it to see that the client was polite."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = ("user-agent", "if-none-match", "if-modified-since", "accept", "accept-encoding")

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


class LogRequests:
    """Middleware that notes each request that is not about control or health when its answer begins.

    `at` is when it came, `answered` when its answer began; `retry_after` and, of a robots.txt, its `text` are as sent.
    """

    def __init__(self, app: ASGIApp, *, log: deque[dict[str, object]], clock: Clock = now) -> None:
        self._app = app
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http" or scope["path"].startswith(("/control/", "/health")):
            await self._app(scope, receive, send)
            return
        headers, query = Headers(scope=scope), scope["query_string"].decode("latin-1")
        row: dict[str, object] = {
            "at": self._clock().isoformat(),
            "method": scope["method"],
            "path": scope["path"] + (f"?{query}" if query else ""),
            "headers": {name: headers[name] for name in _KEPT if name in headers},
        }

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                row["answered"], row["status"] = self._clock().isoformat(), message["status"]
                if pause := Headers(raw=message["headers"]).get("retry-after"):
                    row["retry_after"] = pause
                self._log.append(row)
            elif scope["path"] == "/robots.txt":
                row["text"] = message.get("body", b"").decode()
            await send(message)

        await self._app(scope, receive, noting)
