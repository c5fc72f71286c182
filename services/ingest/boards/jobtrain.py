"""Jobtrain: all vacancies as cards of one fragment, and a page for each with schema.org data.

Kind `jobtrain`; the address is any of the tenant's pages (`https://www.jobtrain.co.uk/{tenant}/Home/Job`). No options.
The number in `data-jobId` is the identity. baseSalary is text, and datePosted may be the placeholder 0001-01-01.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import urlencode, urlsplit, urlunsplit

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.jsonld import read_jsonld
from services.ingest.boards.posting import NotABoard, Posting, Refused
from services.ingest.boards.text import plain

_EXPECTED = "Jobtrain's cards of vacancies"
_PROGRAM = re.compile(r"/(?:Home|Job|JobDetail|Account)(?:/.*)?$", re.IGNORECASE)
_TITLE = "[class*='title' i], h1, h2, h3, h4, h5, a[href]"
_NUMBER = re.compile(r"\d{1,12}")


def read_jobtrain(board: Board, reading: Reading) -> Steps:
    """Read the cards, then the page of each vacancy. Raises NotABoard, ValueError for options."""
    checked(board, "jobtrain", {})
    parts = urlsplit(board.url)
    tenant = _PROGRAM.sub("", parts.path).rstrip("/")
    base = urlunsplit((parts.scheme, parts.netloc, tenant, "", ""))

    def read(answer: Page, _: Collection[str]) -> ListPage:
        page = opened(answer, _EXPECTED)
        entries = tuple(_entries(page, base))
        if not entries and not page.says_none():
            raise NotABoard(_EXPECTED, page.instead() + " without data-jobId")
        return ListPage(entries, page.count(len(entries)), None, page.cut)

    entries = yield from walk(Ask(f"{base}/Home/_JobCard"), read, reading)
    yield from with_details(entries, _read_detail, reading)


def _entries(page: WebPage, base: str) -> list[Posting | Refused]:
    """One for each number: a card and the buttons on it carry the same."""
    found: dict[str, Posting | Refused] = {}
    for place, node in enumerate(page.tree.css("[data-jobid]"), start=1):
        number = plain(node.attributes.get("data-jobid"), 40)
        if number is None or not _NUMBER.fullmatch(number):
            said = "it has no data-jobId of digits; the board must print one"
            found.setdefault(f"entry {place}", Refused("posting", f"entry {place}", said))
            continue
        named = node.css_first(_TITLE)
        link = f"{base}/Job/JobDetail?{urlencode({'JobId': number})}"
        # The card's title only says which vacancy is meant: the page of the vacancy has the title that counts.
        title = text_of(named) or f"Vacancy {number}"
        found.setdefault(number, entry(place, page.url, key=number, title=title, link=link))
    return list(found.values())


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = read_jsonld(answer.body, base_url=answer.url, content_type=answer.content_type)
    if not page.complete or len(page.postings) != 1:
        why = page.why_incomplete or f"{len(page.postings)} postings"
        raise NotABoard("the page of one Jobtrain vacancy", why)
    posting = page.postings[0]
    return replace(
        posting,
        key=listed.key,
        url=listed.url,
        posted=_not_placeholder(posting.posted),
        closes=_not_placeholder(posting.closes),
    )


def _not_placeholder(told: str | None) -> str | None:
    return None if told and told.startswith(("0001-01-01", "01/01/0001", "1/1/0001")) else told
