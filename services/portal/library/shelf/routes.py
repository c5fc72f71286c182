"""What is published: the search, and an item."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from loti_contracts.delivery.database import Connection
from loti_contracts.events import LibraryItem
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.heard.store import newest
from services.portal.library import store
from services.portal.library.changes import differences
from services.portal.library.kinds import KINDS
from services.portal.library.shelf.asked import PER_PAGE, read_asked
from services.portal.library.shelf.telling import card_line, facts, roles_links, safe_link
from services.portal.library.structures.chart import drawn
from services.portal.web.frame import page
from services.portal.web.site import site_of, visitor_of

router = APIRouter()


@router.get("/library", response_class=HTMLResponse)
async def library(request: Request) -> HTMLResponse:
    """The library: search, filters, and what each shelf has."""
    asked, hints = read_asked(request.query_params)
    pool = site_of(request).pool
    async with pool.acquire() as tx:
        found = await store.find(tx, asked)
        shelves = await store.shelves(tx)
        skills = list(await store.skills(tx))
    if asked.skill and asked.skill not in skills:
        skills.append(asked.skill)
    return page(
        request,
        "library/library.html",
        title="Library" if asked.anything else "Library: what was found",
        asked=asked,
        hints=hints,
        found=found,
        most=store.MOST_FOUND,
        page_count=-(-found.total // PER_PAGE),
        address=lambda number: f"/library{asked.query(page=number)}",
        shelves=[(kind, shelves.get(kind.name, 0)) for kind in KINDS.values()],
        kind_choices=[(kind.name, kind.plural) for kind in KINDS.values()],
        role_choices=[(name, name) for name in standard_roles()],
        level_choices=[(level, level.capitalize()) for level in LEVELS],
        skill_choices=[(skill, skill) for skill in skills],
        boroughs=[(one.gss, one.name) for one in authorities().values()],
        card_line=card_line,
    )


@router.get("/library/{item_id}", response_class=HTMLResponse)
async def item(request: Request, item_id: str, revision: str = "") -> HTMLResponse:
    """An item, as it is or (`?revision=`) as it was."""
    site = site_of(request)
    async with site.pool.acquire() as tx:
        now = await newest(tx, LibraryItem, item_id)
        if now is None:
            raise HTTPException(404)
        shown = await _at(tx, now, revision)
        versions = await store.versions(tx, item_id)
        before = next((one.revision for one in versions if one.revision < shown.revision), None)
        earlier = await store.item_then(tx, item_id, before) if before else None
        related = await store.related(tx, now)
        retiring = await store.retiring(tx, item_id)
    return page(
        request,
        "library/item.html",
        title=shown.title,
        item=shown,
        newest=now,
        kind=KINDS[shown.kind],
        facts=facts(shown, shown.kind),
        chart=drawn(shown.posts),
        versions=versions,
        changes=differences(earlier, shown) if earlier else (),
        related=related,
        retiring=retiring,
        role_links=roles_links(shown.standard_roles),
        safe_link=safe_link,
        may_offer=visitor_of(request).may("borough member", "supporter"),
    )


async def _at(tx: Connection, now: LibraryItem, revision: str) -> LibraryItem:
    """The item at that revision; as it is where none is asked for. Raises 404 for one that is not kept."""
    if not revision:
        return now
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise HTTPException(404)
    then = await store.item_then(tx, now.id, int(revision))
    if then is None:
        raise HTTPException(404)
    return then
