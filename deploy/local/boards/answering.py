"""From what a board shows to what is sent: validators and 304 where all is well, the fault that was asked for where not."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces import Content
from deploy.local.boards.faults import DRIP, SLOWEST, Page, Place, page_number
from deploy.local.boards.rules import Rule
from deploy.local.boards.state import BoardState

Show = Callable[[Sequence[Advert]], Content | None]


def answer(request: Request, posted: bytes, state: BoardState, today: date, show: Show) -> Response:
    """Answer a request to a board.

    Args:
        posted: the request's body.
        show: prints the page from the adverts; None where there is no such page.

    Raises:
        HTTPException: 404, there is no such page.
    """
    query = request.url.query
    rule = state.rule_for(request.url.path + (f"?{query}" if query else ""))
    if rule is None:
        content = _there(show(state.showing(today)))
        return _validated(request, content, state.last_modified(today).replace(microsecond=0))
    return _wrong(
        rule, Place(str(request.url), page_number(request.query_params, posted)), state, today, show
    )


def _there(content: Content | None) -> Content:
    if content is None:
        raise HTTPException(404, "no such page")
    return content


def _wrong(rule: Rule, place: Place, state: BoardState, today: date, show: Show) -> Response:
    """The answer with its fault; never with validators, so that nobody takes it for the page that is right."""
    if rule.status != 200:
        headers = {"Retry-After": rule.retry_after} if rule.retry_after is not None else {}
        return PlainTextResponse(
            "This board answers so on request.", status_code=rule.status, headers=headers
        )
    fault = rule.wrong
    page = fault.instead(place) if fault and fault.instead else None
    if page is None:
        adverts = state.showing(today)
        content = _there(show(fault.adverts(adverts) if fault and fault.adverts else adverts))
        page = Page(content.text.encode(), content.media_type, content.status)
    if fault and fault.page:
        page = fault.page(page)
    headers = {**page.headers, "Content-Type": page.media_type}
    if page.drip:
        return StreamingResponse(_drip(page.body), page.status, headers)
    return Response(page.body, page.status, headers)


async def _drip(body: bytes) -> AsyncIterator[bytes]:
    for at in range(min(len(body), int(SLOWEST / DRIP))):
        yield body[at : at + 1]
        await asyncio.sleep(DRIP)


def _validated(request: Request, content: Content, changed: datetime) -> Response:
    """The page with validators, or 304 if the asker has it. They belong to the board as a whole: a change on one of
    its pages changes them on all, so that asking for the first is enough."""
    body = content.text.encode()
    plain = content.passing or content.status != 200 or request.method != "GET"
    if plain:
        return Response(
            body, content.status, {"Cache-Control": "no-store", "Content-Type": content.media_type}
        )
    etag = f'"{hashlib.sha256(body + changed.isoformat().encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "no-cache",
    }
    if _known(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=content.media_type, headers=headers)


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
