"""Jobtrain: a list without script at Home/_JobCard, and JSON-LD on each advert's page with pay as plain text."""

from deploy.local.boards.faces.shown import HTML, Asked, Content, Shown
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.jsonld import posting
from deploy.local.boards.pages import advert_page, vendor_page


def jobtrain(asked: Asked, shown: Shown) -> Content | None:
    """GET {tenant}/Home/_JobCard, and {tenant}/Job/JobDetail?JobId=…; the tenant is the board's id."""
    tenant, _, rest = asked.path.partition("/")
    if tenant != shown.board.id:
        return None
    at = f"{shown.here}/{tenant}/Job/JobDetail?JobId="
    if rest == "Home/_JobCard":
        rows = [
            (advert, vacancy_number(advert), advert.link or at + vacancy_number(advert))
            for advert in shown.adverts
        ]
        return Content(vendor_page("jobtrain", shown.board, title="Vacancies", rows=rows), HTML)
    number = asked.query.get("JobId")
    advert = shown.numbered(number) if rest == "Job/JobDetail" else None
    if advert is None:
        return None
    data = posting(shown.board, advert, shown.base) | {"url": f"{at}{number}", "baseSalary": advert.pay}
    data.setdefault("datePosted", "0001-01-01")
    return Content(advert_page(shown.board, advert, [{k: v for k, v in data.items() if v}]), HTML)
