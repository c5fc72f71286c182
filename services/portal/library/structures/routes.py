"""Two team structures side by side."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from loti_contracts.delivery.database import Connection
from loti_contracts.events import LibraryItem
from services.portal.heard.store import newest
from services.portal.library import store
from services.portal.library.structures.chart import drawn
from services.portal.library.structures.comparing import figures, lines, told
from services.portal.web.frame import page
from services.portal.web.site import site_of
from services.portal.web.words import borough

router = APIRouter()


@router.get("/library/compare", response_class=HTMLResponse)
async def compare(request: Request, a: str = "", b: str = "") -> HTMLResponse:
    """Two structures: which to choose, and what differs."""
    async with site_of(request).pool.acquire() as tx:
        choices = await store.structures(tx)
        first, second = [await _structure(tx, id_) for id_ in (a, b)]
    hints = [
        f"There is no team structure “{id_[:60]}” to compare; choose one from the list."
        for id_, found in ((a, first), (b, second))
        if id_ and found is None
    ]
    if first and second and first.id == second.id:
        hints.append("This is the same structure twice; choose another to see differences.")
    facts = {}
    if first and second:
        compared = lines(first.posts, second.posts)
        names = _names(first, second)
        facts = {
            "names": names,
            "lines": compared,
            "figures": figures(first.posts, second.posts),
            "told": told(compared, *names),
            "charts": [drawn(first.posts), drawn(second.posts)],
        }
    return page(
        request,
        "library/compare.html",
        title="Compare team structures",
        choices=[(row["id"], row["title"]) for row in choices],
        first=first,
        second=second,
        hints=hints,
        facts=facts,
    )


async def _structure(tx: Connection, item_id: str) -> LibraryItem | None:
    if not item_id:
        return None
    item = await newest(tx, LibraryItem, item_id)
    return item if item and item.kind == "team structure" else None


def _names(a: LibraryItem, b: LibraryItem) -> tuple[str, str]:
    """By their boroughs where these tell them apart, otherwise by their titles."""
    first, second = (", ".join(borough(gss) for gss in one.boroughs) for one in (a, b))
    return (first, second) if first and second and first != second else (a.title, b.title)
