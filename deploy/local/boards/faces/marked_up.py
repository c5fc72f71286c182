"""schema.org microdata: a list whose pages carry every posting, and a sitemap that names a page for each."""

from xml.sax.saxutils import escape

from deploy.local.boards.faces.shown import HTML, XML, Asked, Content, Shown, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import vendor_page

_PAGE = 20


def microdata(asked: Asked, shown: Shown) -> Content | None:
    """GET vacancies?page=…."""
    if asked.path.rstrip("/") != "vacancies":
        return None
    number = max(1, whole(asked.query.get("page"), 1))
    rows = shown.adverts[(number - 1) * _PAGE : number * _PAGE]
    if not rows and number > 1:
        return None
    more = number * _PAGE < len(shown.adverts)
    return _page(
        shown, [row.id for row in rows], f"{shown.here}/vacancies?page={number + 1}" if more else None
    )


def sitemap(asked: Asked, shown: Shown) -> Content | None:
    """GET sitemap.xml, and vacancy/{number} for each advert."""
    if asked.path == "sitemap.xml":
        pages = [advert.link or f"{shown.here}/vacancy/{vacancy_number(advert)}" for advert in shown.adverts]
        entries = "".join(f"<url><loc>{escape(page)}</loc></url>" for page in [f"{shown.here}/about", *pages])
        about = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return Content(f'<?xml version="1.0"?><urlset xmlns="{about}">{entries}</urlset>', XML)
    advert = shown.numbered(asked.path.removeprefix("vacancy/"))
    return _page(shown, [advert.id], None) if advert else None


def _page(shown: Shown, ids: list[str], following: str | None) -> Content:
    rows = [
        (advert, vacancy_number(advert), advert.link or f"{shown.base}/{advert.board}/jobs/{advert.id}")
        for advert in shown.adverts
        if advert.id in ids
    ]
    page = vendor_page("microdata", shown.board, title="Vacancies", rows=rows, following=following)
    return Content(page, HTML)
