"""The first page."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.portal.web.frame import page
from services.portal.web.home import store
from services.portal.web.home.feed import feed
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)
_LINES: Final = 12
_EVENTS: Final = 3


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """What is known just now, and what was heard last; both refresh themselves while the page is open."""
    site = site_of(request)
    async with site.pool.acquire() as tx:
        figures = await store.figures(tx)
        heard = await store.heard_last(tx, most=_LINES)
        coming = await store.next_events(tx, site.now(), most=_EVENTS)
        edition = await store.last_edition(tx)
    return page(
        request,
        "web/home.html",
        title="London’s digital jobs, pay and people",
        figures=figures,
        told=feed(heard, most=_LINES),
        coming=coming,
        edition=edition,
    )
