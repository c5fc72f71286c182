"""One item of a sound feed, element by element, as feedparser would keep it."""

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from services.ingest.boards.feed_fields import NAMES, short_name
from services.ingest.boards.feed_items import Item
from services.ingest.boards.feed_names import RDF_ABOUT, Doubt, Naming, attributes_of, kind_of, type_of
from services.ingest.boards.feed_sound_kept import Kept
from services.ingest.boards.feed_text import link_of, mended
from services.ingest.boards.feed_xhtml import printed

_DEEPEST: Final = 20
_Read = Callable[[Element, str, int], None]
_Keep = Callable[[str, str, int], None]
_Known = tuple[_Read | None, _Keep | None, int, str]
"""How an element is read and its text kept, how deep it is kept unread if it is nothing but a text, and its key."""


class Items:
    """Reads the items of one feed; remembers what each of its elements is."""

    def __init__(self, naming: Naming, *, atom: bool, mend: bool) -> None:
        self._naming = naming
        self._atom = atom
        self._mend = mend
        self._known: dict[str, _Known] = {}
        self._kept = kept = Kept()
        self._kinds: dict[str, tuple[_Read, _Keep | None, int]] = {
            "title": (self._title, kept.title, 1), "link": (self._link, kept.link, 1),
            "guid": (self._guid, kept.guid, 1), "summary": (self._summary, kept.summary, 1),
            "content": (self._content, kept.content, 1), "encoded": (self._content, kept.content, 1),
            "published": (self._heard, None, 1), "updated": (self._heard, None, 1), "unheard": (self._unheard, None, 0),
            "unheard leaf": (self._leaf, None, 0), "open": (self._open, None, 0), "source": (self._title_again, None, 0),
            "image": (self._title_again, None, 0), "field": (self._field, None, _DEEPEST),
        }  # fmt: skip

    def read(self, element: Element) -> Item:
        """The item in an element. Raises Doubt."""
        self._kept.begin()
        self._in_content = False
        if element.keys():
            if about := element.get(RDF_ABOUT):
                self._kept.entry["id"] = about
            if not {"href", "lastmod"}.isdisjoint(attributes_of(element.items())):
                raise Doubt("an item in an attribute")
        self._each(element, 0)
        return Item(self._kept.entry, self._kept.contents)

    def _each(self, element: Element, depth: int) -> None:
        """Read what stands in an element of that depth; an item's is 0.

        Most are nothing but texts, so fields are kept here: handing each one over would take longer than all else.
        """
        known, depth = self._known, depth + 1
        entry, depths, mend = self._kept.entry, self._kept.depths, self._mend
        for child in element:
            read, keep, to_depth, key = known.get(child.tag) or self._learn(child.tag)
            if depth <= to_depth and not (len(child) or child.keys()):
                text = (child.text or "").strip()
                if mend and not text.isascii():
                    text = mended(text)
                if keep:
                    keep(text, key, depth)
                elif depth <= depths.get(key, depth):
                    entry[key] = text
                    depths[key] = depth
            elif read:
                read(child, key, depth)
            elif len(child) or (depth > 1 and child.keys()):
                self._other(child, key, depth)

    def _learn(self, tag: str) -> _Known:
        name = self._naming.of(tag)
        kind = kind_of(name)
        key = kind if kind in ("published", "updated") else name
        if kind == "item":
            raise Doubt("an item within an item")
        is_asked_for = kind != "field" or short_name(key, self._naming.namespaces)[1] in NAMES
        return self._known.setdefault(tag, (*(self._kinds[kind] if is_asked_for else (None, None, 0)), key))

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
            self._kept.no_text(key)
            self._open(element, key, depth)
        else:
            self._kept.put(key, self._text_around(element, depth), depth)

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
        self._kept.put(key, self._text_around(element, depth), depth)

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
        self._kept.title_depth = -1

    def _title(self, element: Element, key: str, depth: int) -> None:
        self._kept.title(self._value(element)[0], key, depth)

    def _guid(self, element: Element, key: str, depth: int) -> None:
        if len(element) or depth > 1:
            raise Doubt("elements in an id")
        text = self._text(element.text)
        if attributes_of(element.items()).get("ispermalink", "true") == "true":
            self._kept.guid(text, key, depth)
        else:
            self._kept.entry["id"] = text

    def _link(self, element: Element, key: str, depth: int) -> None:
        self._own()
        attributes = attributes_of(element.items())
        if len(element) or (depth > 1 and attributes and element.text):
            raise Doubt("elements in a link")
        is_text, link = link_of(attributes)
        if is_text:
            self._kept.link(self._text(element.text), key, depth)
        elif link is not None:
            self._kept.entry["link"] = link

    def _summary(self, element: Element, key: str, depth: int) -> None:
        self._kept.summary(self._value(element)[0], key, depth)

    def _content(self, element: Element, key: str, depth: int) -> None:
        if depth > 1:
            raise Doubt("a content deep within")
        self._kept.has_content = True
        text, type_ = self._value(element, depth if key == "content" else None)
        if type_ == "xml":
            self._kept.contents.append(text)
        else:
            self._kept.content(text, key, depth)

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
