"""Oleeo (tal.net): an Atom feed whose entries hold labelled spans, escaped twice; what is absent says so in words."""

from datetime import time
from xml.sax.saxutils import escape

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import ATOM, HTML, Asked, Content, Shown
from deploy.local.boards.feeds import moment, vacancy_number
from deploy.local.boards.pages import advert_page

_FEED = "candidate/jobboard/vacancy/3/feed"


def oleeo(asked: Asked, shown: Shown) -> Content | None:
    """GET candidate/jobboard/vacancy/3/feed, and each advert at …/opp/{number}-{slug}/en-GB."""
    if asked.path == _FEED:
        return Content(_feed(shown), ATOM)
    _, opp, rest = asked.path.partition("/opp/")
    advert = shown.numbered(rest.partition("-")[0]) if opp else None
    return Content(advert_page(shown.board, advert, []), HTML) if advert else None


def _feed(shown: Shown) -> str:
    newest = max((advert.posted for advert in shown.adverts if advert.posted), default="2026-01-01")
    entries = "\n".join(_entry(advert, shown) for advert in shown.adverts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>tag:{shown.board.id}.example,2026:vacancies</id>\n<title>{escape(shown.board.name)} jobs</title>\n"
        f'<updated>{newest}T09:00:00Z</updated>\n<link rel="self" href="{shown.here}/{_FEED}"/>\n{entries}\n</feed>\n'
    )


def _entry(advert: Advert, shown: Shown) -> str:
    number = vacancy_number(advert)
    address = advert.link or f"{shown.here}/candidate/so/pm/1/pl/3/opp/{number}-{advert.id}/en-GB"
    closes = moment(advert.closes, time(23, 59)).strftime("%Y-%m-%dT%H:%M:%S") if advert.closes else None
    facts = {
        "job_title": advert.title,
        "job_type": advert.employment_type,
        "Job_id": number,
        "job_description": advert.description,
        "salary_range": advert.pay,
        "directorate": advert.department,
        "service_area": None,
        "position_type": None,
        "location": advert.location,
        "closing_date": closes,
        "organisation": advert.employer,
        "contract_type": advert.employment_type,
    }
    spans = "".join(
        f'<span itemprop="{name}">{escape(escape(value or "Item not found"))}</span>'
        for name, value in facts.items()
    )
    seen = f"{advert.posted}T09:00:00Z"
    dates = f"<published>{seen}</published>\n<updated>{seen}</updated>\n" if advert.posted else ""
    return (
        f"<entry>\n<id>tag:{shown.board.id}.example,2026:opp/{number}</id>\n<title>{escape(advert.title)}</title>\n"
        f'<link rel="alternate" href="{escape(address)}"/>\n{dates}'
        f'<content type="html">{escape(spans)}</content>\n</entry>'
    )
