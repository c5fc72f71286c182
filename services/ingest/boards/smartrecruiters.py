"""SmartRecruiters: a list in pages of a hundred that counts itself; the text is in each posting's own answer."""

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import DETAILS, Option, endpoint, in_path, options_of
from services.ingest.boards.ats_posting import posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_each, read_list
from services.ingest.boards.posting import NotABoard, Posting, Refused

_EXPECTED = "a SmartRecruiters list of postings"
_DETAIL = "a SmartRecruiters posting"
_COMPANY = Option("company", "the employer's identifier in SmartRecruiters, as in its address")
_SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")
_PAGE = 100


def smartrecruiters(board: Board, reading: Reading) -> Steps:
    """Read a board at `https://api.smartrecruiters.com` (or the host in the board's address). It tells neither pay
    nor closing date.

    Raises NotABoard, and ValueError for the options `company` and `details`.
    """
    told = options_of(board, "smartrecruiters", _COMPANY, DETAILS)
    company = told["company"]
    address = endpoint(board, f"/v1/companies/{company}/postings")

    def page_at(had: int, _: int = 0) -> Ask:
        return Ask(f"{address}?limit={_PAGE}&offset={had}")

    rows = yield from read_list(page_at(0), _listed, lambda row: row.get("id"), reading, page_at)
    details: dict[str, Row] = {key: {} for key in rows}
    if told.get("details", "yes"):
        details = yield from read_each(
            rows, lambda key, _: Ask(f"{address}/{in_path(key)}"), _detail, reading
        )
    tell((_posting(key, rows[key], detail, board, company) for key, detail in details.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    return Listed(listed_at(found, _EXPECTED, "content"), count_at(at(found, "totalFound")))


def _detail(page: Page) -> Row:
    found = document(page, _DETAIL)
    if at(found, "jobAd", "sections") is None:
        raise NotABoard(_DETAIL, "JSON without jobAd.sections")
    return found if isinstance(found, dict) else {}


def _posting(key: str, row: Row, detail: Row, board: Board, company: str) -> Posting | Refused:
    place = row.get("location")
    sections = at(detail, "jobAd", "sections")
    link = detail.get("postingUrl") or f"https://jobs.smartrecruiters.com/{company}/{in_path(key)}"
    return posting_of(
        key,
        title=row.get("name"),
        link=link,
        board=board,
        employer=at(row, "company", "name"),
        location=at(place, "fullLocation") or [at(place, name) for name in ("city", "region")],
        posted=row.get("releasedDate"),
        description=[at(sections, name, "text") for name in _SECTIONS],
        department=at(row, "department", "label"),
        employment_type=at(row, "typeOfEmployment", "label"),
    )
