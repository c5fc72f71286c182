"""Roles that are advertised while the library has no job description for them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.portal.library import store
from services.portal.library.shelf.asked import page_in
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter()
_PER_PAGE = 25


@router.get("/library/gaps", response_class=HTMLResponse)
async def gaps(request: Request) -> HTMLResponse:
    """What is missing or old, with the open adverts that could serve as a start."""
    number = page_in(request.query_params)
    async with site_of(request).pool.acquire() as tx:
        found, total = await store.gaps(tx, number, _PER_PAGE)
    return page(
        request,
        "library/gaps.html",
        title="Job descriptions that are missing",
        gaps=found,
        number=number,
        page_count=-(-total // _PER_PAGE),
        address=lambda at: f"/library/gaps?page={at}" if at > 1 else "/library/gaps",
        staff="LOTI staff" in visitor_of(request).kinds,
    )
