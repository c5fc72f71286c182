"""The last line before the server: what no handler caught becomes a page, and a log line that says where the bug is."""

import traceback

import structlog
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.web.problems import is_outage, outage, problem

_log = structlog.get_logger("web")


class CatchBugs:
    """Answers with a page. Of an error only its kind and lines are logged, never its words, since they may hold what is
    private."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except HTTPException as error:  # of what stands before the pages
            await problem(Request(scope), error.status_code)(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the last line before the server
            if is_outage(error):
                if not begun:
                    await outage(Request(scope), error)(scope, receive, send)
                return
            frames = traceback.extract_tb(error.__traceback__)[-6:]
            at = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
            _log.error("page_failed", error=type(error).__name__, at=at)
            if not begun:
                await problem(Request(scope), 500)(scope, receive, send)
