"""The pages on help: asking for it, and giving it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.portal.help import (
    answering_routes,
    asking_routes,
    listing_routes,
    pausing_routes,
    requests_routes,
    store,
    supporting_routes,
)
from services.portal.help.kinds import HELP
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter()


@router.get("/help", response_class=HTMLResponse)
async def help_page(request: Request) -> HTMLResponse:
    """What can be asked for, of how many people, and how it goes."""
    visitor = visitor_of(request)
    own = visitor.borough if visitor.may("borough member") else None
    async with site_of(request).pool.acquire() as connection:
        listed = await store.count_supporters(connection)
        waiting = await store.count_to_answer(connection, own) if own else 0
    return page(
        request, "help/help.html", title="Ask for help", help=HELP, listed=listed, waiting=waiting, own=own
    )


for part in (
    asking_routes,
    answering_routes,
    requests_routes,
    listing_routes,
    pausing_routes,
    supporting_routes,
):
    router.include_router(part.router)
