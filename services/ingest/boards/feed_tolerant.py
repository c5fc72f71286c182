"""Feeds as they come, broken ones too: feedparser reads them.

feedparser gets a byte stream and never the bytes or text themselves, which it would take for a file name. Reading a
large feed takes a while: call this in a worker thread.
"""

import io
from collections.abc import Mapping
from typing import Any

import feedparser

from services.ingest.boards.feed_items import EXPECTED, ROOTS, Feed, Item
from services.ingest.boards.feed_markup import MAX_TAGS, Markup, markup_of
from services.ingest.boards.posting import NotABoard
from services.ingest.boards.text import plain


def read_tolerant(body: bytes, content_type: str | None) -> Feed:
    """Read a feed, whatever is wrong with it. Raises NotABoard where nothing in it is one."""
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
        raise NotABoard(EXPECTED, f"a body that cannot be parsed ({type(error).__name__})") from error
    root = markup.root or ""
    if not entries and not parsed.version and root not in ROOTS:
        raise NotABoard(EXPECTED, f"XML whose outermost element is <{root}>, without items")
    namespaces = tuple(str(prefix).lower() for prefix in parsed.get("namespaces", {}) if prefix)
    return Feed(
        root=root,
        items=[Item(dict(entry.items()), _contents(entry)) for entry in entries],
        namespaces=namespaces,
        begun=markup.items_started,
        ended=markup.items_closed,
        declared=markup.items_declared,
        cut=markup.truncated,
        following=_following(parsed),
    )


def _recognised(body: bytes) -> Markup:
    markup = markup_of(body)
    if markup.root is None:
        start = plain(body[:60].decode("utf-8", "replace"))
        raise NotABoard(EXPECTED, f"text that is not XML, starting {start!r}" if start else "an empty body")
    if markup.root == "html":
        raise NotABoard(EXPECTED, f"an HTML page titled {markup.title!r}" if markup.title else "an HTML page")
    if markup.tags > MAX_TAGS:
        raise NotABoard(EXPECTED, f"a body with {markup.tags:,} tags; at most {MAX_TAGS:,} are read")
    return markup


def _contents(entry: Mapping[str, Any]) -> list[str]:
    contents = entry.get("content")
    parts = contents if isinstance(contents, list) else []
    return [
        text for part in parts if isinstance(part, Mapping) and isinstance(text := part.get("value"), str)
    ]


def _following(parsed: Any) -> str | None:
    """The first link that calls itself the next page's."""
    for link in parsed.feed.get("links", []):
        if link.get("rel") == "next":
            href = link.get("href")
            return href if isinstance(href, str) else None
    return None
