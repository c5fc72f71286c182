"""Workday: the list is asked for with POST, at most 20 at a time; each advert's facts are a JSON document of its own."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import HTML, JSON, Asked, Content, Shown, days_ago
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import advert_page

MOST = 20
SITE = "careers"


def workday(asked: Asked, shown: Shown) -> Content | None:
    """POST wday/cxs/{board}/careers/jobs {limit, offset}; GET the same address with an advert's externalPath."""
    at = f"wday/cxs/{shown.board.id}/{SITE}/"
    if asked.path == at + "jobs":
        return _list(asked, shown)
    advert = shown.numbered(asked.path.rpartition("_R-")[2])
    if advert is None:
        return None
    if not asked.path.startswith(at):
        return Content(advert_page(shown.board, advert, []), HTML)
    found = {"jobPostingInfo": _info(advert, shown), "hiringOrganization": {"name": advert.employer}}
    return Content(json.dumps(found, ensure_ascii=False), JSON)


def _list(asked: Asked, shown: Shown) -> Content:
    wish = _object(asked.body) if asked.method == "POST" else None
    limit, offset = (wish or {}).get("limit", MOST), (wish or {}).get("offset", 0)
    if wish is None or not isinstance(limit, int) or not isinstance(offset, int):
        return _refused("a search is posted as a JSON object")
    if not 1 <= limit <= MOST or offset < 0:
        return _refused(f"limit is 1 to {MOST}, offset not negative")
    rows = [
        {
            "title": advert.title,
            "externalPath": advert.link or _path(advert),
            "locationsText": advert.location,
            "postedOn": days_ago(advert.posted, shown.today) if advert.posted else "",
            "bulletFields": [f"R-{vacancy_number(advert)}"],
        }
        for advert in shown.adverts[offset : offset + limit]
    ]
    found = {"total": len(shown.adverts), "jobPostings": rows, "facets": [], "userAuthenticated": False}
    return Content(json.dumps(found, ensure_ascii=False), JSON)


def _info(advert: Advert, shown: Shown) -> dict[str, Any]:
    salary = f"<p>Salary: {escape(advert.pay)}</p>" if advert.pay else ""
    return {
        "id": vacancy_number(advert),
        "title": advert.title,
        "jobDescription": f"<p>{escape(advert.description)}</p>{salary}",
        "location": advert.location,
        "postedOn": "",
        "startDate": advert.posted,
        "endDate": advert.closes,
        "timeType": advert.employment_type,
        "jobReqId": f"R-{vacancy_number(advert)}",
        "externalUrl": f"{shown.here}/{SITE}{_path(advert)}",
    }


def _path(advert: Advert) -> str:
    return f"/job/London/{advert.id}_R-{vacancy_number(advert)}"


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        wish = json.loads(body)
    except ValueError:
        return None
    return wish if isinstance(wish, dict) else None


def _refused(why: str) -> Content:
    return Content(json.dumps({"errorCode": "HTTP_400", "message": why}), JSON, status=400)
