"""Where a supporter renews an offer, pauses it, comes back, withdraws from the list, or is listed again."""

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from loti_contracts.events import Supporter
from services.portal.help import saying, spans
from services.portal.help.listing_routes import PAGE, own_offer
from services.portal.help.looking_up import today_of
from services.portal.help.supporting_routes import Wrong, supporting_page
from services.portal.help.values import Reading
from services.portal.signin.forms import posted
from services.portal.signin.guard import needs
from services.portal.web.site import site_of

router = APIRouter()


@router.post("/supporting/listings/{supporter_id}/{do}", response_class=HTMLResponse)
async def do(request: Request, supporter_id: str, do: str) -> Response:
    """Renew, pause, come back, withdraw, or be listed again."""
    visitor, site = needs(request), site_of(request)
    form = await posted(request)
    today = today_of(site)
    async with site.pool.acquire() as tx, tx.transaction():
        own = await own_offer(tx, visitor, supporter_id)
        after, what, fault = _done(own, do, Reading({"back": form.all("back")}), today)
        if fault:
            wrong = Wrong(own.id, form.text("back"), fault)
            return await supporting_page(request, tx, visitor, wrong=wrong)
        if after is not None:
            after = after.model_copy(update={"stated_at": site.now()})
            await saying.offer_otherwise(tx, visitor, own, after, what=what)
    return RedirectResponse(PAGE, status_code=303)


def _done(own: Supporter, do: str, form: Reading, today: date) -> tuple[Supporter | None, str, str]:
    """The offer afterwards (None: nothing to say), what was done, and what is wrong. Raises HTTPException (404)."""
    listed = own.status == "listed"
    match do:
        case "renew":
            return (own if listed else None), "renewed an offer", ""
        case "withdraw":
            gone = own.model_copy(update={"status": "withdrawn"})
            return (gone if listed else None), "withdrew an offer", ""
        case "list":
            back = own.model_copy(update={"status": "listed"})
            return (None if listed else back), "offered help again", ""
        case "back":
            return spans.back_now(own, today=today), "ended a pause", ""
        case "pause":
            return _paused(own, form, today)
    raise HTTPException(404)


def _paused(own: Supporter, form: Reading, today: date) -> tuple[Supporter | None, str, str]:
    back = spans.read_back(form, today=today)
    if back is None:
        return None, "", form.faults[0].words
    after = spans.paused(own, back)
    if after is None:
        return (
            None,
            "",
            "You are available on no day after that: change your days, or withdraw from the list.",
        )
    return after, "paused an offer", ""
