"""`GET /events?type=&authority=&after=CURSOR&limit=&wait=`: pull, replay and catch up, by cursor."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import asyncpg
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loti_contracts.delivery.database import PASSING, open_pool, queries_beside
from loti_contracts.delivery.health import serve
from loti_contracts.delivery.process import Loop
from services.webhooks import cursors, log, metrics
from services.webhooks.bell import Bell
from services.webhooks.cloud_events import MANY
from services.webhooks.cursors import Cursor, NoLongerKept
from services.webhooks.log import Page
from services.webhooks.pull import questions
from services.webhooks.pull.questions import NotUnderstood, Question
from services.webhooks.settings import WebhooksSettings

queries = queries_beside(__file__)
_log = structlog.get_logger("pulling")
_CONNECTIONS = 4


def digest_of(token: str) -> bytes:
    """As a token is kept. It is random and long, so that a plain digest gives nothing away."""
    return hashlib.sha256(token.encode()).digest()


class Pulling:
    """The answers. `stopping` ends what waits."""

    def __init__(self, pool: "asyncpg.Pool[Any]", bell: Bell, stopping: asyncio.Event) -> None:
        self._pool = pool
        self._bell = bell
        self._stopping = stopping

    def app(self) -> Starlette:
        """One page."""
        return Starlette(routes=[Route("/events", self.events, methods=["GET"])])

    async def events(self, request: Request) -> Response:
        """A page of events and where the next one begins; or what is wrong with the question."""
        try:
            reader = await self._reader(request)
            if reader is None:
                return _problem(
                    401,
                    "Authorization: Bearer TOKEN is needed, with a token from `loti webhooks reader add NAME`",
                    {"WWW-Authenticate": 'Bearer realm="events"'},
                )
            asked = {name: request.query_params.getlist(name) for name in request.query_params}
            question = questions.read(asked)
            page, cursor, behind = await self._answer(question)
            await queries.reader_read(
                self._pool, name=reader, position=cursor.position, now=datetime.now(UTC)
            )
        except NotUnderstood as error:
            return _problem(400, str(error))
        except NoLongerKept as error:
            return _problem(410, str(error))
        except PASSING as error:
            _log.warning("pull_failed", error=type(error).__name__)
            return _problem(503, "the log cannot be read now; ask again soon", {"Retry-After": "5"})
        metrics.pulled.inc(len(page.bodies))
        return _shown(request, page, cursor, behind)

    async def _reader(self, request: Request) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        row = await queries.reader_of(self._pool, digest=digest_of(token.strip()))
        return row["name"] if row else None

    async def _answer(self, question: Question) -> tuple[Page, Cursor, int]:
        """Now, or once something has come, or when the wait is over."""
        clock = asyncio.get_running_loop().time
        until = clock() + question.wait
        after = question.after
        while True:
            news = self._bell.next()
            page, after, behind = await self._look(question, after)
            left = until - clock()
            if page.bodies or left <= 0 or self._stopping.is_set():
                return page, after, behind
            await self._bell.wait(news, self._stopping, most=left)

    async def _look(self, question: Question, after: Cursor | None) -> tuple[Page, Cursor, int]:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            now = await log.log_of(connection)
            if after is None:
                after = cursors.start(now)
            cursors.check(after, now)
            page = await log.page(
                connection, now, after=after.position, wanted=question.wanted, most=question.limit
            )
        return page, cursors.at(page.next_position, now), now.last - page.next_position


def _shown(request: Request, page: Page, cursor: Cursor, behind: int) -> Response:
    """A CloudEvents batch; or, for who asks for application/json, an object with the same events and the cursor. `behind`
    is how many events of all types follow at most: a reader's lag."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    link = f'<?{urlencode([*kept, ("after", str(cursor))])}>; rel="next"'
    batch = f"[{','.join(page.bodies)}]"
    more = "true" if page.more else "false"
    headers = {"Link": link, "Loti-Cursor": str(cursor), "Loti-More": more, "Loti-Behind": str(behind),
               "Cache-Control": "no-store", "Vary": "Accept, Authorization"}  # fmt: skip
    accepts = [part.partition(";")[0].strip() for part in request.headers.get("accept", "").split(",")]
    if "application/json" not in accepts or MANY in accepts:
        return Response(batch, media_type=MANY, headers=headers)
    body = f'{{"events":{batch},"next":"{cursor}","more":{more},"behind":{behind}}}'
    return Response(body, media_type="application/json", headers=headers)


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """RFC 9457."""
    body = json.dumps({"status": status, "detail": detail}, ensure_ascii=False)
    return Response(
        body,
        status_code=status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )


def events_page(settings: WebhooksSettings, bell: Bell) -> Loop:
    """Serves it until stopped, at `events_host` and `events_port`; with port 0 nothing is served. Readers have a few
    connections of their own, so that many at once never keep an event from being pushed."""

    async def serving(_: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        if not settings.events_port:
            _log.info("events_not_served")
            await stopping.wait()
            return
        async with await open_pool(settings.database.get_secret_value(), most=_CONNECTIONS) as pool:
            _log.info("events_served", port=settings.events_port)
            app = Pulling(pool, bell, stopping).app()
            await serve(app, host=settings.events_host, port=settings.events_port, stopping=stopping)

    return serving
