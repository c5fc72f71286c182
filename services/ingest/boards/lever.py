"""Lever: one request gives all postings with their text, and a pay range where the employer shows one."""

from datetime import UTC, datetime

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import Option, endpoint, options_of
from services.ingest.boards.ats_posting import money, posting_of, tell
from services.ingest.boards.json_documents import at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_list
from services.ingest.boards.posting import Posting, Refused

_EXPECTED = "a Lever list of postings"
_ORG = Option("org", "the employer's name in Lever, as in its address")
_LAST_MS = 253_402_300_799_000


def lever(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://api.lever.co` (or the host in the board's address).

    Raises NotABoard, and ValueError for the option `org`.
    """
    org = options_of(board, "lever", _ORG)["org"]
    ask = Ask(endpoint(board, f"/v0/postings/{org}") + "?mode=json")
    rows = yield from read_list(ask, _listed, lambda row: row.get("id"), reading)
    tell((_posting(key, row, board) for key, row in rows.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    return Listed(found if isinstance(found, list) else listed_at(found, _EXPECTED, "data"))


def _posting(key: str, row: Row, board: Board) -> Posting | Refused:
    categories, pay = row.get("categories"), row.get("salaryRange")
    places = at(categories, "allLocations")
    return posting_of(
        key,
        title=row.get("text"),
        link=row.get("hostedUrl"),
        board=board,
        location=places if isinstance(places, list) and places else at(categories, "location"),
        pay_text=row.get("salaryDescriptionPlain"),
        pay_structured=money(at(pay, "min"), at(pay, "max"), at(pay, "currency"), at(pay, "interval")),
        posted=_moment(row.get("createdAt")),
        description=_text(row),
        department=[at(categories, "department"), at(categories, "team")],
        employment_type=at(categories, "commitment"),
    )


def _text(row: Row) -> list[object]:
    """The opening, the headed lists and the close of an advert, in the order a reader meets them."""
    parts: list[object] = [row.get("descriptionPlain") or row.get("description")]
    lists = row.get("lists")
    for part in lists if isinstance(lists, list) else []:
        parts += [at(part, "text"), at(part, "content")]
    return [*parts, row.get("additionalPlain") or row.get("additional")]


def _moment(milliseconds: object) -> str | None:
    """A moment in milliseconds since 1970 as a date and time in UTC."""
    if type(milliseconds) is not int or not 0 < milliseconds < _LAST_MS:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC).isoformat()
