"""Workday: a search that is posted in pages of twenty and counts itself; the text is in each job's own answer."""

import json

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import DETAILS, Option, endpoint, in_path, options_of
from services.ingest.boards.ats_posting import posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import JSON_HEADERS, Listed, Row, read_each, read_list
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import plain

_EXPECTED = "a Workday list of jobs"
_DETAIL = "a Workday job"
_TENANT = Option("tenant", "the employer's name in Workday, the first word of its host")
_SITE = Option("site", "the career site's name in Workday, the last part of its address")
_PAGE = 20


def workday(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://{tenant}.wd3.myworkdayjobs.com` or wherever the board's address says.

    A posting's key is the requisition's number at the end of its path. The list's "Posted 3 Days Ago" is kept as it
    is where the detail has no start date. Raises NotABoard, and ValueError for the options `tenant`, `site` and
    `details`.
    """
    told = options_of(board, "workday", _TENANT, _SITE, DETAILS)
    list_path = f"/wday/cxs/{told['tenant']}/{told['site']}/jobs"
    address = endpoint(board, list_path)
    base = address.removesuffix("/jobs")
    public = f"{address.removesuffix(list_path)}/{told['site']}"

    def page_at(had: int, _: int = 0) -> Ask:
        body = {"appliedFacets": {}, "limit": _PAGE, "offset": had, "searchText": ""}
        return Ask(address, "POST", JSON_HEADERS, json.dumps(body).encode())

    rows = yield from read_list(page_at(0), _listed, _key, reading, page_at)
    details: dict[str, Row] = {key: {} for key in rows}
    if told.get("details", "yes"):
        details = yield from read_each(rows, lambda _, row: Ask(base + _path(row)), _detail, reading)
    tell((_posting(key, rows[key], detail, board, public) for key, detail in details.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    return Listed(listed_at(found, _EXPECTED, "jobPostings"), count_at(at(found, "total")))


def _key(row: Row) -> object:
    """R-0123 of /job/London/Data-Analyst_R-0123; a path that ends otherwise is the key itself."""
    path = plain(row.get("externalPath"))
    return path and (path.rpartition("/")[2].rpartition("_")[2] or path)


def _path(row: Row) -> str:
    parts = (plain(row.get("externalPath"), 1_500) or "").strip("/").split("/")
    return "/" + "/".join(in_path(part) for part in parts if part not in ("", ".", ".."))


def _detail(page: Page) -> Row:
    found = document(page, _DETAIL)
    if not isinstance(at(found, "jobPostingInfo"), dict):
        raise NotABoard(_DETAIL, "JSON without jobPostingInfo")
    return found if isinstance(found, dict) else {}


def _posting(key: str, row: Row, detail: Row, board: Board, public: str) -> Posting | Refused:
    info = detail.get("jobPostingInfo")
    more = at(info, "additionalLocations")
    place = at(info, "location")
    return posting_of(
        key,
        title=row.get("title"),
        link=at(info, "externalUrl") or public + _path(row),
        board=board,
        employer=at(detail, "hiringOrganization", "name"),
        location=[place, *(more if isinstance(more, list) else [])] if place else row.get("locationsText"),
        posted=at(info, "startDate") or row.get("postedOn"),
        closes=at(info, "endDate"),
        description=at(info, "jobDescription"),
        employment_type=at(info, "timeType") or row.get("timeType"),
    )
