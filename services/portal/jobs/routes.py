"""The jobs board: `/jobs` and its map, and everything else about jobs."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.portal.jobs import api, feed_routes, paging, role_routes, store
from services.portal.jobs.asked import CONTRACTS, SINCE_DAYS, SORTS, STATUSES, Asked
from services.portal.jobs.asked_reading import read_asked
from services.portal.jobs.asked_words import chosen, sentence
from services.portal.jobs.cards import card
from services.portal.jobs.searching import search
from services.portal.jobs.subscribing import subscribe_address
from services.portal.jobs.tiles import tile_map
from services.portal.web.frame import page
from services.portal.web.site import site_of
from services.portal.web.words import LONDON

router = APIRouter()

_CHOICES = {
    "boroughs": sorted(((one.gss, one.name) for one in authorities().values()), key=lambda it: it[1]),
    "levels": [(level, level.capitalize()) for level in LEVELS],
    "families": [(family, family) for family in FAMILIES],
    "roles": [(name, name) for name in sorted(standard_roles(), key=str.casefold)],
    "areas": [("inner", "Inner London"), ("outer", "Outer London")],
    "contracts": list(CONTRACTS.items()),
    "statuses": list(STATUSES.items()),
    "since": list(SINCE_DAYS.items()),
    "sorts": list(SORTS.items()),
}


@router.get("/jobs", response_class=HTMLResponse)
async def board(request: Request) -> Response:
    """The roles that are looked for, with the form that looks for them."""
    site = site_of(request)
    asked, hints = read_asked(request.query_params.multi_items())
    now = site.now()
    async with site.pool.acquire() as tx, tx.transaction(readonly=True):
        found = await search(tx, asked, today=now.astimezone(LONDON).date())
    shown = found.asked
    answer = page(
        request,
        "jobs/board.html",
        title=_title(shown),
        asked=asked,
        found=found,
        cards=[card(one.role, found.flags[one.role.id], now) for one in found.roles],
        pages=paging.pages(shown.page, found.pages, lambda n: shown.on_page(n).address()),
        chosen=chosen(asked),
        hints=hints,
        here=asked.address(),
        subscribe=subscribe_address(shown),
        choices=_CHOICES,
        links={name: shown.for_good().address(path) for name, path in _ALSO.items()},
    )
    if request.headers.get("HX-Trigger") == "filters":
        answer.headers["HX-Push-Url"] = asked.address()
    return answer


@router.get("/jobs/map", response_class=HTMLResponse)
async def on_the_map(request: Request) -> Response:
    """How many of the roles that are looked for each authority has."""
    site = site_of(request)
    asked, hints = read_asked(request.query_params.multi_items())
    asked = asked.for_good()
    today = site.now().astimezone(LONDON).date()
    async with site.pool.acquire() as tx, tx.transaction(readonly=True):
        await store.begin_searching(tx)
        roles = await store.count_by_borough(tx, asked, today=today)
    drawn = tile_map(roles)
    return page(
        request,
        "jobs/map.html",
        title="Map of jobs" if asked == Asked() else f"Map of jobs: {sentence(asked)}",
        sentence=sentence(asked),
        asked=asked,
        drawn=drawn,
        rows=sorted(drawn.tiles, key=lambda tile: (-tile.roles, tile.name)),
        nowhere=roles.get("", 0),
        chosen=chosen(asked, "/jobs/map"),
        hints=hints,
        here=asked.address("/jobs/map"),
        board=asked.address(),
        of_borough={tile.gss: replace(asked, boroughs=(tile.gss,)).address() for tile in drawn.tiles},
    )


def _title(asked: Asked) -> str:
    if asked == Asked():
        return "Jobs"
    return sentence(asked) + (f" (page {asked.page})" if asked.page > 1 else "")


_ALSO = {"map": "/jobs/map", "rss": "/jobs.rss", "json": "/jobs.json", "api": "/api/roles"}

for _part in (feed_routes, api, role_routes):  # a role's address takes any name, so it comes last
    router.include_router(_part.router)
