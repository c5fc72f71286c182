"""Mending a draft before it is published."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.events import Content, Draft
from services.portal.library.kinds import KINDS
from services.portal.library.offering.reading import Faults, Refused, read
from services.portal.library.offering.routes import MOST_BYTES, with_upload
from services.portal.library.offering.showing import form_page
from services.portal.library.offering.typed import Typed, typed_in, typed_of
from services.portal.library.reviewing import saying
from services.portal.library.reviewing.routes import known, seen_in
from services.portal.saying.say import Stale
from services.portal.signin.forms import posted
from services.portal.signin.guard import needs
from services.portal.web.site import site_of
from services.portal.web.words import LONDON

router = APIRouter()


@router.get("/library/drafts/{draft_id}/edit", response_class=HTMLResponse)
async def edit(request: Request, draft_id: str) -> HTMLResponse:
    """The form with what the draft says."""
    visitor = needs(request, "LOTI staff")
    async with site_of(request).pool.acquire() as tx:
        found = await known(tx, visitor, draft_id)
    if found.draft is None:
        raise HTTPException(404)
    return _shown(request, found.draft, typed_of(found.content), seen=found.draft.revision)


@router.post("/library/drafts/{draft_id}/edit", response_class=HTMLResponse)
async def mend(request: Request, draft_id: str) -> Response:
    """Show it as it would be read (`do=preview`), or publish it so."""
    visitor = needs(request, "LOTI staff")
    form = await posted(request, most=MOST_BYTES)
    site = site_of(request)
    typed, faults = with_upload(form, typed_in(form))
    why, seen = form.text("why", most=2_000), seen_in(form)
    async with site.pool.acquire() as tx, tx.transaction():
        found = await known(tx, visitor, draft_id)
        draft = found.draft
        if draft is None:
            raise HTTPException(404)
        if seen != draft.revision:
            raise Stale(f"{draft_id} is not as it was seen")
        today = site.now().astimezone(LONDON).date()
        try:
            content = read(typed, draft.kind, base=found.content, borough=None, today=today)
        except Refused as error:
            return _shown(request, draft, typed, seen=seen, why=why, faults=error.faults | faults)
        if faults or form.text("do") != "publish":
            preview = None if faults else content
            return _shown(request, draft, typed, seen=seen, why=why, faults=faults, preview=preview)
        await saying.publish(tx, visitor, draft, seen=seen, content=content, why=why, now=site.now())
    return RedirectResponse(f"/library/drafts/{draft_id}", status_code=303)


def _shown(
    request: Request,
    draft: Draft,
    typed: Typed,
    *,
    seen: int,
    why: str = "",
    faults: Faults | None = None,
    preview: Content | None = None,
) -> HTMLResponse:
    kind = KINDS[draft.kind]
    return form_page(
        request,
        kind,
        typed,
        title=f"Mend the draft: {kind.name}",
        hidden={"seen": str(seen)},
        faults=faults,
        preview=preview,
        action=f"/library/drafts/{draft.id}/edit",
        last={"text": "Publish it as it stands here", "value": "publish"},
        works_for=None,
        mending="What you change here is published; the one who offered it sees the result and your word to them.",
        why=why,
    )
