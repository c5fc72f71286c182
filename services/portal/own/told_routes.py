"""The page where a person reads what was told to it: what, when, why, or why not."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.portal.own import store
from services.portal.own.told import entry
from services.portal.signin.guard import needs
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)

A_PAGE: Final = 25
_MOST_PAGES: Final = 400


@router.get("/me/told")
async def told(request: Request) -> Response:
    """The last first; `?page=2` what came before."""
    visitor = needs(request)
    number = _number(request.query_params.get("page", "1"))
    async with site_of(request).pool.acquire() as tx:
        rows = await store.told(tx, visitor.contact_id or "", most=A_PAGE + 1, after=(number - 1) * A_PAGE)
    return page(
        request,
        "own/told.html",
        title="What we told you" if number == 1 else f"What we told you, page {number}",
        entries=[entry(one) for one in rows[:A_PAGE]],
        number=number,
        newer=number - 1 if number > 1 else None,
        older=number + 1 if len(rows) > A_PAGE and number < _MOST_PAGES else None,
    )


def _number(text: str) -> int:
    return min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1
