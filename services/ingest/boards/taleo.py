"""Taleo: a search that is posted page by page, 25 rows each, and counts itself. It gives neither text nor pay."""

import json

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import Option, endpoint, in_path, options_of
from services.ingest.boards.ats_posting import posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import JSON_HEADERS, Listed, Row, read_list
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import plain

_EXPECTED = "a Taleo list of requisitions"
_SECTION = Option("section", "the career section's name, as in /careersection/NAME/jobsearch.ftl")
_PORTAL = Option("portal", "the section's portal number, digits", r"[0-9]{1,20}", required=False)
_COLUMNS = Option(
    "columns",
    "what the columns of the list are, in order and with commas, of: title, location, posted, closes, department, -",
    r"(title|location|posted|closes|department|-)(,(title|location|posted|closes|department|-))*",
    required=False,
)
_PATH = "/careersection/rest/jobboard/searchjobs"
_HEADERS = (*JSON_HEADERS, ("tz", "GMT+00:00"), ("tzname", "Europe/London"))
_NAMES = {
    "title": "title",
    "location": "primaryLocation",
    "posted": "postingDate",
    "closes": "closingDate",
    "department": "organization",
}


def taleo(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://{employer}.taleo.net`.

    Rows name their fields or are bare columns (`column`), whose order each employer chooses: title, location and
    posting date unless `columns` says otherwise. Raises NotABoard, and ValueError for the options `section`,
    `portal` and `columns`.
    """
    told = options_of(board, "taleo", _SECTION, _PORTAL, _COLUMNS)
    address = endpoint(board, _PATH)
    base = f"{address.removesuffix(_PATH)}/careersection/{told['section']}/jobdetail.ftl?lang=en&job="
    query = f"?lang=en&portal={told['portal']}" if "portal" in told else "?lang=en"
    columns = told.get("columns", "title,location,posted").split(",")

    def page_at(_: int, number: int) -> Ask:
        body = {
            "multilineEnabled": False,
            "sortingSelection": {"sortBySelectionParam": "3", "ascendingSortingOrder": "false"},
            "fieldData": {"fields": {"KEYWORD": ""}, "valid": True},
            "filterSelectionParam": {"searchFilterSelections": []},
            "advancedSearchFiltersSelectionParam": {"searchFilterSelections": []},
            "pageNo": number + 1,
        }
        return Ask(address + query, "POST", _HEADERS, json.dumps(body).encode())

    rows = yield from read_list(page_at(0, 0), _listed, _key, reading, page_at)
    tell((_posting(key, row, board, columns, base) for key, row in rows.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    if at(found, "careerSectionUnAvailable") is True:
        raise NotABoard(_EXPECTED, "a career section that is not available; check section and portal")
    total = count_at(at(found, "pagingData", "totalCount"))
    return Listed(listed_at(found, _EXPECTED, "requisitionList"), total)


def _key(row: Row) -> object:
    return row.get("contestNo") or row.get("jobId")


def _posting(key: str, row: Row, board: Board, columns: list[str], base: str) -> Posting | Refused:
    bare = row.get("column")
    told = dict(zip(columns, bare, strict=False)) if isinstance(bare, list) else {}
    field = {name: row.get(vendors, told.get(name)) for name, vendors in _NAMES.items()}
    return posting_of(
        key,
        title=field["title"],
        link=base + in_path(key),
        board=board,
        location=_places(field["location"]),
        posted=field["posted"],
        closes=field["closes"],
        department=field["department"],
    )


def _places(value: object) -> object:
    """A column of places is a JSON list within the JSON: ["GB-London"]."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        places = json.loads(value[:2_000])
    except (ValueError, RecursionError):
        return value
    return [plain(place) for place in places] if isinstance(places, list) else value
