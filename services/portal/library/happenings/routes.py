"""Events, their calendars, and the archive of newsletters."""

import re
from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from loti_contracts.events import Edition, LibraryItem
from services.portal.heard.store import newest
from services.portal.library import store
from services.portal.library.happenings.calendar import calendar
from services.portal.library.shelf.asked import page_in
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter()
_PER_PAGE = 20


@router.get("/events", response_class=HTMLResponse)
async def events(request: Request) -> HTMLResponse:
    """What happens next, and what was."""
    site = site_of(request)
    async with site.pool.acquire() as tx:
        coming = await store.coming_events(tx, site.now())
        past = await store.past_events(tx, site.now())
    return page(
        request,
        "library/events.html",
        title="Events",
        coming=coming,
        past=past,
        subscribe=site.url("/events.ics"),
    )


@router.get("/events.ics", response_class=Response)
async def events_calendar(request: Request) -> Response:
    """All events that are not over, to subscribe to."""
    site = site_of(request)
    async with site.pool.acquire() as tx:
        coming = await store.coming_events(tx, site.now())
    return _ics(request, coming, "events")


@router.get("/events/{item_id}.ics", response_class=Response)
async def event_calendar(request: Request, item_id: str) -> Response:
    """One event, to put into a calendar."""
    async with site_of(request).pool.acquire() as tx:
        item = await newest(tx, LibraryItem, item_id)
    if item is None or item.kind != "event" or item.happening is None:
        raise HTTPException(404)
    return _ics(request, [item], item_id)


@router.get("/newsletters", response_class=HTMLResponse)
async def newsletters(request: Request) -> HTMLResponse:
    """The archive, the last first."""
    number = page_in(request.query_params)
    async with site_of(request).pool.acquire() as tx:
        editions, total = await store.editions(tx, number, _PER_PAGE)
    return page(
        request,
        "library/newsletters.html",
        title="Newsletters",
        editions=editions,
        number=number,
        page_count=-(-total // _PER_PAGE),
        address=lambda at: f"/newsletters?page={at}" if at > 1 else "/newsletters",
    )


@router.get("/newsletters/{edition_id}", response_class=HTMLResponse)
async def newsletter(request: Request, edition_id: str) -> HTMLResponse:
    """A newsletter as it was sent."""
    async with site_of(request).pool.acquire() as tx:
        edition = await newest(tx, Edition, edition_id)
    if edition is None:
        raise HTTPException(404)
    return page(request, "library/newsletter.html", title=edition.title, edition=edition)


def _ics(request: Request, items: Sequence[LibraryItem], name: str) -> Response:
    site = site_of(request)
    text = calendar(
        items, name=f"{site.settings.site_name}: events", site=site.settings.portal_url, now=site.now()
    )
    file = re.sub(r"[^A-Za-z0-9-]+", "-", name)[:60] or "event"
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{file}.ics"'},
    )
