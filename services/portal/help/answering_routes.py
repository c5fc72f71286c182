"""Where a borough answers a shortlist, withdraws a request, and where one of the two tells what came of it."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.delivery.database import Connection
from services.portal.help import outcomes, saying, store
from services.portal.help.kinds import HELP, RESULTS, asked_for
from services.portal.help.looking_up import address, known_to_visitor, reads_names
from services.portal.help.requests_routes import request_page
from services.portal.help.standing import Known, last_outcome, standing
from services.portal.help.values import Fault, Values
from services.portal.signin.forms import Form, posted
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of

router = APIRouter()

_CHANGED = "The shortlist changed while you were looking at it. This is the new one: please choose again."


@router.post("/help/requests/{request_id}/answer", response_class=HTMLResponse)
async def answer(request: Request, request_id: str) -> Response:
    """Accept one of the shortlist, or decline them all."""
    visitor, site = needs(request, "borough member"), site_of(request)
    form = await posted(request)
    supporter_id = form.text("accept", most=200) or None
    async with site.pool.acquire() as tx, tx.transaction():
        known = await known_to_visitor(tx, visitor, request_id)
        if not standing(known).can_answer or known.match is None:
            return await request_page(
                request, tx, known, visitor, notice="This cannot be answered now.", status=409
            )
        offered = [one.supporter_id for one in known.match.shortlist]
        if form.text("revision", most=20) != str(known.match.revision) or (
            supporter_id and supporter_id not in offered
        ):
            return await request_page(request, tx, known, visitor, notice=_CHANGED, status=409)
        await saying.answer(tx, visitor, known.match, supporter_id, now=site.now())
    return RedirectResponse(address(request_id), status_code=303)


@router.get("/help/requests/{request_id}/withdraw", response_class=HTMLResponse)
async def withdraw_page(request: Request, request_id: str) -> HTMLResponse:
    """What withdrawing means, and a button."""
    visitor = needs(request, "borough member")
    async with site_of(request).pool.acquire() as connection:
        known = await known_to_visitor(connection, visitor, request_id)
    if not standing(known).can_withdraw:
        raise HTTPException(404)
    accepted = known.match is not None and known.match.status == "accepted"
    asked = asked_for(known.request.kind, known.request.standard_role, known.request.purpose)
    return page(
        request,
        "help/withdraw.html",
        title="Withdraw this request?",
        back=address(request_id),
        asked=asked,
        accepted=accepted,
    )


@router.post("/help/requests/{request_id}/withdraw", response_class=HTMLResponse)
async def withdraw(request: Request, request_id: str) -> Response:
    """Withdraw the request."""
    visitor, site = needs(request, "borough member"), site_of(request)
    await posted(request)
    async with site.pool.acquire() as tx, tx.transaction():
        known = await known_to_visitor(tx, visitor, request_id)
        if standing(known).can_withdraw:
            await saying.withdraw(tx, visitor, known.request.id, now=site.now())
    return RedirectResponse(address(request_id), status_code=303)


@router.get("/help/requests/{request_id}/outcome", response_class=HTMLResponse)
async def outcome_page(request: Request, request_id: str) -> HTMLResponse:
    """What came of it? For the borough."""
    visitor = needs(request, "borough member")
    async with site_of(request).pool.acquire() as connection:
        known = await known_to_visitor(connection, visitor, request_id)
        return await _outcome_form(request, connection, known, visitor, back=address(request_id))


@router.post("/help/requests/{request_id}/outcome", response_class=HTMLResponse)
async def outcome(request: Request, request_id: str) -> Response:
    """Tell what came of it, for the borough."""
    visitor = needs(request, "borough member")
    form = await posted(request)
    async with site_of(request).pool.acquire() as tx, tx.transaction():
        known = await known_to_visitor(tx, visitor, request_id)
        return await _tell(request, tx, known, visitor, form, back=address(request_id))


@router.get("/supporting/introductions/{match_id}", response_class=HTMLResponse)
async def own_outcome_page(request: Request, match_id: str) -> HTMLResponse:
    """What came of it? For whoever was accepted."""
    visitor = needs(request)
    async with site_of(request).pool.acquire() as connection:
        known = await _introduced_to(connection, visitor, match_id)
        return await _outcome_form(request, connection, known, visitor, back="/supporting")


@router.post("/supporting/introductions/{match_id}", response_class=HTMLResponse)
async def own_outcome(request: Request, match_id: str) -> Response:
    """Tell what came of it, for whoever was accepted."""
    visitor = needs(request)
    form = await posted(request)
    async with site_of(request).pool.acquire() as tx, tx.transaction():
        known = await _introduced_to(tx, visitor, match_id)
        return await _tell(request, tx, known, visitor, form, back="/supporting")


async def _tell(
    request: Request, tx: Connection, known: Known, visitor: Visitor, form: Form, *, back: str
) -> Response:
    values: Values = {name: form.all(name) for name in ("result", "note")}
    result, note, faults = outcomes.read(known, values)
    if result is None or faults or not standing(known).can_tell:
        return await _outcome_form(request, tx, known, visitor, back=back, values=values, faults=faults)
    if known.match is not None and outcomes.is_news(known, result, note):
        await saying.tell(tx, visitor, known.match.id, result, note, now=site_of(request).now())
    return RedirectResponse(back, status_code=303)


async def _outcome_form(
    request: Request,
    tx: Connection,
    known: Known,
    visitor: Visitor,
    *,
    back: str,
    values: Values | None = None,
    faults: tuple[Fault, ...] = (),
) -> HTMLResponse:
    match = known.match
    if match is None or match.accepted is None or not standing(known).can_tell:
        raise HTTPException(404)
    supporting = match.accepted.contact_id == visitor.contact_id
    other = match.requester_contact_id if supporting else match.accepted.contact_id
    people = await store.load_people(tx, [other]) if supporting or _meets(known, visitor) else {}
    shown = values if values is not None else outcomes.values_of(known)
    results = {name: RESULTS[name] for name in HELP[known.request.kind].results}
    return page(
        request,
        "help/outcome.html",
        title="What came of it?",
        status=422 if faults else 200,
        asked=asked_for(known.request.kind, known.request.standard_role, known.request.purpose),
        other=people.get(other),
        results=results,
        values=shown,
        faults=faults,
        wrong={fault.field: fault.words for fault in reversed(faults)},
        told=RESULTS[last.result] if (last := last_outcome(known)) else "",
        back=back,
    )


def _meets(known: Known, visitor: Visitor) -> bool:
    """Once one is accepted, the whole borough knows whom it meets."""
    return visitor.sees_borough(known.request.borough) or reads_names(known, visitor)


async def _introduced_to(tx: Connection, visitor: Visitor, match_id: str) -> Known:
    """The request whose borough accepted this visitor. Raises HTTPException (404)."""
    known = await store.load_match(tx, match_id.replace("\0", ""))
    accepted = known.match.accepted if known and known.match and known.match.status == "accepted" else None
    if known is None or accepted is None or accepted.contact_id != visitor.contact_id:
        raise HTTPException(404)
    return known
