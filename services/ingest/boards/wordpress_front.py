"""Hackney's front to TalentLink: a WordPress search whose cards hold pay and closing date in one line.

`£37,509 to £41,637 – Closing date: 2 August`, without a year. Pages are `page/2/`, `page/3/` … until the 404. The
last part of a vacancy's address is its identity. An `<article>` has two `class` attributes, of which parsers keep
one, and the first `<h1>` is the cookie notice's: neither is relied upon.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import unquote, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from services.ingest.boards.adapter import Ask, Missed, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, must_show, walk, with_details
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.html_fields import DEPARTMENT, LOCATION, TYPE, labelled, value_of
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, lines, plain

_EXPECTED = "a WordPress search of vacancies"
_PAGE = re.compile(r"/page/(\d{1,4})/?$")
_CLOSES = re.compile(r"^(?:(.*?)\s*[–—|-]\s*)?closing date\s*:?\s*(.{3,60})$", re.IGNORECASE)
_HEADING = "h1 a[href], h2 a[href], h3 a[href], h4 a[href]"


def read_wordpress_front(url: str, reading: Reading) -> Steps:
    """Read the search's pages until they end, then the page of each vacancy. Raises NotABoard."""
    last = 0

    def read(answer: Page, _: Collection[str]) -> ListPage:
        nonlocal last
        page = opened(answer, _EXPECTED)
        if page.tree.css_first("body.error404") is not None and _number(answer.url) > 1:
            return ListPage(())
        entries = tuple(_entries(page))
        if not entries and not page.says_none():
            raise NotABoard(_EXPECTED, page.instead() + " without vacancies")
        numbers = [_number(link) for node in page.tree.css("a[href*='/page/']") if (link := page.link(node))]
        last = max([last, *numbers])
        following = Ask(_numbered(url, _number(answer.url) + 1)) if entries else None
        return ListPage(entries, page.count(len(entries)), following, page.cut)

    def ends(missed: Missed) -> bool:
        return missed.is_not_there and _number(missed.url) > last

    entries = yield from walk(Ask(url), read, reading, ends=ends)
    yield from with_details(entries, _read_detail, reading)


def _number(url: str) -> int:
    found = _PAGE.search(urlsplit(url).path)
    return int(found.group(1)) if found else 1


def _numbered(url: str, number: int) -> str:
    parts = urlsplit(url)
    path = _PAGE.sub("/", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/page/{number}/", parts.query, ""))


def _entries(page: WebPage) -> list[Posting | Refused]:
    found: list[Posting | Refused] = []
    for place, card in enumerate(page.tree.css("article"), start=1):
        node = card.css_first(_HEADING) or card.css_first("a[href]")
        if node is not None:
            pay, closes = _pay_and_closing(card)
            found.append(
                entry(
                    place,
                    page.url,
                    key=_slug(page.link(node)),
                    title=text_of(node) or text_of(card.css_first("h2, h3")),
                    link=node.attributes.get("href"),
                    pay_text=pay,
                    closes=closes,
                )
            )
    return found


def _slug(url: str | None) -> str | None:
    return unquote(urlsplit(url).path).strip("/").rpartition("/")[2] or None if url else None


def _pay_and_closing(card: LexborNode) -> tuple[str | None, str | None]:
    """Both facts of the card's one line; pay alone where no closing date is printed."""
    told = lines(card.html or "")
    for line in told:
        if found := _CLOSES.match(line):
            return plain(found.group(1)), plain(found.group(2))
    return next((line[:500] for line in told if line.startswith("£")), None), None


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = opened(answer, "a vacancy's page")
    must_show(page, listed)
    found = labelled(page)
    return replace(
        listed,
        location=value_of(found, LOCATION),
        department=value_of(found, DEPARTMENT),
        employment_type=value_of(found, TYPE),
        description=plain(page.main_text(".entry-content"), MAX_DESCRIPTION),
    )
