"""Greenhouse: one request gives all jobs with their text, which is HTML escaped once more. It has no field for pay."""

import re

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import Option, endpoint, options_of
from services.ingest.boards.ats_posting import money, posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_list
from services.ingest.boards.posting import Posting, Refused

_EXPECTED = "a Greenhouse list of jobs"
_BOARD = Option("board", "the board's name in Greenhouse, as in its address")
_PAY = re.compile(r"\b(salary|pay|compensation|remuneration)\b", re.IGNORECASE)
_CLOSES = re.compile(r"\b(clos(es?|ing)|deadline)\b", re.IGNORECASE)


def greenhouse(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://boards-api.greenhouse.io` (or the host in the board's address).

    Pay and closing date are taken from the employer's own fields (`metadata`) where their names say so. Raises
    NotABoard, and ValueError for the option `board`.
    """
    name = options_of(board, "greenhouse", _BOARD)["board"]
    ask = Ask(endpoint(board, f"/v1/boards/{name}/jobs") + "?content=true")
    rows = yield from read_list(ask, _listed, lambda row: row.get("id"), reading)
    tell((_posting(key, row, board) for key, row in rows.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    return Listed(listed_at(found, _EXPECTED, "jobs"), count_at(at(found, "meta", "total")))


def _posting(key: str, row: Row, board: Board) -> Posting | Refused:
    pay = _own_field(row, _PAY)
    range_ = at(pay, "min_value") is not None or at(pay, "max_value") is not None
    low, high = ("min_value", "max_value") if range_ else ("amount", "amount")
    return posting_of(
        key,
        title=row.get("title"),
        link=row.get("absolute_url"),
        board=board,
        employer=row.get("company_name"),
        location=at(row, "location", "name"),
        pay_text=pay,
        pay_structured=money(at(pay, low), at(pay, high), at(pay, "unit"), None),
        posted=row.get("first_published") or row.get("updated_at"),
        closes=row.get("application_deadline") or _own_field(row, _CLOSES),
        description=row.get("content"),
        department=[at(department, "name") for department in _list(row.get("departments"))],
        employment_type=_own_field(row, re.compile(r"(employment|contract) type", re.IGNORECASE)),
    )


def _own_field(row: Row, name: re.Pattern[str]) -> object:
    """The first of the employer's own fields whose name says what it is and that has a value."""
    for field in _list(row.get("metadata")):
        called, value = at(field, "name"), at(field, "value")
        if isinstance(called, str) and value and name.search(called):
            return value
    return None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
