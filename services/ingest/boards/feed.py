"""A feed as its items: read by a compiled parser where that can vouch for the result, else by feedparser.

Both give the same; feedparser, which mends and guesses, takes some twenty times as long (`python -m tests.bench feeds`).
"""

from services.ingest.boards.feed_items import EXPECTED, Feed
from services.ingest.boards.feed_sound import read_sound
from services.ingest.boards.feed_tolerant import read_tolerant
from services.ingest.boards.posting import MAX_BODY, NotABoard


def read_feed(body: bytes, content_type: str | None) -> Feed:
    """The items of a feed.

    Args:
        body: the feed as fetched, after decompression.
        content_type: the header as received; its charset is used where the feed names none.

    Raises:
        NotABoard: the body is empty, HTML, too large, or neither RSS nor Atom nor a vendor's list of items.
    """
    if len(body) > MAX_BODY:
        raise NotABoard(EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    return read_sound(body, content_type) or read_tolerant(body, content_type)
