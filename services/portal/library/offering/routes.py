"""Offering something to the library."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.events import Content, LibraryItem
from loti_contracts.structures import TEMPLATE, StructureRefused, structure_text
from services.portal.heard.store import newest
from services.portal.library.kinds import BY_SLUG, KINDS, Kind
from services.portal.library.offering import saying
from services.portal.library.offering.joining import joined
from services.portal.library.offering.reading import Faults, Refused, read
from services.portal.library.offering.showing import form_page
from services.portal.library.offering.start import Start, sent, start
from services.portal.library.offering.typed import Typed, typed_in
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of
from services.portal.web.words import LONDON

router = APIRouter()
MOST_BYTES = 2_000_000
_HIDDEN: Sequence[str] = ("id", "item_id", "seen", "draft")


@router.get("/library/contribute", response_class=HTMLResponse)
async def kinds(request: Request) -> HTMLResponse:
    """What can be offered."""
    return page(
        request, "library/contribute.html", title="Offer something to the library", kinds=KINDS.values()
    )


@router.get("/library/contribute/team-structure.csv", response_class=Response)
async def template(request: Request) -> Response:
    """A small structure to fill in."""
    disposition = {"content-disposition": 'attachment; filename="team-structure.csv"'}
    return Response(TEMPLATE, media_type="text/csv; charset=utf-8", headers=disposition)


@router.get("/library/contribute/{slug}", response_class=HTMLResponse)
async def form(request: Request, slug: str) -> HTMLResponse:
    """The form of one kind, empty or with what is there so far."""
    kind = _kind(slug)
    visitor = needs(request, "borough member", "supporter")
    async with site_of(request).pool.acquire() as tx:
        begun = await start(tx, visitor, kind, request.query_params)
    draft = (
        request.query_params.get("draft", "") if begun.base and not request.query_params.get("offer") else ""
    )
    return _shown(request, visitor, kind, begun, begun.typed, draft=draft)


@router.post("/library/contribute/{slug}", response_class=HTMLResponse)
async def offer(request: Request, slug: str) -> Response:
    """Show it as it would be read (`do=preview`), or offer it."""
    kind = _kind(slug)
    visitor = needs(request, "borough member", "supporter")
    form = await posted(request, most=MOST_BYTES)
    site = site_of(request)
    typed, faults = with_upload(form, typed_in(form))
    hidden = {name: form.text(name, most=1_000) for name in _HIDDEN}
    async with site.pool.acquire() as tx, tx.transaction():
        begun = await sent(tx, visitor, kind, hidden)
        today = site.now().astimezone(LONDON).date()
        try:
            content = read(typed, kind.name, base=begun.base, borough=visitor.borough, today=today)
        except Refused as error:
            return _shown(
                request, visitor, kind, begun, typed, faults=error.faults | faults, draft=hidden["draft"]
            )
        if faults or form.text("do") != "offer":
            preview = None if faults else content
            return _shown(
                request, visitor, kind, begun, typed, faults=faults, preview=preview, draft=hidden["draft"]
            )
        await saying.offer(
            tx,
            visitor,
            id_=begun.id_,
            item_id=begun.item_id,
            kind=kind.name,
            content=content,
            note=typed.note,
            seen=begun.seen,
            now=site.now(),
        )
    return RedirectResponse(f"/library/drafts/{begun.id_}", status_code=303)


@router.post("/library/{item_id}/join", response_class=HTMLResponse)
async def join(request: Request, item_id: str) -> Response:
    """A borough has a challenge too, or works on it too."""
    visitor = needs(request, "borough member")
    form = await posted(request)
    site = site_of(request)
    async with site.pool.acquire() as tx, tx.transaction():
        item = await newest(tx, LibraryItem, item_id)
        if item is None or item.kind != "challenge" or item.status != "published":
            raise HTTPException(404)
        if visitor.borough is None:
            raise HTTPException(
                422, "Only people of a borough can say that their borough has a challenge too."
            )
        what, works = form.text("what", most=500), form.text("how") == "works"
        published = Content.model_validate(item.model_dump(include=set(Content.model_fields)))
        content = joined(
            published, visitor.borough, what=what, works=works, today=site.now().astimezone(LONDON).date()
        )
        if content == published:
            return RedirectResponse(f"/library/{item_id}", status_code=303)
        id_ = str(uuid.uuid4())
        await saying.offer(
            tx,
            visitor,
            id_=id_,
            item_id=item.id,
            kind="challenge",
            content=content,
            note=("We work on this too. " if works else "We have this too. ") + what,
            seen=0,
            now=site.now(),
        )
    return RedirectResponse(f"/library/drafts/{id_}", status_code=303)


@router.post("/library/drafts/{draft_id}/withdraw", response_class=HTMLResponse)
async def withdraw(request: Request, draft_id: str) -> Response:
    """Take one's offer back."""
    visitor = needs(request)
    await posted(request)
    site = site_of(request)
    async with site.pool.acquire() as tx, tx.transaction():
        try:
            await saying.withdraw(tx, visitor, draft_id, now=site.now())
        except KeyError as error:
            raise HTTPException(404) from error
    return RedirectResponse(f"/library/drafts/{draft_id}", status_code=303)


def with_upload(form: Form, typed: Typed) -> tuple[Typed, Faults]:
    """What was typed, with the text of the file that was chosen in the place of the posts."""
    upload = form.upload("file")
    if upload is None or not upload.content:
        return typed, {}
    try:
        return replace(typed, posts=structure_text(upload.content)), {}
    except StructureRefused as error:
        return typed, {"posts": [f"{upload.name}: {fault.problem}" for fault in error.faults]}


def _shown(
    request: Request,
    visitor: Visitor,
    kind: Kind,
    begun: Start,
    typed: Typed,
    *,
    draft: str = "",
    faults: Faults | None = None,
    preview: Content | None = None,
) -> HTMLResponse:
    title = (
        f"Offer {kind.with_article}"
        if begun.changes is None
        else f"Offer a new version: {begun.changes.title}"
    )
    if begun.seen:
        title = f"Change your offer: {kind.name}"
    return form_page(
        request,
        kind,
        typed,
        title=title,
        hidden={"id": begun.id_, "item_id": begun.item_id, "seen": str(begun.seen), "draft": draft},
        faults=faults,
        preview=preview,
        action=f"/library/contribute/{kind.slug}",
        last={"text": "Offer it", "value": "offer"},
        works_for=visitor.borough,
        mending=None,
    )


def _kind(slug: str) -> Kind:
    if slug not in BY_SLUG:
        raise HTTPException(404)
    return BY_SLUG[slug]
