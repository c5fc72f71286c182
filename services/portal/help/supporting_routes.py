"""A supporter's own page: what they offer, whether they can be asked now, and whom they were introduced to."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Supporter
from services.portal.help import spans, store
from services.portal.help.course import next_for_supporter, to_come
from services.portal.help.kinds import HELP, RESULTS, asked_for
from services.portal.help.looking_up import today_of
from services.portal.help.offers_in_words import counts_until, offer_in_words
from services.portal.help.standing import Known, last_outcome, standing
from services.portal.help.values import Fault
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import Site, site_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the day on which a pause of an offer is to end, and what was typed."""

    supporter_id: str
    typed: str
    words: str


@router.get("/supporting", response_class=HTMLResponse)
async def supporting(request: Request) -> HTMLResponse:
    """What one offers, and one's introductions."""
    visitor = needs(request)
    async with site_of(request).pool.acquire() as connection:
        return await supporting_page(request, connection, visitor)


async def supporting_page(
    request: Request, tx: Connection, visitor: Visitor, *, wrong: Wrong | None = None
) -> HTMLResponse:
    """The page; with what is wrong with a pause that was asked for."""
    site = site_of(request)
    assert visitor.contact_id is not None  # noqa: S101 - who is signed in has one
    own = await store.load_own_supporters(tx, visitor.contact_id)
    introductions = await store.load_introductions(tx, visitor.contact_id)
    people = await store.load_people(
        tx, [one.match.requester_contact_id for one in introductions if one.match]
    )
    offers = [_offer(one, site, wrong) for one in own]
    return page(
        request,
        "help/supporting.html",
        title="Supporting",
        status=422 if wrong else 200,
        offers=offers,
        faults=[Fault(f"back-{place}", one["fault"]) for place, one in enumerate(offers, 1) if one["fault"]],
        introductions=[_introduction(one, people) for one in introductions],
    )


def _offer(own: Supporter, site: Site, wrong: Wrong | None) -> dict[str, Any]:
    today = today_of(site)
    at_fault = wrong is not None and wrong.supporter_id == own.id
    away = spans.away_until(own, today=today) if own.status == "listed" else None
    if own.status == "withdrawn":
        tag, colour = "Withdrawn", "grey"
    elif spans.over(own, today=today):
        tag, colour = "Days are over", "orange"
    elif away:
        tag, colour = "Paused", "yellow"
    elif own.capacity == 0 and not any(span.capacity for span in own.available):
        tag, colour = "Takes no requests", "yellow"
    else:
        tag, colour = "Listed", "green"
    return {
        "supporter": own,
        "fault": wrong.words if wrong and at_fault else "",
        "typed": wrong.typed if wrong and at_fault else "",
        "name": HELP[own.kind].name,
        "tag": tag,
        "colour": colour,
        "away": away,
        "days": spans.in_words(own),
        "rows": offer_in_words(own),
        "counts_until": counts_until(own),
        "listed": own.status == "listed",
        "can_pause": own.status == "listed" and not spans.over(own, today=today),
    }


def _introduction(known: Known, people: Any) -> dict[str, Any]:
    match, request, outcome = known.match, known.request, last_outcome(known)
    assert match is not None  # noqa: S101 - what is loaded has one
    return {
        "id": match.id,
        "asks": asked_for(request.kind, request.standard_role, request.purpose),
        "borough": request.borough,
        "person": people.get(match.requester_contact_id),
        "accepted": match.answered_at,
        "note": match.note,
        "tag": standing(known).tag,
        "next": next_for_supporter(known),
        "can_tell": standing(known).can_tell,
        "due": to_come(known),
        "outcome": RESULTS[outcome.result] if outcome else "",
    }
