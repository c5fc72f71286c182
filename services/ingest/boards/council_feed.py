"""A vendor's feed, read as RSS is, and held against its own tags: what an entry's end is missing from is not believed."""

from collections.abc import Collection
from dataclasses import replace

from services.ingest.boards.adapter import Page
from services.ingest.boards.feed_markup import Markup, markup_of
from services.ingest.boards.posting import MAX_BODY, BoardPage, NotABoard, why_incomplete
from services.ingest.boards.rss import read_rss


def read_council_feed(answer: Page, roots: Collection[str], expected: str) -> tuple[BoardPage, Markup]:
    """The feed's page and what its bytes say. Raises NotABoard, also for a feed whose outermost element is another."""
    markup = markup_of(answer.body[:MAX_BODY])
    if markup.root not in (*roots, "html", None):
        raise NotABoard(expected, f"XML whose outermost element is <{markup.root}>")
    page = read_rss(answer.body, base_url=answer.url, content_type=answer.content_type)
    if markup.items_started == markup.items_closed:
        return page, markup
    torn = f"{markup.items_started} entries begin, {markup.items_closed} end"
    why = why_incomplete([page.why_incomplete, torn])
    believed = page.postings[: markup.items_closed]
    return replace(page, postings=believed, complete=False, why_incomplete=why), markup
