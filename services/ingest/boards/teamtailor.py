"""Teamtailor: JSON:API with a key, whose pages name the following one; departments and places come along with it."""

from urllib.parse import urlsplit

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import Option, endpoint, options_of
from services.ingest.boards.ats_posting import money, posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_list
from services.ingest.boards.posting import Posting, Refused
from services.ingest.boards.text import web_address

_EXPECTED = "a Teamtailor list of jobs"
_KEY = Option("key", "the employer's public API key, letters, digits, - and _", r"[A-Za-z0-9_-]{8,200}")
_VERSION = "20210218"


def teamtailor(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://api.teamtailor.com` (or the host in the board's address). It tells no closing date.

    The key goes to the board's own host only, whatever the answers say. Raises NotABoard, and ValueError for the
    option `key`.
    """
    key = options_of(board, "teamtailor", _KEY)["key"]
    headers = (
        ("Authorization", f"Token token={key}"),
        ("X-Api-Version", _VERSION),
        ("Accept", "application/vnd.api+json"),
    )
    address = endpoint(board, "/v1/jobs")

    def listed(page: Page) -> Listed:
        found = document(page, _EXPECTED)
        rows = listed_at(found, _EXPECTED, "data")
        link = at(found, "links", "next")
        following = web_address(link, page.url)
        if link is not None and (following is None or urlsplit(following)[:2] != urlsplit(address)[:2]):
            reading.miss(f"{page.url}: its next page is not on the board's own host")
            following = None
        total = count_at(at(found, "meta", "record-count"))
        named = _named(at(found, "included"))
        if not isinstance(at(found, "included"), list) and any(map(_refers, rows)):
            reading.miss(f"{page.url}: the departments and places that it names did not come along")
        rows = [{**row, "named": named} if isinstance(row, dict) else row for row in rows]
        return Listed(rows, total, Ask(following, headers=headers) if following else None)

    first = Ask(f"{address}?page%5Bsize%5D=30&include=department,locations", headers=headers)
    rows = yield from read_list(first, listed, lambda row: row.get("id"), reading)
    tell((_posting(id_, row, board) for id_, row in rows.items()), reading)


def _named(included: object) -> dict[tuple[str, str], object]:
    """The names of departments and places that came along, by type and id."""
    named: dict[tuple[str, str], object] = {}
    for one in included if isinstance(included, list) else []:
        name = at(one, "attributes", "name") or at(one, "attributes", "city")
        named[str(at(one, "type")), str(at(one, "id"))] = name
    return named


def _refers(row: object) -> bool:
    return any(at(row, "relationships", relation, "data") for relation in ("department", "locations"))


def _related(row: Row, relation: str) -> list[object]:
    found = at(row, "relationships", relation, "data")
    each = found if isinstance(found, list) else [found]
    return [row["named"].get((str(at(one, "type")), str(at(one, "id")))) for one in each[:20]]


def _posting(key: str, row: Row, board: Board) -> Posting | Refused:
    told = row.get("attributes")
    return posting_of(
        key,
        title=at(told, "title"),
        link=at(row, "links", "careersite-url"),
        board=board,
        location=_related(row, "locations"),
        pay_structured=money(
            at(told, "min-salary"), at(told, "max-salary"), at(told, "currency"), at(told, "salary-time-unit")
        ),
        posted=at(told, "created-at"),
        description=[at(told, "pitch"), at(told, "body")],
        department=_related(row, "department"),
        employment_type=at(told, "employment-type"),
    )
