"""Workable: the widget's list names the jobs, once for each place; the body is in each job's own answer."""

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import DETAILS, Option, endpoint, in_path, options_of
from services.ingest.boards.ats_posting import joined, posting_of, tell
from services.ingest.boards.json_documents import at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_each, read_list
from services.ingest.boards.posting import NotABoard, Posting, Refused

_EXPECTED = "a Workable list of jobs"
_DETAIL = "a Workable job"
_ACCOUNT = Option("account", "the employer's name in Workable, as in its address")


def workable(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://apply.workable.com` (or the host in the board's address). It tells neither pay nor
    closing date.

    Raises NotABoard, and ValueError for the options `account` and `details`.
    """
    told = options_of(board, "workable", _ACCOUNT, DETAILS)
    account = told["account"]
    list_path = f"/api/v1/widget/accounts/{account}"
    address = endpoint(board, list_path)
    base = address.removesuffix(list_path)
    rows = yield from read_list(Ask(address), _listed, lambda row: row.get("shortcode"), reading)
    details: dict[str, Row] = {key: {} for key in rows}
    if told.get("details", "yes"):
        details = yield from read_each(
            rows,
            lambda key, _: Ask(f"{base}/api/v2/accounts/{account}/jobs/{in_path(key)}"),
            _detail,
            reading,
        )
    tell(
        (
            _posting(key, rows[key], detail, board, f"{base}/{account}/j/{in_path(key)}/")
            for key, detail in details.items()
        ),
        reading,
    )


def _listed(page: Page) -> Listed:
    """A job that is listed once for each of its places becomes one row with all of them."""
    found = document(page, _EXPECTED)
    rows: dict[object, dict[str, object]] = {}
    others: list[object] = []
    for row in listed_at(found, _EXPECTED, "jobs"):
        code = at(row, "shortcode")
        if not isinstance(code, str) or (code in rows and rows[code].get("title") != row.get("title")):
            others.append(row)
            continue
        place = joined([row.get(name) for name in ("city", "state", "country")])
        kept = rows.setdefault(code, {**row, "employer": at(found, "name"), "places": []})
        kept["places"] = [*_list(kept["places"]), place]
    return Listed([*rows.values(), *others])


def _detail(page: Page) -> Row:
    found = document(page, _DETAIL)
    if at(found, "title") is None and at(found, "description") is None:
        raise NotABoard(_DETAIL, "JSON without a title and a description")
    return found if isinstance(found, dict) else {}


def _posting(key: str, row: Row, detail: Row, board: Board, address: str) -> Posting | Refused:
    return posting_of(
        key,
        title=row.get("title"),
        link=row.get("url") or address,
        board=board,
        employer=row.get("employer"),
        location=row.get("places"),
        posted=row.get("published_on") or row.get("created_at"),
        description=[detail.get(name) for name in ("description", "requirements", "benefits")],
        department=row.get("department"),
        employment_type=row.get("employment_type"),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
