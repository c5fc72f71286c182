"""`/audit`: who did what on this site, for LOTI's staff."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.portal.signin.guard import needs
from services.portal.staff import store
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)

PER_PAGE: Final = 50
_MOST: Final = 2**63 - 1


@router.get("/audit")
async def audit(request: Request) -> HTMLResponse:
    """The newest first. `who`: of one contact, `about`: of one thing, `before`: older than that line."""
    needs(request, "LOTI staff")
    who, about = (request.query_params.get(name, "").replace("\0", "").strip() for name in ("who", "about"))
    before = request.query_params.get("before", "")
    async with site_of(request).pool.acquire() as db:
        lines = await store.audited(
            db,
            contact_id=who or None,
            subject=about or None,
            before=min(int(before), _MOST)
            if before.isascii() and before.isdigit() and len(before) < 20
            else None,
            most=PER_PAGE + 1,
        )
    older = (
        {"who": who, "about": about, "before": lines[PER_PAGE - 1]["number"]} if len(lines) > PER_PAGE else {}
    )
    return page(
        request,
        "staff/audit.html",
        title="Who did what",
        lines=lines[:PER_PAGE],
        older=f"/audit?{urlencode({name: value for name, value in older.items() if value})}"
        if older
        else None,
        who=who,
        about=about,
        newest_first=bool(before),
    )
