"""Workable: the widget's list, and each job's own answer with its text; neither tells pay or closing date."""

import json
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import JSON, Asked, Content, Shown
from deploy.local.boards.feeds import link, vacancy_number


def workable(asked: Asked, shown: Shown) -> Content | None:
    """GET api/v1/widget/accounts/{board}, and api/v2/accounts/{board}/jobs/{shortcode}."""
    account, path = shown.board.id, asked.path.rstrip("/")
    if path == f"api/v1/widget/accounts/{account}":
        jobs = [_listed(advert, shown) for advert in shown.adverts]
        found: dict[str, Any] = {"name": shown.board.name, "description": None, "jobs": jobs}
        return Content(json.dumps(found, ensure_ascii=False), JSON)
    before, _, code = path.rpartition("/")
    advert = shown.numbered(code) if before == f"api/v2/accounts/{account}/jobs" else None
    if advert is None:
        return None
    found = _listed(advert, shown) | {"description": f"<p>{escape(advert.description)}</p>"}
    return Content(json.dumps(found, ensure_ascii=False), JSON)


def _listed(advert: Advert, shown: Shown) -> dict[str, Any]:
    return {
        "title": advert.title,
        "shortcode": vacancy_number(advert),
        "department": advert.department,
        "employment_type": advert.employment_type,
        "published_on": advert.posted,
        "city": advert.location,
        "url": link(advert, shown.base),
    }
