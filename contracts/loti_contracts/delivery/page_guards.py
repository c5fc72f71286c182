"""What stands before every page that a service serves: headers that keep it safe, and limits on what is sent to it."""

import asyncio
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SafeHeaders:
    """Puts `headers` on every answer that does not set its own; over https also that the site is never asked without
    it."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str], https: bool) -> None:
        self._app = app
        self._headers = {**headers, **({"Strict-Transport-Security": "max-age=31536000"} if https else {})}

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
