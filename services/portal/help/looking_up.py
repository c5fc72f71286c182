"""What several of the pages look up: a request that its visitor may see, and names."""

from datetime import date
from urllib.parse import quote

from fastapi import HTTPException

from loti_contracts.delivery.database import Connection
from services.portal.help import store
from services.portal.help.kinds import HELP
from services.portal.help.shortlist import letter, names_shown
from services.portal.help.standing import Known
from services.portal.signin.visitor import Visitor
from services.portal.web.site import Site
from services.portal.web.words import LONDON


async def known_to_visitor(tx: Connection, visitor: Visitor, request_id: str) -> Known:
    """The request, if it is of a borough that the visitor sees. Raises HTTPException (404): nobody else learns that it
    exists."""
    known = await store.load_request(tx, request_id.replace("\0", ""))
    if known is None or not visitor.sees_borough(known.request.borough):
        raise HTTPException(404)
    return known


def is_staff(visitor: Visitor) -> bool:
    """Whether it is one of LOTI's staff."""
    return "LOTI staff" in visitor.kinds


async def ruled_out_by_name(
    tx: Connection, visitor: Visitor, borough: str | None, kind: str, known: Known | None = None
) -> list[tuple[str, str]]:
    """Whom a borough may rule out by name: whom it was introduced to, whom this request was proposed, and whom it rules
    out already. Id and name of each; one whose name this visitor does not read is called by what they are."""
    met = await store.load_earlier_supporters(tx, borough, kind) if borough else ()
    proposed = [one.supporter_id for one in known.match.shortlist] if known and known.match else []
    ids = list(dict.fromkeys([*met, *proposed, *(known.request.not_supporters if known else ())]))
    supporters = await store.load_supporters(tx, ids)
    people = await store.load_people(tx, [one.contact_id for one in supporters.values()])
    reads = known is not None and reads_names(known, visitor)
    found = []
    for id_ in ids:
        supporter = supporters.get(id_)
        person = people.get(supporter.contact_id) if supporter and (reads or id_ in met) else None
        nameless = (
            f"{HELP[known.request.kind].name} {letter(proposed.index(id_))}"
            if known and id_ in proposed
            else ""
        )
        called = (
            f"{person.name}, {person.organisation}" if person else nameless or "Somebody ruled out before"
        )
        found.append((id_, called))
    return found


def reads_names(known: Known, visitor: Visitor) -> bool:
    """Whether this visitor reads the names on the shortlist."""
    if known.match is None:
        return False
    return names_shown(known.match, contact_id=visitor.contact_id, staff=is_staff(visitor))


def today_of(site: Site) -> date:
    """The day in London."""
    return site.now().astimezone(LONDON).date()


def address(request_id: str) -> str:
    """The address of a request's page."""
    return f"/help/requests/{quote(request_id, safe='')}"
