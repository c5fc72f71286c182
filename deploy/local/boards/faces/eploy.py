"""Eploy's data feed: every vacancy at once, counted in its outermost element; no closing date anywhere."""

from datetime import time
from email.utils import format_datetime
from xml.sax.saxutils import escape

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import XML, Asked, Content, Shown
from deploy.local.boards.feeds import feed, link, moment, vacancy_number


def eploy(asked: Asked, shown: Shown) -> Content | None:
    """GET feeds/datafeed.ashx?Format=xml; without Format the same vacancies as RSS."""
    if asked.path != "feeds/datafeed.ashx":
        return None
    if asked.query.get("Format", "").lower() != "xml":
        return Content(feed(shown.board, shown.adverts, shown.base, look="eploy"), XML)
    items = "\n".join(_item(advert, shown.base) for advert in shown.adverts)
    return Content(
        f'<?xml version="1.0" encoding="utf-8"?>\n<Vacancies Type="Vacancies" Count="{len(shown.adverts)}">\n'
        f"{items}\n</Vacancies>\n",
        XML,
    )


def _item(advert: Advert, base: str) -> str:
    posted = format_datetime(moment(advert.posted, time()), usegmt=True) if advert.posted else None
    department = advert.department or ""
    facts = {
        "VacancyID": vacancy_number(advert),
        "Title": advert.title,
        "Link": link(advert, base),
        "Description": f"<p>{escape(advert.description)}</p>",
        "Location": advert.location,
        "Position": department,
        "Industry": department,
        "VacancyType": advert.employment_type,
        "DisplaySalary": advert.pay,
        "Company": advert.employer,
        "DateCreated": posted,
        "DatePosted": posted,
        "Reference": None,
        "Benefits": None,
    }
    lines = "\n".join(f"<{name}>{escape(value or '')}</{name}>" for name, value in facts.items())
    return f"<Item>\n{lines}\n</Item>"
