"""SmartRecruiters: a list of at most a hundred at a time that counts itself; the text is in each posting's own answer."""

import json
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import JSON, Asked, Content, Shown, whole
from deploy.local.boards.feeds import link, vacancy_number

MOST = 100


def smartrecruiters(asked: Asked, shown: Shown) -> Content | None:
    """GET v1/companies/{board}/postings?limit=…&offset=…, and the same address with a posting's id behind it."""
    at = f"v1/companies/{shown.board.id}/postings"
    if asked.path.rstrip("/") == at:
        offset = whole(asked.query.get("offset"), 0)
        limit = min(MOST, max(1, whole(asked.query.get("limit"), 10)))
        rows = [_listed(advert) for advert in shown.adverts[offset : offset + limit]]
        found = {"offset": offset, "limit": limit, "totalFound": len(shown.adverts), "content": rows}
        return Content(json.dumps(found, ensure_ascii=False), JSON)
    advert = shown.numbered(asked.path.removeprefix(f"{at}/"))
    if advert is None:
        return None
    sections = {"jobDescription": {"title": "Job", "text": f"<p>{escape(advert.description)}</p>"}}
    own = {"jobAd": {"sections": sections}, "postingUrl": link(advert, shown.base)}
    return Content(json.dumps(_listed(advert) | own, ensure_ascii=False), JSON)


def _listed(advert: Advert) -> dict[str, Any]:
    return {
        "id": vacancy_number(advert),
        "name": advert.title,
        "releasedDate": f"{advert.posted}T09:00:00.000Z" if advert.posted else None,
        "company": {"name": advert.employer},
        "location": {"fullLocation": advert.location, "country": "gb"},
        "department": {"label": advert.department},
        "typeOfEmployment": {"label": advert.employment_type},
    }
