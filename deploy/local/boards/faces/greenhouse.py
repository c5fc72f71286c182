"""Greenhouse's public job board: everything at once as JSON; pay and closing date are fields of the
employer's own, the text is escaped HTML."""

import json
from html import escape
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import JSON, Asked, Content, Shown
from deploy.local.boards.feeds import link, vacancy_number


def greenhouse(asked: Asked, shown: Shown) -> Content | None:
    """GET v1/boards/{board}/jobs?content=true; without `content` the texts and departments are left out."""
    if asked.path.rstrip("/") != f"v1/boards/{shown.board.id}/jobs":
        return None
    full = asked.query.get("content") == "true"
    jobs = [_job(advert, shown, full=full) for advert in shown.adverts]
    return Content(json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}, ensure_ascii=False), JSON)


def _job(advert: Advert, shown: Shown, *, full: bool) -> dict[str, Any]:
    posted = f"{advert.posted}T09:00:00+00:00" if advert.posted else None
    job = {
        "id": int(vacancy_number(advert)),
        "internal_job_id": int(vacancy_number(advert)) + 1,
        "title": advert.title,
        "company_name": advert.employer,
        "location": {"name": advert.location},
        "absolute_url": link(advert, shown.base),
        "updated_at": posted,
        "first_published": posted,
        "requisition_id": vacancy_number(advert),
        "metadata": [
            {"id": place, "name": name, "value": value, "value_type": "short_text"}
            for place, (name, value) in enumerate(
                (("Salary", advert.pay), ("Closing date", advert.closes)), 1
            )
            if value
        ],
    }
    if not full:
        return job
    departments: list[dict[str, Any]] = [
        {"id": 1, "name": advert.department, "child_ids": [], "parent_id": None}
    ]
    return job | {
        "content": escape(f"<p>{escape(advert.description)}</p>"),
        "departments": departments if advert.department else [],
        "offices": [],
    }
