"""TalentLink (Lumesse): the list that councils embed in their pages, and Hackney's WordPress front before it.

Kind `talentlink`. The address is the list's own (`…jsoutputinitrapido.cfm?component=…`), or that of the embedded
script (`…laydisplayrapido.cfm?…`), which leads to it. Option `front: wordpress` for the front (wordpress_front.py),
whose address is its search page. The newer widget has no list that robots may read.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from services.ingest.boards.adapter import Ask, Board, Page, Reading, Steps
from services.ingest.boards.council_listing import ListPage, entry, must_show, walk, with_details
from services.ingest.boards.council_options import checked
from services.ingest.boards.council_page import WebPage, opened, text_of
from services.ingest.boards.html_fields import completed, labelled
from services.ingest.boards.posting import NotABoard, Posting
from services.ingest.boards.wordpress_front import read_wordpress_front

_EXPECTED = "a TalentLink list of vacancies"
_ENTRIES = "a[class^='lstA-desc' i], a[class*=' lstA-desc' i]"
_LIST = "[class^='Lst-' i], [class*=' Lst-' i], [class^='lstA' i]"
_COMPONENT = "lay9999_lst400a"
_PAGE = re.compile(r"[?&]pagenum=(\d{1,4})\b", re.IGNORECASE)


def read_talentlink(board: Board, reading: Reading) -> Steps:
    """Read the list's pages, then the page of each vacancy. Raises NotABoard, ValueError for options."""
    options = checked(board, "talentlink", {"front": ("wordpress",)})
    if options.get("front") == "wordpress":
        yield from read_wordpress_front(board.url, reading)
        return
    entries = yield from walk(Ask(_list_address(board.url)), _read_list, reading)
    yield from with_details(entries, _read_detail, reading)


def _list_address(url: str) -> str:
    """The address of the list that the embedded script shows, with all that the script's own address says."""
    parts = urlsplit(url)
    if not parts.path.lower().endswith("laydisplayrapido.cfm"):
        return url
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() != "component"]
    path = parts.path[: -len("laydisplayrapido.cfm")] + "jsoutputinitrapido.cfm"
    asked = urlencode([*query, ("component", _COMPONENT)])
    return urlunsplit((parts.scheme, parts.netloc, path, asked, ""))


def _read_list(answer: Page, _: Collection[str]) -> ListPage:
    page = opened(answer, _EXPECTED)
    entries = tuple(
        entry(
            place,
            answer.url,
            key=_key(page.link(node)),
            title=text_of(node),
            link=node.attributes.get("href"),
        )
        for place, node in enumerate(page.tree.css(_ENTRIES), start=1)
    )
    if not entries and not (page.tree.css_first(_LIST) is not None and page.says_none()):
        raise NotABoard(_EXPECTED, _instead(page))
    return ListPage(entries, total=page.count(len(entries)), next_ask=_next(page), why_incomplete=page.cut)


def _key(url: str | None) -> str | None:
    """The posting's number at its place of publication, else its own."""
    query = {
        name.lower(): values[0]
        for name, values in parse_qs(urlsplit(url or "").query, max_num_fields=100).items()
    }
    return query.get("npostingtargetid") or query.get("npostingid")


def _next(page: WebPage) -> Ask | None:
    """The page numbered one more than this; a first page has no number."""
    number = int(found.group(1)) if (found := _PAGE.search(page.url)) else 1
    for node in page.tree.css("a[class*='Lst-NavPage' i]"):
        link = page.link(node)
        named = _PAGE.search(link or "")
        if link and named and int(named.group(1)) == number + 1:
            return Ask(link)
    return None


def _read_detail(answer: Page, listed: Posting) -> Posting:
    page = opened(answer, "a TalentLink vacancy")
    must_show(page, listed)
    titled = replace(listed, title=text_of(page.tree.css_first(".JD-Title")) or listed.title)
    return completed(titled, labelled(page), description=page.main_text("[id^='JD-Field']"))


def _instead(page: WebPage) -> str:
    if page.tree.css_first("[data-talentlink-fo-host], [data-lumesse-fo-host]") is not None:
        return "the newer TalentLink widget, whose list robots may not read; ask the council for another feed"
    script = page.tree.css_first("script[src*='laydisplayrapido.cfm' i]")
    if script is not None:
        shown = page.link(script, "src")
        return f"a page that embeds the list; name the list itself instead: {_list_address(shown or '')}"
    return page.instead()
