"""RSS and Atom feeds of jobs boards, with the elements that their vendors add. Call this in a worker thread."""

from services.ingest.boards.feed import read_feed
from services.ingest.boards.feed_fields import Columns, Fields
from services.ingest.boards.feed_items import Feed
from services.ingest.boards.posting import (
    BoardPage,
    Posting,
    Refused,
    distinct,
    unreadable,
    why_incomplete,
)
from services.ingest.boards.text import plain, web_address


def read_rss(body: bytes, *, base_url: str, content_type: str | None) -> BoardPage:
    """Read a feed.

    Args:
        body: the feed as fetched, after decompression.
        base_url: the address it came from; relative links are resolved against it.
        content_type: the header as received; its charset is used where the feed names none.

    Raises:
        NotABoard: the body is empty, HTML, too large, or neither RSS nor Atom nor a vendor's list of items.
    """
    return page_of(read_feed(body, content_type), base_url)


def page_of(feed: Feed, base_url: str) -> BoardPage:
    """The postings of a feed's items, and whether that is all there is."""
    postings: list[Posting] = []
    refused: list[Refused] = []
    columns = Columns(feed)
    for place, item in enumerate(feed.items, start=1):
        if feed.cut and place > feed.ended:
            refused.append(
                Refused("posting", f"item {place}", "the feed is cut off inside it; fetch the feed again")
            )
            continue
        read = _posting(columns.of(item), place, base_url)
        if isinstance(read, Posting):
            postings.append(read)
        else:
            refused.append(read)
    why = why_incomplete([_cut(feed), _lost(feed), unreadable(tuple(refused))])
    return BoardPage(
        postings=distinct(postings),
        refused=tuple(refused),
        complete=why is None,
        next_url=web_address(feed.following, base_url),
        detail_urls=(),
        why_incomplete=why,
    )


def _posting(fields: Fields, place: int, base_url: str) -> Posting | Refused:
    title = fields.title
    if title is None:
        return Refused("posting", f"item {place}", "it has no title; the board must print one")
    where = (place, title)
    if fields.link is None:
        return _refused(where, "it has no link; the board must print one")
    url = web_address(fields.link, base_url)
    if url is None:
        shown = plain(fields.link, 80)
        return _refused(
            where, f"its link {shown!r} is not an http or https address; the board must correct it"
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


def _refused(where: tuple[int, str], why: str) -> Refused:
    place, title = where
    return Refused("posting", f"item {place}, “{title[:80]}”", why)


def _cut(feed: Feed) -> str | None:
    return f"the feed stops before </{feed.root}>" if feed.cut else None


def _lost(feed: Feed) -> str | None:
    said, read = max(feed.begun, feed.declared or 0), len(feed.items)
    return f"the feed has {said} items, {read} could be parsed" if read < said else None
