"""TalentLink's pages as boroughs embed them: a list of titles, and a page for each advert with labels beside values."""

import math

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import HTML, Asked, Content, Shown, day, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import vendor_page

PAGE_SIZE = 10
LIST = "jsoutputinitrapido.cfm?component=lay9999_lst400a"


def talentlink(asked: Asked, shown: Shown) -> Content | None:
    """GET jsoutputinitrapido.cfm?component=lay9999_lst400a&pagenum=N, details at laydisplayrapido.cfm?nPostingId=…."""
    number = asked.query.get("nPostingId")
    if asked.path == "laydisplayrapido.cfm" and number:
        advert = shown.numbered(number)
        return Content(_detail(advert, shown), HTML) if advert else None
    if asked.path not in ("laydisplayrapido.cfm", "jsoutputinitrapido.cfm"):
        return None
    page = max(1, whole(asked.query.get("pagenum"), 1))
    pages = max(1, math.ceil(len(shown.adverts) / PAGE_SIZE))
    if page > pages:
        return None
    rows = [
        (
            advert,
            advert.link
            or f"{shown.here}/laydisplayrapido.cfm?component=lay9999_jdesc100a&nPostingId={vacancy_number(advert)}",
        )
        for advert in shown.adverts[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    ]
    numbered = [(each, f"{shown.here}/{LIST}&pagenum={each}") for each in range(1, pages + 1)]
    return Content(
        vendor_page(
            "talentlink",
            shown.board,
            title="Vacancies",
            rows=rows,
            numbered=numbered,
            page=page,
            total=len(shown.adverts),
        ),
        HTML,
    )


def _detail(advert: Advert, shown: Shown) -> str:
    facts = {
        "Reference number": vacancy_number(advert),
        "Organisation": advert.employer,
        "Location": advert.location,
        "Department": advert.department,
        "Contract type": advert.employment_type,
        "Salary": advert.pay,
        "Date posted": day(advert.posted, "%d %B %Y"),
        "Closing date": day(advert.closes, "%d %B %Y"),
    }
    pairs = [(label, text) for label, text in facts.items() if text]
    return vendor_page("talentlink_advert", shown.board, title=advert.title, advert=advert, pairs=pairs)
