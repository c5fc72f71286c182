"""One item of a sound feed, element by element, as feedparser would keep it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element

from services.ingest.boards.feed_fields import NAMES, short_name
from services.ingest.boards.feed_items import Item
from services.ingest.boards.feed_names import RDF_ABOUT, Doubt, Naming, attributes_of, kind_of, type_of
from services.ingest.boards.feed_text import address, link_of, mended, query_mended
from services.ingest.boards.feed_xhtml import printed

_DEEPEST: Final = 20
_NO_TEXT: Final[dict[str, str]] = {}
_Handler = Callable[[Element, str, int], None]


class _Known(NamedTuple):
    """What an element is."""

    handler: _Handler | None
    key: str
    plain_to: int
    """How deep one without attributes and elements of its own is just a text to keep."""


class Items:
    """Reads the items of one feed; remembers what each of its elements is."""

    def __init__(self, naming: Naming, *, atom: bool, mend: bool) -> None:
        self._naming = naming
        self._atom = atom
        self._mend = mend
        self._known: dict[str, _Known] = {}
        self._handlers: dict[str, _Handler] = {
            "title": self._title, "link": self._link, "guid": self._guid, "summary": self._summary,
            "content": self._content, "encoded": self._content, "published": self._heard, "updated": self._heard,
            "unheard": self._unheard, "unheard leaf": self._leaf, "open": self._open, "source": self._title_again,
            "image": self._title_again,
        }  # fmt: skip

    def read(self, element: Element) -> Item:
        """The item in an element. Raises Doubt."""
        self._entry: dict[str, Any] = {}
        self._depths: dict[str, int] = {}
        self._contents: list[str] = []
        self._title_depth = -1
        self._has_content = self._in_content = False
        if about := element.get(RDF_ABOUT):
            self._entry["id"] = about
        if element.keys() and not {"href", "lastmod"}.isdisjoint(attributes_of(element.items())):
            raise Doubt("an item in an attribute")
        self._each(element, 0)
        return Item(self._entry, self._contents)

    def _each(self, element: Element, depth: int) -> None:
        """Read what stands in an element of that depth; an item's is 0.

        Most are plain texts, so they are kept here: handing each one over would take longer than all else.
        """
        known, depth = self._known, depth + 1
        entry, depths, mend = self._entry, self._depths, self._mend
        for child in element:
            handler, key, plain_to = known.get(child.tag) or self._learn(child.tag)
            if depth <= plain_to and not (len(child) or child.keys()):
                text = (child.text or "").strip()
                if mend and not text.isascii():
                    text = mended(text)
                if depth <= depths.get(key, depth):
                    entry[key] = text
                    depths[key] = depth
            elif handler is not None:
                handler(child, key, depth)
            elif len(child) or (depth > 1 and child.keys()):
                self._other(child, key, depth)

    def _learn(self, tag: str) -> _Known:
        name = self._naming.of(tag)
        kind = kind_of(name)
        key = kind if kind in ("published", "updated") else name
        if kind == "item":
            raise Doubt("an item within an item")
        is_asked_for = kind != "field" or short_name(key, self._naming.namespaces)[1] in NAMES
        handler = self._handlers.get(kind, self._field) if is_asked_for else None
        plain_to = {self._field: _DEEPEST, self._heard: 1}.get(handler, 0) if handler else 0
        self._known[tag] = known = _Known(handler, key, plain_to)
        return known

    def _put(self, key: str, text: str, depth: int) -> None:
        """Keep a text, unless one that stands less deep is kept."""
        if depth > 1 and key == "summary" and self._has_content:
            raise Doubt("a description deep within")
        if depth <= self._depths.get(key, depth):
            self._entry[key] = text
            self._depths[key] = depth

    def _text(self, text: str | None) -> str:
        text = text.strip() if text else ""
        return mended(text) if self._mend and not text.isascii() else text

    def _inside(self, element: Element, depth: int) -> None:
        """Read the elements within one."""
        if depth > _DEEPEST:
            raise Doubt("nested deeply")
        self._each(element, depth)

    def _text_around(self, element: Element, depth: int) -> str:
        """Read the elements within one, and give the text that is its own."""
        if len(element):
            self._inside(element, depth)
            return self._text((element.text or "") + "".join([child.tail or "" for child in element]))
        return self._text(element.text)

    def _field(self, element: Element, key: str, depth: int) -> None:
        """A vendor's field. One that has attributes is kept as them, and its text is lost."""
        if element.keys():
            self._entry[key] = _NO_TEXT
            self._depths.pop(key, None)
            self._open(element, key, depth)
        else:
            self._put(key, self._text_around(element, depth), depth)

    def _other(self, element: Element, key: str, depth: int) -> None:
        """A vendor's field that nobody asks for."""
        if element.keys():
            self._open(element, key, depth)
        elif len(element):
            self._inside(element, depth)

    def _open(self, element: Element, _: str, depth: int) -> None:
        """An element that is passed through: its text would be part of the text around it."""
        if depth > 1 and (element.text or len(element)):
            raise Doubt("a text that may be another's")
        if len(element):
            self._inside(element, depth)

    def _heard(self, element: Element, key: str, depth: int) -> None:
        self._own()
        self._put(key, self._text_around(element, depth), depth)

    def _unheard(self, element: Element, _: str, depth: int) -> None:
        self._own()
        if len(element):
            self._inside(element, depth)

    def _leaf(self, element: Element, _: str, __: int) -> None:
        self._value(element)

    def _title_again(self, element: Element, _: str, __: int) -> None:
        """After a source or an image another title counts."""
        self._own()
        if len(element):
            raise Doubt("a source or image of its own")
        self._title_depth = -1

    def _title(self, element: Element, key: str, depth: int) -> None:
        title, _ = self._value(element)
        if not -1 < self._title_depth <= depth:
            self._put("title", title, depth)
        if title and key != "media_title":
            self._title_depth = depth

    def _guid(self, element: Element, _: str, depth: int) -> None:
        if len(element) or depth > 1:
            raise Doubt("elements in an id")
        attributes = attributes_of(element.items()) if element.keys() else {}
        is_link = attributes.get("ispermalink", "true") == "true"
        text = (element.text or "").strip()
        text = self._text(address(text) if is_link else text)
        self._put("id", text, depth)
        if is_link:
            self._entry.setdefault("link", text)

    def _link(self, element: Element, _: str, depth: int) -> None:
        self._own()
        attributes = attributes_of(element.items()) if element.keys() else {}
        if len(element) or (depth > 1 and attributes and element.text):
            raise Doubt("elements in a link")
        is_text, link = link_of(attributes)
        if is_text:
            link = query_mended(self._text(address((element.text or "").strip())))
        if link is not None:
            self._entry["link"] = link

    def _summary(self, element: Element, key: str, depth: int) -> None:
        """A description; the second one counts as content."""
        if "summary" in self._entry and not self._has_content:
            self._content(element, key, depth)
        else:
            text, _ = self._value(element)
            self._put("summary", text, depth)

    def _content(self, element: Element, key: str, depth: int) -> None:
        if depth > 1:
            raise Doubt("a content deep within")
        self._has_content = True
        text, type_ = self._value(element, depth if key == "content" else None)
        self._contents.append(text)
        if type_ != "xml":
            self._entry.setdefault("summary", text)

    def _value(self, element: Element, depth: int | None = None) -> tuple[str, str]:
        """The text of an element that may carry HTML, and its type; where it has a depth it may hold fields instead."""
        if not (self._in_content or len(element) or element.keys()):
            return self._text(element.text), "text"
        self._own()
        attributes = attributes_of(element.items())
        type_ = type_of(attributes)
        if type_ == "xhtml":
            return self._text(printed(element, self._naming, without_div=self._atom)), type_
        if type_ == "xml" and depth is None:
            raise Doubt("fields in a text")
        if not len(element):
            return self._text(element.text), type_
        if type_ != "xml" or depth is None:
            raise Doubt("elements in a text")
        self._in_content = True
        text = self._text_around(element, depth)
        self._in_content = False
        return text, type_

    def _own(self) -> None:
        """What feedparser knows gets in its way within a content of fields."""
        if self._in_content:
            raise Doubt("a known element in a content of fields")
