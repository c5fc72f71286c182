"""Tribepad: a search page that the server renders, and a page for each advert; facts stand beside icons."""

import math

from deploy.local.boards.faces.shown import HTML, Asked, Content, Shown, day, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import vendor_page

DETAIL = "members/modules/job/detail.php"


def tribepad(asked: Asked, shown: Shown) -> Content | None:
    """GET v2/job/search?page=N&records_per_page=… (at most 50), and members/modules/job/detail.php?record=…."""
    if asked.path == DETAIL:
        advert = shown.numbered(asked.query.get("record"))
        if advert is None:
            return None
        closes = day(advert.closes, "%d %B %Y")
        return Content(
            vendor_page("tribepad_advert", shown.board, title=advert.title, advert=advert, closes=closes),
            HTML,
        )
    if asked.path != "v2/job/search":
        return None
    size = min(50, max(1, whole(asked.query.get("records_per_page"), 10)))
    page = max(1, whole(asked.query.get("page"), 1))
    pages = max(1, math.ceil(len(shown.adverts) / size))
    rows = [
        (
            advert,
            advert.link or f"{shown.here}/{DETAIL}?record={vacancy_number(advert)}",
            day(advert.closes, "%d %B %Y"),
        )
        for advert in shown.adverts[(page - 1) * size : page * size]
    ]
    title = "Vacancies"
    following = (
        f"{shown.here}/v2/job/search?page={page + 1}&records_per_page={size}" if page < pages else None
    )
    return Content(
        vendor_page(
            "tribepad", shown.board, title=title, rows=rows, following=following, total=len(shown.adverts)
        ),
        HTML,
    )
