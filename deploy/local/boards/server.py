"""The sample boards' HTTP server: pages, feeds, conditional requests, control and request log."""

import asyncio
import contextlib
import hashlib
import json
import math
import socket
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.local.boards.feeds import feed
from deploy.local.boards.jsonld import PAGE_SIZE, list_blocks, posting
from deploy.local.boards.pages import advert_page, index_page, list_page
from deploy.local.boards.request_log import LogRequests
from deploy.local.boards.state import Boards, BoardState

HOST = "127.0.0.1"
_HTML = "text/html; charset=utf-8"
_RSS = "application/rss+xml; charset=utf-8"


class SampleBoards:
    """The endpoints over one set of boards. `today` pins the day; None follows the clock."""

    def __init__(self, today: date | None, log: deque[dict[str, object]]) -> None:
        self._today = today
        self._boards = Boards()
        self._log = log

    def _day(self) -> date:
        return self._today or datetime.now(UTC).date()

    def _state(self, request: Request) -> BoardState:
        state = self._boards.by_id.get(request.path_params["board"])
        if state is None:
            raise HTTPException(404, "no such board")
        return state

    async def index(self, request: Request) -> Response:
        """GET /: every board, for people."""
        return Response(
            index_page([(state.board, len(state.adverts)) for state in self._boards.by_id.values()]),
            media_type=_HTML,
        )

    async def sources(self, request: Request) -> Response:
        """GET /sources.json: every board, for the ingest service."""
        boards = [state.board for state in self._boards.by_id.values()]
        return JSONResponse(
            [
                {
                    "id": board.id,
                    "name": board.name,
                    "kind": board.kind,
                    "url": f"{_base(request)}/{board.id}/" + ("feed.xml" if board.kind == "rss" else ""),
                    "authorities": list(board.authorities),
                }
                for board in boards
            ]
        )

    async def feed(self, request: Request) -> Response:
        """GET /{board}/feed.xml: an RSS board."""
        state = self._state(request)
        if state.board.kind != "rss":
            raise HTTPException(404, "this board has no feed")
        return self._answer(
            request, state, feed(state.board, state.showing(self._day()), _base(request)), _RSS
        )

    async def list(self, request: Request) -> Response:
        """GET /{board}/?page=N: the list, for people; on JSON-LD boards for machines, too."""
        state = self._state(request)
        adverts = state.showing(self._day())
        size = PAGE_SIZE.get(state.board.look, len(adverts) or 1)
        pages = max(1, math.ceil(len(adverts) / size))
        asked = request.query_params.get("page", "1")
        page = int(asked) if asked.isascii() and asked.isdigit() else 0
        if not 1 <= page <= pages:
            raise HTTPException(404, "no such page")
        shown = adverts[(page - 1) * size : page * size]
        blocks = list_blocks(state.board, shown, _base(request)) if state.board.kind == "jsonld" else []
        text = list_page(state.board, shown, blocks, total=len(adverts), page=page, pages=pages)
        return self._answer(request, state, text, _HTML)

    async def advert(self, request: Request) -> Response:
        """GET /{board}/jobs/{id}: one advert."""
        state = self._state(request)
        wanted = request.path_params["advert"]
        advert = next((each for each in state.showing(self._day()) if each.id == wanted), None)
        if advert is None:
            raise HTTPException(404, "no such advert")
        blocks = [posting(state.board, advert, _base(request))] if state.board.kind == "jsonld" else []
        return self._answer(request, state, advert_page(state.board, advert, blocks), _HTML)

    async def control(self, request: Request) -> Response:
        """PUT /control/{board}: change a board; see Boards.change for the wishes. 204, or 400 with the reason."""
        state = self._state(request)
        try:
            wish = json.loads(await request.body())
            if not isinstance(wish, dict):
                raise HTTPException(400, "an object is expected")
            self._boards.change(state, wish, datetime.now(UTC), self._day())
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return Response(status_code=204)

    async def log(self, request: Request) -> Response:
        """GET /control/log: the requests so far, oldest first; DELETE forgets them."""
        if request.method == "DELETE":
            self._log.clear()
            return Response(status_code=204)
        return JSONResponse(list(self._log))

    async def health(self, request: Request) -> Response:
        """GET /health."""
        return JSONResponse({"status": "ok", "boards": len(self._boards.by_id)})

    async def robots(self, request: Request) -> Response:
        """GET /robots.txt: everything but the controls."""
        return PlainTextResponse("User-agent: *\nDisallow: /control/\n")

    def _answer(self, request: Request, state: BoardState, text: str, media_type: str) -> Response:
        """The page as the board answers at present, with validators, or 304 if the asker has it."""
        answer = state.answer
        if answer.status != 200:
            return PlainTextResponse("This board answers so on request.", status_code=answer.status)
        body = text.encode()
        if answer.body is not None:
            return Response(b"" if answer.body == "empty" else body[: len(body) // 2], media_type=media_type)
        changed = state.last_modified(self._day()).replace(microsecond=0)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {
            "ETag": etag,
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _known(request, etag, changed):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _known(request: Request, etag: str, changed: datetime) -> bool:
    """Whether the asker has this very page; an ETag outranks a date."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed <= since.replace(tzinfo=since.tzinfo or UTC)


def create_app(today: date | None = None) -> Starlette:
    """The server as an ASGI application."""
    log: deque[dict[str, object]] = deque(maxlen=10_000)
    boards = SampleBoards(today, log)
    return Starlette(
        routes=[
            Route("/", boards.index),
            Route("/health", boards.health),
            Route("/robots.txt", boards.robots),
            Route("/sources.json", boards.sources),
            Route("/control/log", boards.log, methods=["GET", "DELETE"]),
            Route("/control/{board}", boards.control, methods=["PUT"]),
            Route("/{board}/", boards.list),
            Route("/{board}/feed.xml", boards.feed),
            Route("/{board}/jobs/{advert}", boards.advert),
        ],
        middleware=[Middleware(LogRequests, log=log)],
    )


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application in this event loop on a free port; gives its address, without a slash at the end."""
    with socket.create_server((HOST, 0)) as listener:  # it queues callers until the server accepts them
        settings = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(settings)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
