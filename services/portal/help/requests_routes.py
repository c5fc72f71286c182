"""A borough's requests: the list, and a request with its shortlist and its course."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from loti_contracts.delivery.database import Connection
from loti_contracts.vocabulary import authorities
from services.portal.help import store
from services.portal.help.asking import summary
from services.portal.help.course import next_of, steps
from services.portal.help.kinds import HELP, asked_for, kind_of
from services.portal.help.looking_up import address, is_staff, known_to_visitor, reads_names
from services.portal.help.shortlist import Person, left_out, offer, offers
from services.portal.help.standing import Known, standing, taken_meanwhile
from services.portal.help.vocabulary import by_name
from services.portal.signin.guard import needs
from services.portal.signin.visitor import Visitor
from services.portal.web.frame import page
from services.portal.web.site import site_of
from services.portal.web.words import borough

router = APIRouter()

SHOWS: Final[dict[str, tuple[str, tuple[str, ...] | None]]] = {
    "all": ("All", None),
    "answer": ("Waiting for an answer", ("proposed",)),
    "looking": ("Looking for somebody", ("looking", "open")),
    "introduced": ("Accepted or introduced", ("accepted", "introduced", "followed up")),
    "ended": ("Ended", ("outcome", "declined", "lapsed", "withdrawn")),
}
"""What a list may be narrowed to: the words, and the stages of matches."""
_LAST_PAGE: Final = 1_000


@router.get("/help/requests", response_class=HTMLResponse)
async def requests(request: Request) -> HTMLResponse:
    """The requests of one's borough, or for LOTI's staff of any."""
    visitor = needs(request, "borough member")
    asks = request.query_params
    staff = is_staff(visitor)
    chosen = asks.get("borough", "") if asks.get("borough", "") in authorities() else None
    show = asks.get("show", "") if asks.get("show", "") in SHOWS else "all"
    kind = kind_of(asks.get("kind", ""))
    typed = asks.get("page", "")
    number = (
        min(_LAST_PAGE, max(1, int(typed))) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    )
    wanted = store.Wanted(
        borough=chosen if staff else visitor.borough,
        kind=kind.kind if kind else None,
        stages=SHOWS[show][1],
        page=number,
    )
    async with site_of(request).pool.acquire() as connection:
        found, more = await store.load_requests(connection, wanted)
        people = await store.load_people(connection, [one.request.contact_id for one in found])
    narrowed = {"show": show if show != "all" else "", "kind": wanted.kind or "", "borough": chosen or ""}
    return page(
        request,
        "help/requests.html",
        title="Requests for help" if staff else f"Requests of {borough(visitor.borough)}",
        rows=[_row(one, people) for one in found],
        staff=staff,
        show_options=[(name, words) for name, (words, _) in SHOWS.items() if name != "all"],
        kind_options=[(one.kind, f"{one.one[0].upper()}{one.one[1:]}") for one in HELP.values()],
        borough_options=[(gss, authority.name) for gss, authority in by_name()],
        chosen={name: (value,) for name, value in narrowed.items()},
        here=_page_of(narrowed, number),
        newer=_page_of(narrowed, number - 1) if number > 1 else "",
        older=_page_of(narrowed, number + 1) if more else "",
        narrowed=narrowed,
        number=number,
    )


@router.get("/help/requests/{request_id}", response_class=HTMLResponse)
async def one_request(request: Request, request_id: str) -> HTMLResponse:
    """A request: how it stands, who could help and why, who is left out, what happened and what happens next."""
    visitor = needs(request, "borough member")
    async with site_of(request).pool.acquire() as connection:
        known = await known_to_visitor(connection, visitor, request_id)
        return await request_page(request, connection, known, visitor)


async def request_page(
    request: Request, tx: Connection, known: Known, visitor: Visitor, *, notice: str = "", status: int = 200
) -> HTMLResponse:
    """The page of a request; `notice` says why what was sent did not count."""
    match = known.match
    asks = asked_for(known.request.kind, known.request.standard_role, known.request.purpose)
    where = borough(known.request.borough)
    found = await _people_of(tx, known, visitor) if match else {}
    next_ = next_of(known, who=found.get("who"))
    return page(
        request,
        "help/request.html",
        title=f"{asks}, {where}",
        status=status,
        notice=notice,
        known=known,
        asks=asks,
        kind=HELP[known.request.kind],
        stands=standing(known),
        next=next_,
        steps=steps(known),
        taken=taken_meanwhile(known),
        summary=summary(known.request),
        mine=known.request.contact_id == visitor.contact_id,
        requester=(await store.load_people(tx, [known.request.contact_id])).get(known.request.contact_id),
        address=address(known.request.id),
        **{"shortlist": (), "not_proposed": (), "accepted": None, "person": None, "named": False, **found},
    )


async def _people_of(tx: Connection, known: Known, visitor: Visitor) -> dict[str, Any]:
    """The shortlist, whom the borough accepted and who is left out, as this visitor may see them."""
    match = known.match
    assert match is not None  # noqa: S101 - asked for where there is one
    accepted = match.accepted if match.status == "accepted" else None
    candidates = [*match.shortlist, *([accepted] if accepted else [])]
    nearest = [one.supporter_id for one in match.left_out]
    supporters = await store.load_supporters(tx, [*nearest, *[one.supporter_id for one in candidates]])
    contacts = [one.contact_id for one in candidates] + [one.contact_id for one in supporters.values()]
    people = await store.load_people(tx, contacts)
    named, staff = reads_names(known, visitor), is_staff(visitor)
    shortlist = offers(match, people=people, supporters=supporters, named=named)
    met = offer(accepted, match, 0, people=people, supporters=supporters, named=True) if accepted else None
    chosen_id = known.answer.supporter_id if known.answer else None
    chosen = next((one.name for one in shortlist if one.supporter_id == chosen_id), None)
    person: Person | None = people.get(accepted.contact_id) if accepted and named else None
    return {
        "shortlist": shortlist,
        "named": named,
        "not_proposed": left_out(match, people=people, supporters=supporters, named=staff),
        "accepted": met,
        "person": person,
        "who": met.name if met else chosen,
    }


def _page_of(narrowed: Mapping[str, str], number: int) -> str:
    said = {name: value for name, value in narrowed.items() if value}
    return f"/help/requests?{urlencode({**said, 'page': number})}"


def _row(known: Known, people: Any) -> dict[str, Any]:
    request = known.request
    return {
        "url": address(request.id),
        "asks": asked_for(request.kind, request.standard_role, request.purpose),
        "borough": request.borough,
        "who": people.get(request.contact_id),
        "asked": request.stated_at,
        "tag": standing(known).tag,
        "next": next_of(known, who=None).title,
        "level": request.level,
    }
