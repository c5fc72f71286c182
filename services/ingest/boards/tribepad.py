"""Tribepad: a search page of cards with icons for labels, 50 at a time, and a page for each; or the older skin's list.

Kind `tribepad`; the address is the tenant's, or its search (`…/v2/job/search`). No options. An address whose path
holds `/jobs/search/` is the older skin's (`<ul class="jobs">` with itemprops). `record=` is the identity, in the older
skin the number in the vacancy's address.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, must_show, seen_with, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.html_fields import CLOSES, POSTED, labelled, value_of
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, lines, plain

PAGE_SIZE = 50
_EXPECTED = "a Tribepad list of vacancies"
_CARD = ".sitebuilder-job-results-item"
_RECORD = re.compile(r"[?&]record=(\d{1,12})\b")
_NUMBER = re.compile(r"/(\d{2,12})(?=[-/?#.]|$)")
_APPLY_BY = re.compile(r"\bapply by:?\s+(.{4,40})", re.IGNORECASE)
_HINT = re.compile(r"\s*\([^()]*\)\s*$")
_NEXT = "a[rel~='next' i], .next a[href], a.next[href]"


def read_tribepad(board: Board, reading: Reading) -> Steps:
    """Read the search's pages, then the page of each vacancy. Raises NotABoard, ValueError for options."""
    checked(board, "tribepad", {})
    if "/jobs/search/" in urlsplit(board.url).path:
        entries = yield from walk(Ask(board.url), _read_older, reading)
    else:
        number = 1

        def read(answer: Page, found: Collection[str]) -> ListPage:
            nonlocal number
            number += 1
            return _read_list(answer, found, Ask(_numbered(board.url, number)))

        entries = yield from walk(Ask(_numbered(board.url, 1)), read, reading)
    yield from with_details(entries, _read_detail, reading)


def _numbered(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.path in ("", "/"):
        parts = urlsplit(urljoin(url, "/v2/job/search"))
    ours = {"page": str(number), "records_per_page": str(PAGE_SIZE)}
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ours]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*query, *ours.items()]), ""))


def _read_list(answer: Page, found: Collection[str], following: Ask) -> ListPage:
    page = opened(answer, _EXPECTED)
    entries = tuple(_card(place, page, card) for place, card in enumerate(page.tree.css(_CARD), start=1))
    if not entries and not page.says_none():
        raise NotABoard(_EXPECTED, page.instead() + " without vacancies")
    seen = seen_with(entries, found)
    total = page.count(seen)
    more = bool(entries) and (len(entries) >= PAGE_SIZE if total is None else seen < total)
    return ListPage(entries, total, following if more else None, page.cut)


def _card(place: int, page: WebPage, card: LexborNode) -> Posting | Refused:
    node = card.css_first("a[href*='record=']") or card.css_first("a[href]")
    link = page.link(node)
    record = _RECORD.search(link or "")
    closes = _chip(card, "fa-calendar")
    return entry(
        place,
        page.url,
        key=record.group(1) if record else None,
        title=text_of(card.css_first(f"{_CARD}-title")) or text_of(node),
        link=node.attributes.get("href") if node is not None else None,
        location=_chip(card, "fa-map-marker"),
        pay_text=_chip(card, "fa-wallet"),
        closes=_HINT.sub("", closes) if closes else None,
        department=_chip(card, "fa-tag"),
        employment_type=_chip(card, "fa-clock"),
    )


def _chip(card: LexborNode, icon: str) -> str | None:
    """The text beside an icon: what follows it up to the next icon, else what its element says."""
    node = card.css_first(f"[class*='{icon}']")
    if node is None:
        return None
    told: list[str] = []
    after = node.next
    while after is not None and "fa-" not in (
        after.attributes.get("class") or "" if after.is_element_node else ""
    ):
        told.append(after.html or "")
        after = after.next
    return plain(" ".join(told)) or text_of(node.parent)


def _read_older(answer: Page, _: Collection[str]) -> ListPage:
    page = opened(answer, _EXPECTED)
    entries = tuple(
        _older(place, page, item) for place, item in enumerate(page.tree.css("ul.jobs > li"), start=1)
    )
    if not entries and not page.says_none():
        raise NotABoard(_EXPECTED, page.instead() + " without vacancies")
    link = page.link(page.tree.css_first(_NEXT)) if entries else None
    return ListPage(entries, page.count(len(entries)), Ask(link) if link else None, page.cut)


def _older(place: int, page: WebPage, item: LexborNode) -> Posting | Refused:
    node = item.css_first("a[href]")
    link = page.link(node)
    record = _RECORD.search(link or "") or _NUMBER.search(urlsplit(link or "").path)
    by = next((said.group(1) for line in lines(item.html or "") if (said := _APPLY_BY.search(line))), None)
    return entry(
        place,
        page.url,
        key=record.group(1) if record else None,
        title=text_of(item.css_first("[itemprop=title], h2, h3")) or text_of(node),
        link=node.attributes.get("href") if node is not None else None,
        location=text_of(item.css_first("[itemprop=jobLocation]")),
        pay_text=_chip(item, "fa-wallet"),
        posted=_content(item.css_first("[itemprop=datePosted]")),
        closes=by,
        employment_type=text_of(item.css_first("[itemprop=employmentType]")),
    )


def _content(node: LexborNode | None) -> str | None:
    if node is None:
        return None
    return plain(node.attributes.get("content") or node.attributes.get("datetime")) or text_of(node)


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = opened(answer, "a Tribepad vacancy")
    must_show(page, listed)
    found = labelled(page)
    return replace(
        listed,
        posted=listed.posted or value_of(found, POSTED),
        closes=listed.closes or value_of(found, CLOSES),
        description=plain(
            page.main_text("section.job-details-section", "[itemprop=description]"), MAX_DESCRIPTION
        ),
    )
