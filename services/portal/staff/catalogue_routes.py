"""`/events-catalogue`: what is said between systems, for whoever wants to listen."""

import json
from urllib.parse import unquote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from loti_contracts.events import EVENTS
from services.portal.staff import catalogue, store
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/events-catalogue")
async def index(request: Request) -> HTMLResponse:
    """Every event, by its topic."""
    return page(request, "staff/catalogue.html", title="Events catalogue", events=catalogue.index())


@router.get("/events-catalogue/{type_}")
async def event(request: Request, type_: str) -> HTMLResponse:
    """One event: what it means, its fields, and the newest thing that it was about, where anybody may see that."""
    type_ = unquote(type_)
    described = catalogue.described(type_) if type_ in EVENTS else None
    if described is None:
        raise HTTPException(404, "There is no event of that type.")
    kind = catalogue.example_of(type_)
    example = None
    if kind is not None:
        async with site_of(request).pool.acquire() as db:
            example = await store.newest_of(db, kind)
    return page(
        request,
        "staff/event.html",
        title=type_,
        described=described,
        example=example and json.dumps(json.loads(example), indent=2, ensure_ascii=False)[:20_000],
        about=EVENTS[type_].about if kind else "",
        restricted=catalogue.restricted(type_),
    )
