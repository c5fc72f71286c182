"""What stands before every page: headers that keep a page private, and limits on what is sent to it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On every answer that does not set its own. A token is in the address, so it must not be kept, told to other sites
or found by search engines."""


class PrivateHeaders:
    """Puts HEADERS on every answer; over https also that the site is never asked without it."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, text in self._headers.items():
                    headers.setdefault(name, text)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies of more than `most` bytes (413; `larger`: by how a path ends), and those that come too slowly
    (408)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int = 65_536,
        larger: Mapping[str, int] | None = None,
        seconds: float = 20.0,
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger or {}
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = max([self._most, *(size for end, size in self._larger.items() if scope["path"].endswith(end))])
        left, deadline = most, asyncio.get_running_loop().time() + self._seconds
        ended = False

        async def limited() -> Message:
            nonlocal left, ended
            if ended:  # what follows is a disconnection, which may be waited for
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408) from error
            left -= len(message.get("body", b""))
            ended = not message.get("more_body", False)
            if left < 0:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
