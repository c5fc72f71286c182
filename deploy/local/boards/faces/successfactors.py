"""SuccessFactors career site: tiles of title and number, 25 from `startrow`, as a fragment of a page; the facts are on each advert's own page."""

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import HTML, Asked, Content, Shown, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import vendor_page

PAGE_SIZE = 25


def successfactors(asked: Asked, shown: Shown) -> Content | None:
    """GET tile-search-results/?q=&startrow=N, search/ for the same as a whole page, and job/{slug}/{number}/ with the JobPosting as microdata."""
    if asked.path.startswith("job/"):
        advert = shown.numbered(asked.path.rstrip("/").rpartition("/")[2])
        if advert is None:
            return None
        return Content(
            vendor_page(
                "successfactors_advert",
                shown.board,
                title=advert.title,
                advert=advert,
                address=_address(advert, shown),
            ),
            HTML,
        )
    if asked.path.rstrip("/") not in ("tile-search-results", "search"):
        return None
    first = whole(asked.query.get("startrow"), 0)
    rows = [
        (advert, vacancy_number(advert), _address(advert, shown))
        for advert in shown.adverts[first : first + PAGE_SIZE]
    ]
    return Content(
        vendor_page(
            "successfactors" if asked.path.startswith("search") else "successfactors_tiles",
            shown.board,
            title="Vacancies",
            rows=rows,
            first=first,
            total=len(shown.adverts),
        ),
        HTML,
    )


def _address(advert: Advert, shown: Shown) -> str:
    return advert.link or f"{shown.here}/job/{advert.id}/{vacancy_number(advert)}/"
