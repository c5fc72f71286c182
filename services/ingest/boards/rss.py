"""RSS and Atom feeds of jobs boards, with the elements that their vendors add.

feedparser reads; it gets a byte stream and never the bytes or text themselves, which it would take for a file name.
Reading a large feed takes a while: call this in a worker thread.
"""

import io
from typing import Any

import feedparser

from services.ingest.boards.feed_fields import Fields, fields_of
from services.ingest.boards.feed_markup import MAX_TAGS, Markup, markup_of
from services.ingest.boards.posting import (
    MAX_BODY,
    BoardPage,
    NotABoard,
    Posting,
    Refused,
    distinct,
    unreadable,
    why_incomplete,
)
from services.ingest.boards.text import plain, web_address

_EXPECTED = "an RSS or Atom feed of jobs"
_ROOTS = {"rss", "feed", "rdf", "channel", "vacancies", "jobs"}


def read_rss(body: bytes, *, base_url: str, content_type: str | None) -> BoardPage:
    """Read a feed.

    Args:
        body: the feed as fetched, after decompression.
        base_url: the address it came from; relative links are resolved against it.
        content_type: the header as received; its charset is used where the feed names none.

    Raises:
        NotABoard: the body is empty, HTML, too large, or neither RSS nor Atom nor a vendor's list of items.
    """
    markup = _recognised(body)
    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(markup.body),
            response_headers={"content-type": content_type} if content_type else {},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        entries = list(parsed.entries)
    except Exception as error:  # whatever a parser stumbles over, the page is unreadable and no more
        raise NotABoard(_EXPECTED, f"a body that cannot be parsed ({type(error).__name__})") from error
    if not entries and not parsed.version and markup.root not in _ROOTS:
        raise NotABoard(_EXPECTED, f"XML whose outermost element is <{markup.root}>, without items")
    namespaces = tuple(str(prefix).lower() for prefix in parsed.get("namespaces", {}) if prefix)
    postings: list[Posting] = []
    refused: list[Refused] = []
    for place, entry in enumerate(entries, start=1):
        if markup.truncated and place > markup.items_closed:
            refused.append(
                Refused("posting", f"item {place}", "the feed is cut off inside it; fetch the feed again")
            )
            continue
        read = _posting(fields_of(entry, namespaces), place, base_url)
        if isinstance(read, Posting):
            postings.append(read)
        else:
            refused.append(read)
    why = why_incomplete([_cut(markup), _lost(markup, len(entries)), unreadable(tuple(refused))])
    return BoardPage(
        postings=distinct(postings),
        refused=tuple(refused),
        complete=why is None,
        next_url=_next(parsed, base_url),
        detail_urls=(),
        why_incomplete=why,
    )


def _recognised(body: bytes) -> Markup:
    if len(body) > MAX_BODY:
        raise NotABoard(_EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    markup = markup_of(body)
    if markup.root is None:
        start = plain(body[:60].decode("utf-8", "replace"))
        raise NotABoard(_EXPECTED, f"text that is not XML, starting {start!r}" if start else "an empty body")
    if markup.root == "html":
        raise NotABoard(
            _EXPECTED, f"an HTML page titled {markup.title!r}" if markup.title else "an HTML page"
        )
    if markup.tags > MAX_TAGS:
        raise NotABoard(_EXPECTED, f"a body with {markup.tags:,} tags; at most {MAX_TAGS:,} are read")
    return markup


def _posting(fields: Fields, place: int, base_url: str) -> Posting | Refused:
    title = fields.title
    where = f"item {place}" + (f", “{title[:80]}”" if title else "")
    if title is None:
        return Refused("posting", where, "it has no title; the board must print one")
    if fields.link is None:
        return Refused("posting", where, "it has no link; the board must print one")
    url = web_address(fields.link, base_url)
    if url is None:
        return Refused(
            "posting",
            where,
            f"its link {plain(fields.link, 80)!r} is not an http or https address; the board must correct it",
        )
    return Posting(
        key=fields.key or url,
        title=title,
        url=url,
        employer=fields.employer,
        location=fields.location,
        pay_text=fields.pay,
        pay_structured=None,
        posted=fields.posted,
        closes=fields.closes,
        description=fields.description,
        department=fields.department,
        employment_type=fields.employment_type,
    )


def _cut(markup: Markup) -> str | None:
    return f"the feed stops before </{markup.root}>" if markup.truncated else None


def _lost(markup: Markup, read: int) -> str | None:
    said = max(markup.items_started, markup.items_declared or 0)
    return f"the feed has {said} items, {read} could be parsed" if read < said else None


def _next(parsed: Any, base_url: str) -> str | None:
    for link in parsed.feed.get("links", []):
        if link.get("rel") == "next":
            return web_address(link.get("href"), base_url)
    return None
