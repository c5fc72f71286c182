"""Jobs Go Public: one site for many boroughs, its jobs as the application's state inside a script, 25 a page.

Pay is two numbers and a unit; the advert's wording is lost, and so is the closing date.
"""

import json
import math
from typing import Any
from urllib.parse import urlsplit

from deploy.local.boards.adverts import Advert
from deploy.local.boards.faces.shown import HTML, Asked, Content, Shown, figures, whole
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import vendor_page

PAGE_SIZE = 25


def jobsgopublic(asked: Asked, shown: Shown) -> Content | None:
    """GET jobs?search=&geo_location=…&page=N (from 1), and each advert at job/{slug}-{number}."""
    if asked.path == "jobs":
        return _list(max(1, whole(asked.query.get("page"), 1)), shown)
    if asked.path.startswith("job/"):
        advert = shown.numbered(asked.path.rpartition("-")[2])
        if advert is not None:
            state = {"ROOT_QUERY": {"__typename": "Query"}, **dict([_node(advert, shown)])}
            return Content(_page(shown, state, [advert], title=advert.title, alone=advert), HTML)
    return None


def _list(number: int, shown: Shown) -> Content:
    adverts = shown.adverts[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    nodes = dict(_node(advert, shown) for advert in adverts)
    search = {
        "__typename": "JobSearchResult",
        "result_count": len(shown.adverts),
        "page": number,
        "jobs": [{"__ref": name} for name in nodes],
    }
    state = {
        "ROOT_QUERY": {"__typename": "Query", 'jobSearch({"geo_location":"London, UK"})': search},
        **nodes,
    }
    pages = max(1, math.ceil(len(shown.adverts) / PAGE_SIZE))
    following = (
        f"{shown.here}/jobs?search=&geo_location=London,+UK&page={number + 1}" if number < pages else None
    )
    return Content(
        _page(shown, state, adverts, title=f"{len(shown.adverts)} jobs in London", following=following), HTML
    )


def _page(shown: Shown, state: dict[str, Any], adverts: Any, **facts: Any) -> str:
    data = {
        "props": {"pageProps": {"initialApolloState": state}},
        "page": "/jobs",
        "query": {},
        "buildId": "sample",
    }
    script = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    rows = [(advert, advert.link or f"{shown.here}{_path(advert)}") for advert in adverts]
    return vendor_page("jobsgopublic", shown.board, rows=rows, script=script, **facts)


def _path(advert: Advert) -> str:
    return f"/job/{advert.id}-{vacancy_number(advert)}"


def _node(advert: Advert, shown: Shown) -> tuple[str, dict[str, Any]]:
    number = vacancy_number(advert)
    ends = figures(advert.pay)
    pay = None
    if ends:
        low, high = _six_places(ends[0]), _six_places(ends[-1])
        unit = "YEAR" if float(ends[0]) > 1_000 else "DAY" if "day" in (advert.pay or "") else "HOUR"
        pay = {
            "__typename": "SalaryRange",
            "minSalary": low,
            "maxSalary": high,
            "currencyCode": "GBP",
            "salaryUnit": unit,
        }
    return f"Job:{number}", {
        "__typename": "Job",
        "id": number,
        "title": advert.title,
        "organization": advert.employer,
        "address": [advert.location],
        "salaryRange": [],
        "salaryRangeFree": pay,
        "published": f"{advert.posted}T09:00:00+00:00" if advert.posted else None,
        "url": {
            "__typename": "EntityCanonicalUrl",
            "path": advert.link or urlsplit(shown.here).path + _path(advert),
        },
        "applicationWorkflow": "external",
        "description": f"<p>{advert.description}</p>",
    }


def _six_places(figure: str) -> str:
    return f"{float(figure):.6f}" if figure != "NaN" else figure
