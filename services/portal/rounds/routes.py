"""The pages of rounds, for LOTI's staff: the list, and a new round."""

import uuid
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.portal.rounds import asking, round_routes, saying, store
from services.portal.rounds.asking import Fault, Typed
from services.portal.rounds.listing import page_number
from services.portal.rounds.naming import Person
from services.portal.rounds.vocabulary import KINDS, Kind, standing
from services.portal.signin.forms import posted
from services.portal.signin.guard import needs
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/rounds", response_class=HTMLResponse)
async def rounds_page(request: Request) -> HTMLResponse:
    """Every round, the newest first."""
    needs(request, "LOTI staff")
    number = page_number(request)
    async with site_of(request).pool.acquire() as connection:
        held, more = await store.load_rounds(connection, page=number)
    return page(
        request,
        "rounds/rounds.html",
        title="Rounds",
        rows=[(one, standing(one.round, one.result), KINDS[one.round.kind]) for one in held],
        number=number,
        more=more,
    )


@router.get("/rounds/new", response_class=HTMLResponse)
async def new_page(request: Request) -> HTMLResponse:
    """The form for a new round of the kind that the address says."""
    needs(request, "LOTI staff")
    return await _form(request, _kind(request), Typed(), uuid.uuid4().hex)


@router.post("/rounds/new", response_class=HTMLResponse)
async def new(request: Request) -> Response:
    """Ask for a round, and go to its page."""
    visitor, kind = needs(request, "LOTI staff"), _kind(request)
    form = await posted(request)
    typed = Typed(
        title=" ".join(form.text("title", most=2_000).split()),
        requests=tuple(dict.fromkeys(form.all("requests"))),
        supporters=tuple(dict.fromkeys(form.all("supporters"))),
        related_only=form.has("related_only"),
    )
    form_id, site = form.text("form_id"), site_of(request)
    async with site.pool.acquire() as connection:
        asks, helps = await store.load_people(connection, kind.kind)
    fields, faults = asking.read(
        typed, requests=[one.id for one in asks or ()], supporters=[one.id for one in helps or ()]
    )
    if faults:
        return await _form(request, kind, typed, form_id, faults)
    id_ = saying.id_of_form(visitor, form_id)
    async with site.pool.acquire() as tx, tx.transaction():
        await saying.ask(tx, visitor, id_, {**fields, "kind": kind.kind}, now=site.now())
    return RedirectResponse(f"/rounds/{id_}", status_code=303)


async def _form(
    request: Request, kind: Kind, typed: Typed, form_id: str, faults: Sequence[Fault] = ()
) -> HTMLResponse:
    asks: Sequence[Person] | None
    async with site_of(request).pool.acquire() as connection:
        asks, helps = await store.load_people(connection, kind.kind)
    return page(
        request,
        "rounds/new.html",
        title=f"{'Error: ' if faults else ''}New round of {kind.supporters}",
        status=422 if faults else 200,
        kind=kind,
        kinds=list(KINDS.values()),
        typed=typed,
        form_id=form_id,
        asks=asks,
        helps=helps,
        faults=faults,
        wrong={fault.field: fault.words for fault in faults},
        most=store.MOST,
    )


def _kind(request: Request) -> Kind:
    said = request.query_params.get("kind")
    return next((one for one in KINDS.values() if one.kind == said), KINDS["mentor"])


router.include_router(round_routes.router)
