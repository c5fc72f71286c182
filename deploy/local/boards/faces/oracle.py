"""Oracle Recruiting Cloud: a list paged inside its `finder`, 25 at a time, and each requisition's text apart; no pay."""

import json
import re
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import HTML, JSON, Asked, Content, Shown
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import advert_page

SITE = "CX_1"
_AT = "hcmRestApi/resources/latest/"
_PUBLIC = f"hcmUI/CandidateExperience/en/sites/{SITE}/job/"
_MOST = 25


def oracle(asked: Asked, shown: Shown) -> Content | None:
    """GET …/recruitingCEJobRequisitions?finder=findReqs;…, …/recruitingCEJobRequisitionDetails?finder=ById;…, and
    the page for people."""
    finder = asked.query.get("finder", "")
    told = dict(re.findall(r'(\w+)="?([\w-]+)', finder.partition(";")[2]))
    if asked.path == f"{_AT}recruitingCEJobRequisitions" and finder.startswith("findReqs;"):
        offset, limit = int(told.get("offset", "0")), min(_MOST, int(told.get("limit", "25")))
        rows = [_listed(advert) for advert in shown.adverts[offset : offset + limit]]
        item = {"TotalJobsCount": len(shown.adverts), "Limit": limit, "requisitionList": rows}
        return _items(item)
    if asked.path == f"{_AT}recruitingCEJobRequisitionDetails":
        advert = shown.numbered(told.get("Id"))
        return _items(_detail(advert)) if advert else None
    advert = shown.numbered(asked.path.removeprefix(_PUBLIC))
    return Content(advert_page(shown.board, advert, []), HTML) if advert else None


def _items(item: dict[str, Any]) -> Content:
    return Content(json.dumps({"items": [item], "count": 1, "hasMore": False}, ensure_ascii=False), JSON)


def _listed(advert: Advert) -> dict[str, Any]:
    return {
        "Id": vacancy_number(advert),
        "Title": advert.title,
        "PostedDate": advert.posted,
        "PostingEndDate": advert.closes,
        "PrimaryLocation": advert.location,
        "secondaryLocations": [],
        "ShortDescriptionStr": advert.description[:80],
        "JobSchedule": advert.employment_type,
    }


def _detail(advert: Advert) -> dict[str, Any]:
    text = f"<p>{escape(advert.description)}</p>"
    return {
        "Id": vacancy_number(advert),
        "Title": advert.title,
        "ExternalDescriptionStr": text,
        "Department": advert.department,
    }
