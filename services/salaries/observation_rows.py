"""Observations as the table takes them."""

import json
from collections.abc import Sequence
from typing import Any

from services.salaries.observations import Advert, Observation


def columns_of(observations: Sequence[Observation]) -> dict[str, list[Any]]:
    """Rows as the arrays that a query takes; areas and authorities with commas between."""
    return {
        "role_ids": [one.role_id for one in observations],
        "revisions": [one.revision for one in observations],
        "standard_roles": [one.standard_role for one in observations],
        "families": [one.family for one in observations],
        "levels": [one.level for one in observations],
        "areas": [",".join(sorted(one.areas)) for one in observations],
        "authorities": [",".join(sorted(one.authorities)) for one in observations],
        "bottoms": [one.bottom for one in observations],
        "tops": [one.top for one in observations],
        "days": [one.seen_on for one in observations],
        "why_left_out": [one.why_left_out for one in observations],
        "periods": [one.period for one in observations],
        "rules": [one.rule for one in observations],
        "hows": [one.how for one in observations],
        "adverts": [_in_json(one.advert) for one in observations],
    }


def _in_json(advert: Advert) -> str:
    return json.dumps(
        {
            "title": advert.title,
            "employer": advert.employer,
            "link": advert.link,
            "closed": advert.closed,
            "pay": advert.pay.model_dump(mode="json") if advert.pay else None,
            "hours_said": advert.hours_said,
        }
    )
