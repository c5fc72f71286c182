"""The sample boards' HTTP server: pages, feeds, conditional requests, control and request log."""

import json
import math
from collections import deque
from collections.abc import Sequence
from datetime import UTC, date, datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.boards import listed
from deploy.local.boards.adverts import Advert, Board
from deploy.local.boards.answering import answer
from deploy.local.boards.faces import FACES, Asked, Content, Shown
from deploy.local.boards.faces.shown import HTML, whole
from deploy.local.boards.faults import FAULTS
from deploy.local.boards.feeds import feed
from deploy.local.boards.jsonld import PAGE_SIZE, list_blocks, posting
from deploy.local.boards.pages import advert_page, index_page, list_page
from deploy.local.boards.request_log import Clock, LogRequests, now
from deploy.local.boards.serving import HOST, serving
from deploy.local.boards.state import Boards, BoardState

__all__ = ["HOST", "SampleBoards", "create_app", "serving"]

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
        kinds, base = listed.registered(), _base(request)
        rows = []
        for state in self._boards.by_id.values():
            entry = listed.entry(state.board, base, kinds)
            vendor = FACES[entry["kind"]].vendor if entry["kind"] in FACES else ""
            rows.append((state.board, len(state.adverts), vendor, entry["url"]))
        example = rows[0][0]
        faces = [(face.vendor, face.url(kind, example, base)) for kind, face in FACES.items()]
        page = index_page(rows, faces, {name: fault.what for name, fault in FAULTS.items()}, base)
        return Response(page, media_type=HTML)

    async def sources(self, request: Request) -> Response:
        """GET /sources.json: every board, for the ingest service; with `?face=KIND` all under that vendor's face."""
        face = request.query_params.get("face")
        if face is not None and face not in FACES:
            raise HTTPException(404, f"no such face; there are {', '.join(FACES)}")
        boards = [state.board for state in self._boards.by_id.values()]
        return JSONResponse(listed.sources(boards, _base(request), listed.registered(), face=face))

    async def face(self, request: Request) -> Response:
        """/{board}/as/{kind}/…: the board as a vendor's system would publish it."""
        state, kind = self._state(request), request.path_params["kind"]
        face = FACES.get(kind)
        if face is None:
            raise HTTPException(404, f"no such face; there are {', '.join(FACES)}")
        path, posted = request.path_params["path"], await request.body()
        asked = Asked(path, request.query_params, request.method, posted, request.headers)
        base = _base(request)

        def show(adverts: Sequence[Advert]) -> Content | None:
            here = f"{base}/{state.board.id}/as/{kind}"
            return face.answer(asked, Shown(state.board, adverts, base, here, self._day()))

        return answer(request, asked.body, state, self._day(), show)

    async def feed(self, request: Request) -> Response:
        """GET /{board}/feed.xml: an RSS board."""
        state = self._state(request)
        if state.board.kind != "rss":
            raise HTTPException(404, "this board has no feed")
        base = _base(request)
        return answer(
            request, b"", state, self._day(), lambda adverts: Content(feed(state.board, adverts, base), _RSS)
        )

    async def list(self, request: Request) -> Response:
        """GET /{board}/?page=N: the list, for people; on JSON-LD boards for machines, too."""
        state, base = self._state(request), _base(request)
        number = whole(request.query_params.get("page", "1"), 0)
        return answer(
            request, b"", state, self._day(), lambda adverts: _list(state.board, adverts, base, number)
        )

    async def advert(self, request: Request) -> Response:
        """GET /{board}/jobs/{id}: one advert."""
        state, base, wanted = self._state(request), _base(request), request.path_params["advert"]

        def show(adverts: Sequence[Advert]) -> Content | None:
            advert = next((each for each in adverts if each.id == wanted), None)
            if advert is None:
                return None
            blocks = [posting(state.board, advert, base)] if state.board.kind == "jsonld" else []
            return Content(advert_page(state.board, advert, blocks), HTML)

        return answer(request, b"", state, self._day(), show)

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

    async def health(self, _: Request) -> Response:
        """GET /health."""
        return JSONResponse({"status": "ok", "boards": len(self._boards.by_id)})

    async def robots(self, request: Request) -> Response:
        """GET /robots.txt: everything but the controls and the boards that refuse; or what PUT /control/robots said."""
        if self._boards.robots is not None:
            status, text = self._boards.robots
            return PlainTextResponse(text, status_code=status)
        refusing = [state.board.id for state in self._boards.by_id.values() if state.forbidden]
        lines = ["User-agent: *", "Disallow: /control/", *(f"Disallow: /{name}/" for name in refusing)]
        return PlainTextResponse("\n".join(lines) + "\n")

    async def control_robots(self, request: Request) -> Response:
        """PUT /control/robots: {text?, status?} instead of the robots.txt there is; null brings it back."""
        try:
            self._boards.refuse(json.loads(await request.body()))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return Response(status_code=204)

    async def faults(self, request: Request) -> Response:
        """GET /control/faults: what can be asked for, and what each does."""
        return JSONResponse({name: fault.what for name, fault in FAULTS.items()})


def _list(board: Board, adverts: Sequence[Advert], base: str, number: int) -> Content | None:
    size = PAGE_SIZE.get(board.look, len(adverts) or 1)
    pages = max(1, math.ceil(len(adverts) / size))
    if not 1 <= number <= pages:
        return None
    shown = adverts[(number - 1) * size : number * size]
    blocks = list_blocks(board, shown, base) if board.kind == "jsonld" else []
    return Content(list_page(board, shown, blocks, total=len(adverts), page=number, pages=pages), HTML)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def create_app(today: date | None = None, clock: Clock = now) -> Starlette:
    """The server as an ASGI application. `today` is the day that the boards think it is, `clock` the log's."""
    log: deque[dict[str, object]] = deque(maxlen=10_000)
    boards = SampleBoards(today, log)
    return Starlette(
        routes=[
            Route("/", boards.index),
            Route("/health", boards.health),
            Route("/robots.txt", boards.robots),
            Route("/sources.json", boards.sources),
            Route("/control/log", boards.log, methods=["GET", "DELETE"]),
            Route("/control/faults", boards.faults),
            Route("/control/robots", boards.control_robots, methods=["PUT"]),
            Route("/control/{board}", boards.control, methods=["PUT"]),
            Route("/{board}/", boards.list),
            Route("/{board}/feed.xml", boards.feed),
            Route("/{board}/jobs/{advert}", boards.advert),
            Route("/{board}/as/{kind}/{path:path}", boards.face, methods=["GET", "POST"]),
        ],
        middleware=[Middleware(LogRequests, log=log, clock=clock)],
    )
