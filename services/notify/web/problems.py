"""What a reader is told when a page cannot be shown: what happened, and what to do."""

import traceback
from collections.abc import Mapping
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from loti_contracts.delivery.database import PASSING
from services.notify.people.choices import NoSuchContact
from services.notify.signed_links import LASTS, LinkRefused
from services.notify.web.forgotten import forgotten
from services.notify.web.site import Site

_log = structlog.get_logger("web")

_WORDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("That could not be read", "What was sent is not what this page asks for. Go back, and try again."),
    404: (
        "There is no such page",
        "Check the address. Links in emails are long: if yours was cut in two, copy all of it.",
    ),
    405: (
        "That does not work here",
        "This page cannot be used in that way. Open the link from your email again.",
    ),
    408: ("That took too long", "What was sent did not arrive in time. Go back, and try again."),
    413: ("That is too long", "Go back, shorten what you wrote, and try again."),
}


class Problems:
    """The error pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def handlers(self) -> dict[Any, Any]:
        """For Starlette: by exception."""
        return {
            LinkRefused: self.link_refused,
            HTTPException: self.refused,
            NoSuchContact: self.gone,
            **dict.fromkeys(PASSING, self.away),
        }

    async def link_refused(self, request: Request, error: LinkRefused) -> Response:
        """Forged, damaged, of another page, or too old."""
        site = self._site
        page = next((purpose for purpose in LASTS if f"/{purpose}/" in request.url.path), None)
        _log.info("link_refused", page=page, ended=error.ended)
        on = (
            "The newest email from us has a link that works."
            if error.ended
            else "Open it from the email again. If your mail program cut it in two, copy all of it into the "
            "address bar."
        )
        return site.note(
            "This link does not work",
            str(error),
            f"{on} Nothing was changed.",
            ways=(site.write_to_us,),
            status=410 if error.ended else 404,
        )

    async def refused(self, _: Request, error: HTTPException) -> Response:
        """By Starlette, or by a page."""
        title, words = _WORDS.get(error.status_code, ("That did not work", str(error.detail)))
        answer = self._site.note(title, words, ways=(self._site.write_to_us,), status=error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    async def gone(self, _: Request, __: NoSuchContact) -> Response:
        """Erased while the page was in hand."""
        return forgotten(self._site)

    async def away(self, _: Request, error: Exception) -> Response:
        """The database does not answer."""
        _log.warning("page_unavailable", error=type(error).__name__)
        answer = self._site.note(
            "Please try again in a few minutes",
            "Something that we need does not answer just now. Nothing was changed, and your link still works.",
            status=503,
        )
        answer.headers["Retry-After"] = "120"
        return answer

    def failed(self) -> Response:
        """A bug of ours."""
        return self._site.note(
            "Sorry, something went wrong",
            "It is our fault, and nothing was changed. We are told about it. Please try again later.",
            ways=(self._site.write_to_us,),
            status=500,
        )


class CatchBugs:
    """Answers with a page and logs where a bug is: the kind of error and the lines, never its words, since they may
    hold what is private."""

    def __init__(self, app: ASGIApp, *, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - the last line before the server
            frames = traceback.extract_tb(error.__traceback__)[-6:]
            at = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
            _log.error("page_failed", error=type(error).__name__, at=at)
            if not begun and scope["type"] == "http":
                await self._problems.failed()(scope, receive, send)
