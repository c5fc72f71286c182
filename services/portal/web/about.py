"""The few pages that say what the site itself does: accessibility, privacy, cookies; and what search engines may read."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)

_PRIVATE = ("/api/", "/audit", "/help/requests", "/library/drafts", "/live", "/me", "/rounds", "/sign-in", "/supporting", "/system")  # fmt: skip


@router.get("/accessibility")
async def accessibility(request: Request) -> HTMLResponse:
    """How the site can be used, and what is known to be hard."""
    return page(
        request, "web/accessibility.html", title="Accessibility", write_to=site_of(request).settings.sender
    )


@router.get("/privacy")
async def privacy(request: Request) -> HTMLResponse:
    """What is kept of whom, for how long."""
    settings = site_of(request).settings
    return page(
        request,
        "web/privacy.html",
        title="Privacy",
        write_to=settings.sender,
        history_days=settings.history_days,
        audit_days=settings.audit_days,
    )


@router.get("/cookies")
async def cookies(request: Request) -> HTMLResponse:
    """The two cookies that there are."""
    settings = site_of(request).settings
    return page(request, "web/cookies.html", title="Cookies", session_hours=settings.session_hours)


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    """What is for everybody may be found by search engines."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})
