"""What is kept of one item of a sound feed, where feedparser would keep the one or the other of its elements."""

from typing import Any, Final

from services.ingest.boards.feed_names import Doubt
from services.ingest.boards.feed_text import address, query_mended

_NO_TEXT: Final[dict[str, str]] = {}


class Kept:
    """The texts of one item after another."""

    def begin(self) -> None:
        """Begin with an item."""
        self.entry: dict[str, Any] = {}
        self.depths: dict[str, int] = {}
        """How deep the element stood whose text was put under a key."""
        self.contents: list[str] = []
        self.has_content = False
        self.title_depth = -1

    def put(self, key: str, text: str, depth: int) -> None:
        """Keep a text, unless one that stands less deep is kept."""
        if depth <= self.depths.get(key, depth):
            self.entry[key] = text
            self.depths[key] = depth

    def no_text(self, key: str) -> None:
        """Keep that an element has attributes instead of a text; the depth of a text before it goes on counting."""
        self.entry[key] = _NO_TEXT

    def title(self, text: str, key: str, depth: int) -> None:
        """A title; after a media:title another one counts."""
        if not -1 < self.title_depth <= depth:
            self.put("title", text, depth)
        if text and key != "media_title":
            self.title_depth = depth

    def guid(self, text: str, _: str, __: int) -> None:
        """An id that is a link, if there is no other."""
        self.entry["id"] = text = address(text)
        self.entry.setdefault("link", text)

    def link(self, text: str, _: str, __: int) -> None:
        """A link; the last one counts."""
        self.entry["link"] = query_mended(address(text))

    def summary(self, text: str, key: str, depth: int) -> None:
        """A description; the second one counts as content."""
        if depth > 1 and (self.has_content or "summary" in self.entry):
            raise Doubt("a description deep within")
        if "summary" in self.entry and not self.has_content:
            self.content(text, key, depth)
        else:
            self.put("summary", text, depth)

    def content(self, text: str, _: str, __: int) -> None:
        """A content, which is the description too where there is none."""
        self.has_content = True
        self.contents.append(text)
        self.entry.setdefault("summary", text)
