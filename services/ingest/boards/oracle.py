"""Oracle Recruiting Cloud: a list that is paged inside its `finder` and counts itself; no pay, and the text apart."""

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.ats_options import DETAILS, Option, endpoint, in_path, options_of
from services.ingest.boards.ats_posting import posting_of, tell
from services.ingest.boards.json_documents import at, count_at, document, listed_at
from services.ingest.boards.json_pages import Listed, Row, read_each, read_list
from services.ingest.boards.posting import NotABoard, Posting, Refused

_EXPECTED = "an Oracle Recruiting list of requisitions"
_DETAIL = "an Oracle Recruiting requisition"
_SITE = Option("site", "the career site's number, such as CX_1")
_RESOURCES = "/hcmRestApi/resources/latest"
_PATH = f"{_RESOURCES}/recruitingCEJobRequisitions"
_EXPAND = "requisitionList.secondaryLocations"
_BODIES = ("ExternalDescriptionStr", "ExternalResponsibilitiesStr", "ExternalQualificationsStr")
_PAGE = 25


def oracle(board: Board, reading: Reading) -> Steps:
    """Read a board on a pod such as `https://{employer}.fa.{region}.oraclecloud.com`.

    Without `details` the short description of the list has to do. Raises NotABoard, and ValueError for the options
    `site` and `details`.
    """
    told = options_of(board, "oracle", _SITE, DETAILS)
    site = told["site"]
    address = endpoint(board, _PATH)
    pod = address.removesuffix(_PATH)

    def page_at(had: int, _: int = 0) -> Ask:
        finder = f"findReqs;siteNumber={site},limit={_PAGE},offset={had}"
        return Ask(f"{address}?onlyData=true&expand={_EXPAND}&finder={finder}")

    def detail_of(key: str, _: Row) -> Ask:
        finder = f"ById;Id=%22{in_path(key)}%22,siteNumber={site}"
        return Ask(
            f"{pod}{_RESOURCES}/recruitingCEJobRequisitionDetails?onlyData=true&expand=all&finder={finder}"
        )

    rows = yield from read_list(page_at(0), _listed, lambda row: row.get("Id"), reading, page_at)
    details: dict[str, Row] = {key: {} for key in rows}
    if told.get("details", "yes"):
        details = yield from read_each(rows, detail_of, _detail, reading)
    public = f"{pod}/hcmUI/CandidateExperience/en/sites/{site}/job/"
    tell((_posting(key, rows[key], detail, board, public) for key, detail in details.items()), reading)


def _listed(page: Page) -> Listed:
    found = document(page, _EXPECTED)
    items = listed_at(found, _EXPECTED, "items")
    if not items:
        raise NotABoard(_EXPECTED, "JSON without an item that holds the requisitions")
    return Listed(listed_at(items[0], _EXPECTED, "requisitionList"), count_at(at(items[0], "TotalJobsCount")))


def _detail(page: Page) -> Row:
    items = listed_at(document(page, _DETAIL), _DETAIL, "items")
    if not items or not isinstance(items[0], dict):
        raise NotABoard(_DETAIL, "JSON without the requisition")
    return items[0]


def _posting(key: str, row: Row, detail: Row, board: Board, public: str) -> Posting | Refused:
    more = row.get("secondaryLocations")
    places = [at(place, "Name") for place in more] if isinstance(more, list) else []
    text = [detail[name] for name in _BODIES if detail.get(name)]
    return posting_of(
        key,
        title=row.get("Title"),
        link=public + in_path(key),
        board=board,
        location=[row.get("PrimaryLocation"), *places],
        posted=row.get("PostedDate") or detail.get("ExternalPostedStartDate"),
        closes=row.get("PostingEndDate") or detail.get("ExternalPostedEndDate"),
        description=text or row.get("ShortDescriptionStr"),
        department=detail.get("Department") or row.get("Organization"),
        employment_type=row.get("JobSchedule") or row.get("ContractType"),
    )
