"""Where a supporter says what they offer, and when: a new offer, a changed one, a pause, an end."""

import uuid
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Supporter
from services.portal.help import offering, saying, store
from services.portal.help.kinds import HELP, Kind, kind_of
from services.portal.help.looking_up import today_of
from services.portal.help.offer_form import OfferForm, offer_form
from services.portal.help.values import Values, one
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter()

_BESIDE: Final = ("form_id", "revision", "more")
PAGE: Final = "/supporting"


@router.get("/supporting/new", response_class=HTMLResponse)
async def new_page(request: Request) -> HTMLResponse:
    """Which kind of help one offers; and with `kind` the form of it."""
    visitor = needs(request)
    kind = kind_of(request.query_params.get("kind", ""))
    if kind is None:
        return page(request, "help/offer_kind.html", title="Offer your help", help=HELP)
    values: Values = {
        "form_id": (uuid.uuid4().hex,),
        "capacity": ("1",),
        "own_borough": (visitor.borough or "",),
        "offers": kind.purposes,
    }
    return offer_form(request, OfferForm(kind, _title_of_new(kind), values))


@router.post("/supporting/new", response_class=HTMLResponse)
async def offer(request: Request) -> Response:
    """List what one offers."""
    visitor, site = needs(request), site_of(request)
    form = await posted(request)
    kind = kind_of(form.text("kind", most=50))
    if kind is None:
        raise HTTPException(422, "Choose what you offer on the page before.")
    values = _values(form)
    shown = OfferForm(kind, _title_of_new(kind), values)
    if one(values, "more"):
        return offer_form(request, shown)
    offered = offering.read(kind.kind, values, today=today_of(site), before=None)
    if offered.faults:
        return offer_form(request, OfferForm(kind, shown.title, values, offered.faults))
    id_ = saying.id_of_form(visitor, f"{kind.kind} {one(values, 'form_id')}", "supporter")
    fields = {**offered.fields, "kind": kind.kind, "contact_id": visitor.contact_id}
    async with site.pool.acquire() as tx, tx.transaction():
        await saying.offer(tx, visitor, id_, fields, now=site.now())
    return RedirectResponse(PAGE, status_code=303)


@router.get("/supporting/listings/{supporter_id}", response_class=HTMLResponse)
async def change_page(request: Request, supporter_id: str) -> HTMLResponse:
    """What one offers, to change it."""
    visitor = needs(request)
    async with site_of(request).pool.acquire() as connection:
        own = await own_offer(connection, visitor, supporter_id)
    values = {**offering.values_of(own), "revision": (str(own.revision),)}
    return offer_form(request, OfferForm(HELP[own.kind], _title_of(own), values, before=own))


@router.post("/supporting/listings/{supporter_id}", response_class=HTMLResponse)
async def change(request: Request, supporter_id: str) -> Response:
    """Change what one offers."""
    visitor, site = needs(request), site_of(request)
    values = _values(await posted(request))
    async with site.pool.acquire() as tx, tx.transaction():
        own = await own_offer(tx, visitor, supporter_id)
        shown = OfferForm(HELP[own.kind], _title_of(own), values, before=own)
        if one(values, "more"):
            return offer_form(request, shown)
        offered = offering.read(own.kind, values, today=today_of(site), before=own)
        if offered.faults:
            return offer_form(request, OfferForm(shown.kind, shown.title, values, offered.faults, own))
        seen = own.model_copy(update={"revision": _whole(one(values, "revision"))})
        after = Supporter.model_validate({**own.model_dump(), **offered.fields, "stated_at": site.now()})
        await saying.offer_otherwise(tx, visitor, seen, after, what="changed an offer")
    return RedirectResponse(PAGE, status_code=303)


async def own_offer(tx: Connection, visitor: Visitor, supporter_id: str) -> Supporter:
    """One of the visitor's own offers. Raises HTTPException (404)."""
    found = (await store.load_supporters(tx, [supporter_id.replace("\0", "")])).get(supporter_id)
    if found is None or found.contact_id != visitor.contact_id:
        raise HTTPException(404)
    return found


def _values(form: Form) -> Values:
    return {name: form.all(name) for name in (*offering.field_names(), *_BESIDE)}


def _title_of_new(kind: Kind) -> str:
    return f"Offer your help as {kind.one}"


def _title_of(own: Supporter) -> str:
    return f"What you offer as {HELP[own.kind].one}"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
