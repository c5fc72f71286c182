"""Oleeo (TAL.net): a board of 50 vacancies a page with a page for each, or the tenant's feed (oleeo_feed.py).

Kind `oleeo`; the address is the board's (`…/candidate/jobboard/vacancy/3/adv/`) or the feed's (`…/feed`,
`…/feed/structured`). No options. The number in `/opp/{id}-{slug}` is the vacancy's identity in both; the `xf-…` part
of an address belongs to the visit, and is left out.
"""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from services.ingest.boards.adapter import Ask, Board, Missed, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, must_show, seen_with, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.html_fields import DEPARTMENT, EMPLOYER, LOCATION, completed, labelled
from services.ingest.boards.oleeo_feed import opportunity, read_feed, visitless
from services.ingest.boards.posting import NotABoard, Posting, Refused

PAGE_SIZE = 50
_EXPECTED = "an Oleeo board of vacancies"
_LINKS = "a[href*='/opp/']"
_START = re.compile(r"[?&]start=(\d{1,5})\b")


def read_oleeo(board: Board, reading: Reading) -> Steps:
    """Read the board or the feed, whichever the address is. Raises NotABoard, ValueError for options."""
    checked(board, "oleeo", {})
    if re.search(r"/feed(?:/\w*)?/?$", urlsplit(board.url).path):
        (answer,) = yield (Ask(board.url),)
        if isinstance(answer, Missed):
            reading.miss(answer.why)
        else:
            reading.add(read_feed(answer), answer.url)
        return

    start = 0

    def read(answer: Page, found: Collection[str]) -> ListPage:
        nonlocal start
        start += PAGE_SIZE
        return _read_list(answer, found, Ask(_from(board.url, start)), start)

    entries = yield from walk(Ask(board.url), read, reading)
    yield from with_details(entries, _read_detail, reading)


def _read_list(answer: Page, found: Collection[str], following: Ask, start: int) -> ListPage:
    page = opened(answer, _EXPECTED)
    entries = tuple(_entries(page))
    if not entries and not page.says_none():
        raise NotABoard(_EXPECTED, page.instead() + " without vacancies")
    seen = seen_with(entries, found)
    total = page.count(seen)
    if total is not None:
        more = seen < total
    else:
        offsets = [int(said.group(1)) for link in _links(page) if (said := _START.search(link))]
        more = len(entries) >= PAGE_SIZE or any(offset >= start for offset in offsets)
    return ListPage(entries, total, following if entries and more else None, page.cut)


def _entries(page: WebPage) -> list[Posting | Refused]:
    found: dict[str, Posting | Refused] = {}
    for place, node in enumerate(page.tree.css(_LINKS), start=1):
        link = visitless(node.attributes.get("href") or "")
        number = opportunity(link)
        if number is None:
            continue
        said = _cells(node)
        read = entry(
            place,
            page.url,
            key=number,
            title=text_of(node),
            link=link,
            employer=_cell(said, EMPLOYER),
            location=_cell(said, LOCATION),
            pay_text=_cell(said, ("salary", "pay")),
            closes=_cell(said, ("clos", "deadline")),
            department=_cell(said, DEPARTMENT),
        )
        # A row links to its vacancy more than once, and not every link holds the title.
        if number not in found or isinstance(found[number], Refused):
            found[number] = read
    return list(found.values())


def _cells(node: LexborNode) -> dict[str, str]:
    """The cells of a link's table row under their columns' headings in lower case."""
    row: LexborNode | None = node
    while row is not None and row.tag != "tr":
        row = row.parent
    table = row.parent if row is not None else None
    while table is not None and table.tag != "table":
        table = table.parent
    if row is None or table is None:
        return {}
    headings = [(text_of(cell, 60) or "").casefold() for cell in table.css("th")[:20]]
    cells = [text_of(cell) or "" for cell in row.css("td")[:20]]
    return {name: cell for name, cell in zip(headings, cells, strict=False) if name and cell}


def _cell(said: dict[str, str], words: tuple[str, ...]) -> str | None:
    return next((text for word in words for name, text in said.items() if word in name), None)


def _links(page: WebPage) -> list[str]:
    return [link for node in page.tree.css("a[href*='start=']")[:100] if (link := page.link(node))]


def _from(url: str, start: int) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "start"]
    asked = urlencode([*query, ("start", str(start))])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, asked, ""))


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = opened(answer, "an Oleeo vacancy")
    must_show(page, listed)
    return completed(listed, labelled(page), description=page.main_text())
