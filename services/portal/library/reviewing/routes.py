"""What was offered or put together, until LOTI's staff publish or return it."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Content, Contribution, Draft, LibraryItem, Review
from services.portal.heard.store import newest
from services.portal.library import store
from services.portal.library.changes import differences
from services.portal.library.kinds import KINDS
from services.portal.library.offering.joining import with_all
from services.portal.library.reviewing import saying
from services.portal.library.reviewing.standing import standing, status_words
from services.portal.library.shelf.telling import facts
from services.portal.library.structures.chart import drawn
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a draft; at least one of `draft` and `offer` is there. `answered`: the library has heard what
    was offered last."""

    draft: Draft | None
    offer: Contribution | None
    review: Review | None
    published: LibraryItem | None
    answered: bool

    @property
    def content(self) -> Content:
        """What it would say; of a challenge, with all who joined it meanwhile."""
        found = self.draft or self.offer
        assert found is not None  # noqa: S101 - `known` raises otherwise
        if self.offer is not None and not self.answered:
            found = self.offer
        if found.kind == "challenge" and self.published is not None:
            return with_all(found.content, self.published)
        return found.content


async def known(tx: Connection, visitor: Visitor, draft_id: str) -> Known:
    """Raises HTTPException (404) where there is none, or none that this visitor may see."""
    draft, offer = await newest(tx, Draft, draft_id), await newest(tx, Contribution, draft_id)
    own = offer is not None and offer.contact_id == visitor.contact_id
    found = draft or offer
    if found is None or not (own or "LOTI staff" in visitor.kinds):
        raise HTTPException(404)
    published = await newest(tx, LibraryItem, found.item_id)
    review = await store.review_of(tx, draft_id)
    return Known(draft, offer, review, published, await store.answered(tx, draft_id))


@router.get("/library/drafts", response_class=HTMLResponse)
async def drafts(request: Request) -> HTMLResponse:
    """For LOTI's staff what waits; for everybody what they offered."""
    visitor = needs(request)
    staff = "LOTI staff" in visitor.kinds
    async with site_of(request).pool.acquire() as tx:
        waiting = await store.waiting_drafts(tx) if staff else ()
        own = await store.offers_of(tx, visitor.contact_id or "")
        names = await store.names(tx, [row["contact_id"] for row in waiting])
    return page(
        request,
        "library/drafts.html",
        title="Drafts" if staff else "What you offered",
        staff=staff,
        waiting=waiting,
        own=own,
        names=names,
        status_words=status_words,
    )


@router.get("/library/drafts/{draft_id}", response_class=HTMLResponse)
async def draft(request: Request, draft_id: str) -> HTMLResponse:
    """One of them, with what it would change."""
    visitor = needs(request)
    async with site_of(request).pool.acquire() as tx:
        found = await known(tx, visitor, draft_id)
        names = await store.names(tx, [found.offer.contact_id if found.offer else None])
    return draft_page(request, visitor, draft_id, found, names=tuple(names.values()))


@router.post("/library/drafts/{draft_id}", response_class=HTMLResponse)
async def review(request: Request, draft_id: str) -> Response:
    """Publish it (`verdict=publish`) or return it with the reason."""
    visitor = needs(request, "LOTI staff")
    form = await posted(request)
    site = site_of(request)
    why = form.text("why", most=2_000)
    async with site.pool.acquire() as tx, tx.transaction():
        found = await known(tx, visitor, draft_id)
        if found.draft is None:
            raise HTTPException(404)
        if form.text("verdict") == "publish":
            await saying.publish(
                tx, visitor, found.draft, seen=seen_in(form), content=found.content, why=why, now=site.now()
            )
        elif not why:
            fault = "Say what is to be changed: who offered it reads this"
            return draft_page(request, visitor, draft_id, found, names=(), fault=fault)
        else:
            await saying.hand_back(tx, visitor, found.draft, seen=seen_in(form), why=why, now=site.now())
    return RedirectResponse(f"/library/drafts/{draft_id}", status_code=303)


@router.post("/library/{item_id}/retire", response_class=HTMLResponse)
async def retire(request: Request, item_id: str) -> Response:
    """Take a published item out of use."""
    visitor = needs(request, "LOTI staff")
    form = await posted(request)
    site = site_of(request)
    async with site.pool.acquire() as tx, tx.transaction():
        item = await newest(tx, LibraryItem, item_id)
        if item is None:
            raise HTTPException(404)
        if item.status == "published":
            await saying.retire(tx, visitor, item, why=form.text("why", most=2_000), now=site.now())
    return RedirectResponse(f"/library/{item_id}", status_code=303)


def seen_in(form: Form) -> int:
    """The revision that the reviewer looked at; 0, which is none, where it was not sent."""
    text = form.text("seen", most=20)
    return int(text) if text.isascii() and text.isdigit() else 0


def draft_page(
    request: Request,
    visitor: Visitor,
    draft_id: str,
    found: Known,
    *,
    names: tuple[str, ...],
    fault: str = "",
) -> HTMLResponse:
    """The page of a draft; with a fault it is answered 422."""
    content = found.content
    named = found.draft or found.offer
    assert named is not None  # noqa: S101 - `known` raises otherwise
    return page(
        request,
        "library/draft.html",
        title=f"Error: {content.title}" if fault else f"Draft: {content.title}",
        status=422 if fault else 200,
        draft_id=draft_id,
        draft=found.draft,
        offer=found.offer,
        kind=KINDS[named.kind],
        content=content,
        facts=facts(content, named.kind),
        chart=drawn(content.posts),
        published=found.published,
        changes=differences(found.published, content) if found.published else (),
        standing=standing(found.draft, found.offer, found.review, visitor, heard_last=found.answered),
        offered_by=names[0] if names else None,
        fault=fault,
    )
