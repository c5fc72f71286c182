"""A vendor's feed, read as RSS is, and held against its own tags: what an entry's end is missing from is not believed."""

from collections.abc import Collection
from dataclasses import replace

from services.ingest.boards.adapter import Page
from services.ingest.boards.feed import read_feed
from services.ingest.boards.feed_items import Feed
from services.ingest.boards.posting import BoardPage, NotABoard, why_incomplete
from services.ingest.boards.rss import page_of


def read_council_feed(answer: Page, roots: Collection[str], expected: str) -> tuple[BoardPage, Feed]:
    """The feed's page, and the feed itself. Raises NotABoard, also for one whose outermost element is another."""
    try:
        feed = read_feed(answer.body, answer.content_type)
    except NotABoard as error:
        raise NotABoard(expected, error.found) from error
    if feed.root not in roots:
        raise NotABoard(expected, f"XML whose outermost element is <{feed.root}>")
    page = page_of(feed, answer.url)
    if feed.begun == feed.ended:
        return page, feed
    torn = f"{feed.begun} entries begin, {feed.ended} end"
    why = why_incomplete([page.why_incomplete, torn])
    believed = page.postings[: feed.ended]
    return replace(page, postings=believed, complete=False, why_incomplete=why), feed
