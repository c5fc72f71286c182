"""SuccessFactors (jobs2web, Career Site Builder): a list of links 25 rows at a time, all facts on the vacancy's page.

Kind `successfactors`; the address is the site's (`https://london-gov.jobs2web.com/tfl`). Option `list: tiles` for
sites whose list is a fragment of tiles (`tile-search-results/`), else `search`. Lists repeat every field three times
(desktop, tablet, mobile) and name neither pay nor, mostly, the place. The number that ends a vacancy's address is its
identity. Its page prints lines "Salary: …", "Grade: …", "Closing Date …", and microdata where the site has it.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, must_show, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.html_fields import (
    CLOSES,
    DEPARTMENT,
    LOCATION,
    POSTED,
    TYPE,
    labelled,
    pay_of,
    value_of,
)
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, MAX_URL, plain

_EXPECTED = "a SuccessFactors list of vacancies"
_LINKS = "a[href*='/job/'], [data-url*='/job/']"
_NUMBER = re.compile(r"/job/[^?#]*?/(\d{3,15})/?(?:[?#]|$)")
_LIST_END = re.compile(r"/(?:search|tile-search-results)/?$")
_RECORDS = re.compile(r"""jobRecordsFound\W{1,5}(?:parseInt\(["'])?(\d{1,6})\b""")
_JAVA = re.compile(r"^\w{3} (\w{3} \d{2} \d{2}:\d{2}:\d{2}) (?:UTC|GMT) (\d{4})$")
_SEARCHES = {
    "search": ("search/", {"q": "", "locationsearch": ""}),
    "tiles": ("tile-search-results/", {"q": "", "sortColumn": "referencedate", "sortDirection": "desc"}),
}


def read_successfactors(board: Board, reading: Reading) -> Steps:
    """Read the list by rows, then the page of each vacancy. Raises NotABoard, ValueError for options."""
    options = checked(board, "successfactors", {"list": tuple(_SEARCHES)})
    parts = urlsplit(board.url)
    path, query = _SEARCHES[options.get("list", "search")]
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    base = _LIST_END.sub("", parts.path).rstrip("/")

    def ask(row: int) -> Ask:
        asked = urlencode({**query, **given, "startrow": str(row)})
        return Ask(urlunsplit((parts.scheme, parts.netloc, f"{base}/{path}", asked, "")))

    row = 0

    def read(answer: Page, found: Collection[str]) -> ListPage:
        nonlocal row
        page = opened(answer, _EXPECTED)
        entries = tuple(_entries(page))
        if not entries and not (page.says_none() or (found and _is_end(page))):
            raise NotABoard(_EXPECTED, page.instead() + " without vacancies")
        row += len(entries)
        said = _RECORDS.search(page.text)
        total = int(said.group(1)) if said else page.count(row)
        more = bool(entries) and (total is None or row < total)
        return ListPage(entries, total, ask(row) if more else None, page.cut)

    entries = yield from walk(ask(0), read, reading)
    yield from with_details(entries, _read_detail, reading)


def _is_end(page: WebPage) -> bool:
    """A fragment after the last row is a list without rows; a whole page of another kind is not."""
    return page.tree.css_first("ul, #searchresults, .job-tile-result-container") is not None and (
        page.tree.css_first("title") is None
    )


def _entries(page: WebPage) -> list[Posting | Refused]:
    """Each vacancy once, however often its link is repeated; the link with a text names it."""
    found: dict[str, Posting | Refused] = {}
    for place, node in enumerate(page.tree.css(_LINKS), start=1):
        link = node.attributes.get("href") or node.attributes.get("data-url")
        number = _NUMBER.search((link or "")[:MAX_URL])
        if number is None:
            continue
        named = node if node.tag == "a" else node.css_first("a.jobTitle-link, a[href*='/job/']")
        read = entry(place, page.url, key=number.group(1), title=text_of(named), link=link)
        if not isinstance(found.get(number.group(1)), Posting):
            found[number.group(1)] = read
    return list(found.values())


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = opened(answer, "a SuccessFactors vacancy")
    must_show(page, listed)
    found = labelled(page)
    return replace(
        listed,
        employer=_property(page, "hiringOrganization"),
        location=_property(page, "jobLocation") or _careersite(page, "location") or value_of(found, LOCATION),
        pay_text=pay_of(found),
        pay_structured=_base_salary(page),
        posted=_property(page, "datePosted") or value_of(found, POSTED),
        closes=value_of(found, CLOSES) or _property(page, "validThrough"),
        department=value_of(found, DEPARTMENT) or _careersite(page, "dept"),
        employment_type=_property(page, "employmentType") or value_of(found, TYPE),
        description=plain(page.main_text("[itemprop=description]", ".jobdescription"), MAX_DESCRIPTION),
    )


def _property(page: WebPage, name: str) -> str | None:
    """A property of the microdata: what a meta element or its text says, the addresses of a place joined."""
    parts: list[str] = []
    for node in page.tree.css(f"[itemprop={name}]")[:5]:
        inner = node.css("meta[content]")[:10] if node.tag != "meta" else [node]
        told = [plain(one.attributes.get("content")) for one in inner] or [text_of(node)]
        parts.extend(_iso(text) for text in told if text)
    return ", ".join(dict.fromkeys(parts))[:500] or None


def _base_salary(page: WebPage) -> object | None:
    """The microdata's baseSalary: the amounts it names, else its text."""
    node = page.tree.css_first("[itemprop=baseSalary]")
    if node is None:
        return None
    named: dict[str, str] = {}
    for name in ("minValue", "maxValue", "value", "currency", "unitText"):
        inner = node.css_first(f"[itemprop={name}]")
        told = None if inner is None else plain(inner.attributes.get("content")) or text_of(inner)
        if told:
            named[name] = told
    amounts = named.keys() & {"minValue", "maxValue", "value"}
    return named if amounts else plain(node.attributes.get("content")) or text_of(node)


def _careersite(page: WebPage, name: str) -> str | None:
    return text_of(page.tree.css_first(f"[data-careersite-propertyid='{name}']"))


def _iso(told: str) -> str:
    """A moment as Java prints it (`Mon Jun 29 00:00:00 UTC 2026`) as ISO 8601; anything else as it is."""
    found = _JAVA.match(told)
    if found is None:
        return told
    try:
        moment = datetime.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return told
    return moment.isoformat()
