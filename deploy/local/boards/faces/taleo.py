"""Taleo: a search that is posted page by page, 25 rows each; it gives neither employer, text nor pay."""

import json

from deploy.local.boards.faces.shown import HTML, JSON, Asked, Content, Shown, day
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.pages import advert_page

SECTION = "sample"
_PAGE = 25


def taleo(asked: Asked, shown: Shown) -> Content | None:
    """POST careersection/rest/jobboard/searchjobs {pageNo}; GET careersection/sample/jobdetail.ftl?job=… for people."""
    if asked.path == f"careersection/{SECTION}/jobdetail.ftl":
        advert = shown.numbered(asked.query.get("job"))
        return Content(advert_page(shown.board, advert, []), HTML) if advert else None
    if asked.path != "careersection/rest/jobboard/searchjobs" or asked.method != "POST":
        return None
    try:
        number = json.loads(asked.body)["pageNo"]
    except (ValueError, KeyError, TypeError):
        return Content(json.dumps({"errorCode": "400"}), JSON, status=400)
    if type(number) is not int or number < 1:
        return Content(json.dumps({"errorCode": "400"}), JSON, status=400)
    rows = [
        {
            "jobId": vacancy_number(advert),
            "contestNo": vacancy_number(advert),
            "title": advert.title,
            "primaryLocation": advert.location,
            "postingDate": day(advert.posted, "%d %b %Y"),
            "closingDate": day(advert.closes, "%d %b %Y"),
            "organization": advert.department,
        }
        for advert in shown.adverts[(number - 1) * _PAGE : number * _PAGE]
    ]
    paging = {"currentPageNo": number, "pageSize": _PAGE, "totalCount": len(shown.adverts)}
    found = {"requisitionList": rows, "pagingData": paging, "careerSectionUnAvailable": False}
    return Content(json.dumps(found, ensure_ascii=False), JSON)
