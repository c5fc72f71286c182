"""Sound feeds, read by the compiled XML parser (expat, through ElementTree), at many times feedparser's speed.

What is read is vouched for: the feed is well-formed, its encoding is beyond doubt, and it has no element that
feedparser would treat otherwise. In any doubt there is no result, and feedparser reads the feed. A document type, and
with it every entity that is not XML's own, is such a doubt: nothing is ever expanded or fetched.
"""

import codecs
import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from services.ingest.boards.feed_encoding import in_utf8
from services.ingest.boards.feed_items import ROOTS, Feed, Item
from services.ingest.boards.feed_markup import MAX_TAGS
from services.ingest.boards.feed_names import (
    AROUND,
    ASIDE,
    Doubt,
    Naming,
    attributes_of,
    may_stand_around,
    type_of,
)
from services.ingest.boards.feed_sound_items import Items
from services.ingest.boards.feed_text import address

_MOST_NAMESPACES: Final = 100
_FIRST: Final = re.compile(rb"<([A-Za-z_][\w.:-]{0,80})([^<>]*)")
_COUNT: Final = re.compile(rb"""\sCount\s*=\s*["'](\d{1,6})["']""")
_DOCUMENT_TYPE: Final = re.compile(rb"!(?i:doctype|entity)")
_BASE: Final = re.compile(rb"=(?:(?<=[bB][aA][sS][eE]=)|(?<=[eE]\s=)|(?<=\s\s=))")
"""An attribute that moves links."""
_INSTRUCTION: Final = re.compile(rb"\?(?<=<\?)")
_REFERENCE: Final = re.compile(rb"#(?<=&#)")
_C1: Final = re.compile(rb"\xc2[\x80-\x9f]")
_RARE: Final = 200
"""So many of a byte in a feed are sooner looked at one by one than found by a pattern."""
_DEEPEST: Final = 20


def read_sound(body: bytes, content_type: str | None) -> Feed | None:
    """Read a feed exactly as feedparser would; None where that cannot be vouched for."""
    try:
        return _read(body, content_type)
    except (Doubt, ParseError, expat.ExpatError, ValueError):
        return None


def _read(body: bytes, content_type: str | None) -> Feed:
    first = _recognised(body)
    text, is_utf8 = in_utf8(body.removeprefix(codecs.BOM_UTF8), content_type)
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - see above
    parser.feed(text)
    top: Element = parser.close()
    root = first[1].rpartition(b":")[2].decode("ascii").lower()
    if top.tag.rpartition("}")[2].lower() != root or root not in ROOTS:
        raise Doubt(root)
    naming = Naming(_namespaces(text))
    items = Items(
        naming,
        atom=naming.version == "atom10" and root != "rss",
        mend=not is_utf8 or b"\xc3" in body or _has(body, b"\xc2", _C1) or _has(body, b"#", _REFERENCE),
    )
    around = _Around(naming, items)
    around.root(top)
    declared = _COUNT.search(first[2])
    return Feed(
        root=root,
        items=around.found,
        namespaces=naming.namespaces,
        begun=len(around.found),
        ended=len(around.found),
        declared=int(declared[1]) if declared else None,
        cut=False,
        following=around.following,
    )


def _recognised(body: bytes) -> re.Match[bytes]:
    """The outermost element's start. Doubts whatever the bytes could mean to a reader that mends them."""
    first = _FIRST.search(body)
    if (
        first is None
        or b"\x00" in body
        or _has(body, b"!", _DOCUMENT_TYPE)
        or _has(body, b"=", _BASE)
        or _has(body, b"?", _INSTRUCTION, first.start())
        or (len(body) > 3 * MAX_TAGS and body.count(b"<") > MAX_TAGS)
        or not re.search(b"</" + re.escape(first[1]) + rb"\s*>", body[-1_500:])
    ):
        raise Doubt("the bytes")
    return first


def _has(body: bytes, mark: bytes, pattern: re.Pattern[bytes], start: int = 0) -> bool:
    """Whether a pattern that begins with a mark is found. A rare byte is found at many times a pattern's speed; where it
    is not rare the pattern looks through the rest."""
    place = body.find(mark, start)
    for _ in range(_RARE):
        if place < 0 or pattern.match(body, place):
            return place >= 0
        place = body.find(mark, place + 1)
    return place >= 0 and pattern.search(body, place) is not None


def _namespaces(text: bytes) -> list[tuple[str | None, str]]:
    """The namespaces a feed declares, in order: read up to the end of the last tag that declares one."""
    last = text.rfind(b"xmlns")
    if last < 0:
        return []
    found: list[tuple[str | None, str]] = []
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartNamespaceDeclHandler = lambda prefix, uri: found.append((prefix, uri))
    end = text.find(b"<", last)
    parser.Parse(text if end < 0 else text[:end], end < 0)
    if len(found) > _MOST_NAMESPACES:
        raise Doubt("more namespaces than any feed has")
    return found


class _Around:
    """Walks through what stands around the items, and has each item read."""

    def __init__(self, naming: Naming, items: Items) -> None:
        self.found: list[Item] = []
        self.following: str | None = None
        self._naming = naming
        self._items = items
        self._linked = False

    def root(self, top: Element) -> None:
        name = self._naming.of(top.tag)
        if name not in ("rss", "feed", "rdf_rdf", "vacancies", "jobs", "channel"):
            raise Doubt(name)
        self._inside(top, 1, holds_items=True, aside=False)

    def _inside(self, element: Element, depth: int, *, holds_items: bool, aside: bool) -> None:
        if depth > _DEEPEST:
            raise Doubt("nested deeply")
        for child in element:
            name = self._naming.of(child.tag)
            if name in ("item", "entry"):
                if not holds_items:
                    raise Doubt("an item within something else")
                self.found.append(self._items.read(child))
            elif name == "channel":
                if not holds_items or attributes_of(child.items()):
                    raise Doubt("a channel unlike others")
                self._inside(child, depth + 1, holds_items=True, aside=False)
            elif name in ASIDE:
                self._inside(child, depth + 1, holds_items=False, aside=True)
            elif not may_stand_around(name):
                raise Doubt(name)
            elif name == "link":
                self._link(child, aside=aside)
            elif len(child):
                if name in AROUND:
                    raise Doubt(f"elements within {name}")
                self._inside(child, depth + 1, holds_items=True, aside=aside)
            elif type_of(attributes_of(child.items())) == "xml":
                raise Doubt(f"fields in {name}")

    def _link(self, element: Element, *, aside: bool) -> None:
        attributes = attributes_of(element.items())
        if len(element) or (attributes and not attributes.get("href")):
            raise Doubt("a link unlike others")
        if attributes.get("rel", "").lower() == "next" and not aside and not self._linked:
            self._linked = True
            self.following = address(attributes["href"])
