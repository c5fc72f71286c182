"""Where reports and receipts are posted. Each route is there only where its bearer token is set."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import asyncpg
import structlog
from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from loti_contracts.delivery.database import PASSING, Connection
from services.notify.reports import heard, parts, receipts
from services.notify.reports.heard import Heard
from services.notify.reports.receipts import Receipt
from services.notify.settings import NotifySettings

_log = structlog.get_logger("reports")

Pool: TypeAlias = "asyncpg.Pool[Any]"
_Hear: TypeAlias = Callable[[Connection, bytes], Awaitable[Heard]]

LARGEST_RECEIPT: Final = 20_000
_STATUS: Final = {"taken": 200, "known": 200, "passed": 200, "not taken": 422, "later": 503}
_AGAIN_IN: Final = {"Retry-After": "30"}


def routes(pool: Pool, settings: NotifySettings) -> list[Route]:
    """`POST /reports`: one bounce or complaint, as `message/rfc822`. `POST /receipts/govuk-notify`: what GOV.UK Notify
    calls back with."""

    async def report(tx: Connection, body: bytes) -> Heard:
        return await heard.hear(tx, settings, body, datetime.now(UTC))

    async def receipt(tx: Connection, body: bytes) -> Heard:
        try:
            return await receipts.hear(tx, settings, Receipt.model_validate_json(body), datetime.now(UTC))
        except ValidationError as error:
            wrong = ", ".join(sorted({".".join(map(str, one["loc"])) or "body" for one in error.errors()}))
            return Heard("not taken", f"it is no delivery receipt: look at {wrong}")

    found = []
    if settings.bounce_key is not None:
        found.append(_route("/reports", pool, settings.bounce_key, "message/rfc822", parts.LARGEST, report))
    if settings.govuk_notify_callback is not None:
        token = settings.govuk_notify_callback
        found.append(
            _route("/receipts/govuk-notify", pool, token, "application/json", LARGEST_RECEIPT, receipt)
        )
    return found


def _route(path: str, pool: Pool, token: SecretStr, kind: str, largest: int, hear: _Hear) -> Route:
    async def post(request: Request) -> Response:
        if not _may(request, token):
            return _said(
                401, "a bearer token is needed in the Authorization header", {"WWW-Authenticate": "Bearer"}
            )
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
            return _said(415, f"the body must be {kind}, and its Content-Type must say so")
        body = await _body(request, largest)
        if body is None:
            return _said(413, f"{largest} bytes are the most that is read")
        try:
            async with pool.acquire() as tx, tx.transaction():
                found = await hear(tx, body)
        except PASSING as error:
            _log.warning("report_postponed", error=type(error).__name__)
            return _said(503, "the database is away; send it again", _AGAIN_IN)
        _log.info("report_heard", at=path, ending=found.ending, words=found.words)
        again = _AGAIN_IN if found.ending == "later" else None
        return _said(_STATUS[found.ending], found.words, again, ending=found.ending)

    return Route(path, post, methods=["POST"])


def _may(request: Request, token: SecretStr) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = token.get_secret_value()
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), wanted.encode())
    return same and bool(wanted) and scheme.lower() == "bearer"


async def _body(request: Request, largest: int) -> bytes | None:
    """The whole body; None as soon as it is too large, whatever its Content-Length says."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > largest:
            return None
    return bytes(read)


def _said(
    status: int, words: str, headers: dict[str, str] | None = None, *, ending: str = "refused"
) -> Response:
    return JSONResponse({"ending": ending, "words": words}, status_code=status, headers=headers)
