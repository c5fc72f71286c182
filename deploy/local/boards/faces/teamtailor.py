"""Teamtailor: JSON:API for who shows the employer's key, thirty jobs a page; places and departments come beside them."""

import json
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import Asked, Content, Shown, figures, whole
from deploy.local.boards.feeds import link, vacancy_number

KEY = "sample-public-key"
_JSON_API = "application/vnd.api+json; charset=utf-8"
_PAGE = 30


def teamtailor(asked: Asked, shown: Shown) -> Content | None:
    """GET v1/jobs?page[number]=…&page[size]=…; 401 without `Authorization: Token token=…`."""
    if asked.path.rstrip("/") != "v1/jobs":
        return None
    if asked.headers.get("authorization") != f"Token token={KEY}":
        return Content(json.dumps({"errors": [{"title": "Invalid API key"}]}), _JSON_API, status=401)
    size = min(_PAGE, max(1, whole(asked.query.get("page[size]"), 10)))
    number = max(1, whole(asked.query.get("page[number]"), 1))
    pages = max(1, -(-len(shown.adverts) // size))
    rows = shown.adverts[(number - 1) * size : number * size]
    following = f"{shown.here}/v1/jobs?page%5Bnumber%5D={number + 1}&page%5Bsize%5D={size}"
    found = {
        "data": [_job(advert, shown) for advert in rows],
        "included": [one for advert in rows for one in _beside(advert)],
        "links": {"next": following} if number < pages else {},
        "meta": {"record-count": len(shown.adverts), "page-count": pages},
    }
    return Content(json.dumps(found, ensure_ascii=False), _JSON_API)


def _job(advert: Advert, shown: Shown) -> dict[str, Any]:
    number, amounts = vacancy_number(advert), [float(figure) for figure in figures(advert.pay)]
    return {
        "id": number,
        "type": "jobs",
        "attributes": {
            "title": advert.title,
            "body": f"<p>{escape(advert.description)}</p>",
            "created-at": f"{advert.posted}T09:00:00.000+01:00" if advert.posted else None,
            "min-salary": min(amounts, default=None),
            "max-salary": max(amounts, default=None),
            "currency": "GBP",
            "salary-time-unit": "yearly" if max(amounts, default=0) > 1_000 else "hourly",
        },
        "links": {"careersite-url": link(advert, shown.base)},
        "relationships": {
            "department": {"data": {"type": "departments", "id": number}},
            "locations": {"data": [{"type": "locations", "id": number}]},
        },
    }


def _beside(advert: Advert) -> list[dict[str, Any]]:
    named = (("departments", advert.department), ("locations", advert.location))
    return [
        {"id": vacancy_number(advert), "type": type_, "attributes": {"name": name}} for type_, name in named
    ]
