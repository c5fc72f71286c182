"""Lever: everything at once as a JSON list, pay as the employer words it; there is no closing date and no employer."""

import json
from datetime import UTC, datetime, time
from typing import Any

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import JSON, Asked, Content, Shown
from deploy.local.boards.feeds import link, moment, vacancy_number


def lever(asked: Asked, shown: Shown) -> Content | None:
    """GET v0/postings/{board}?mode=json."""
    if asked.path.rstrip("/") != f"v0/postings/{shown.board.id}":
        return None
    found = [_posting(advert, shown) for advert in shown.adverts]
    return Content(json.dumps(found, ensure_ascii=False), JSON)


def _posting(advert: Advert, shown: Shown) -> dict[str, Any]:
    posted = moment(advert.posted, time(9)).astimezone(UTC) if advert.posted else None
    since = posted - datetime(1970, 1, 1, tzinfo=UTC) if posted else None
    facts: dict[str, Any] = {
        "id": f"sample-{vacancy_number(advert)}",
        "text": advert.title,
        "hostedUrl": link(advert, shown.base),
        "createdAt": int(since.total_seconds() * 1000) if since else None,
        "categories": {
            "location": advert.location,
            "department": advert.department,
            "commitment": advert.employment_type,
        },
        "descriptionPlain": advert.description,
        "lists": [],
        "salaryDescriptionPlain": advert.pay,
    }
    return {name: value for name, value in facts.items() if value is not None}
