"""A system that nobody has written an adapter for: JSON of its own shape, read as its entry's `options` describe it."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from deploy.local.boards.faces.shown import JSON, Asked, Content, Shown, whole
from deploy.local.boards.feeds import link, vacancy_number

_PAGE = 25
WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "format": "json",
        "items": "vacancies[*]",
        "count": "found",
        "fields": {
            "key": "reference",
            "title": "post.title",
            "url": "links.advert",
            "employer": "post.council",
            "location": "post.where",
            "pay_text": "post.pay",
            "posted": "dates.opened",
            "closes": "dates.closes",
            "description": "text",
        },
        "next": {"parameter": "page", "start": 1, "size": _PAGE},
    }
)
"""What its entry says, so that the kind `mapping` reads it."""


def described(asked: Asked, shown: Shown) -> Content | None:
    """GET vacancies.json?page=…."""
    if asked.path != "vacancies.json":
        return None
    number = max(1, whole(asked.query.get("page"), 1))
    rows = [
        {
            "reference": vacancy_number(advert),
            "post": {
                "title": advert.title,
                "council": advert.employer,
                "where": advert.location,
                "pay": advert.pay,
            },
            "dates": {"opened": advert.posted, "closes": advert.closes},
            "links": {"advert": link(advert, shown.base)},
            "text": advert.description,
        }
        for advert in shown.adverts[(number - 1) * _PAGE : number * _PAGE]
    ]
    return Content(json.dumps({"found": len(shown.adverts), "vacancies": rows}, ensure_ascii=False), JSON)
