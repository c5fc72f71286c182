"""What feedparser calls an element, and what it does with it: only so much of that as a sound feed of jobs needs.

Source: feedparser 6, `feedparser/mixin.py` and `feedparser/namespaces/`. What it treats in a way of its own and is not
listed here is never vouched for, so that a newer feedparser makes feeds slower to read and not different.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from feedparser.api import StrictFeedParser

_KNOWN: Final[dict[str, str]] = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
_PREFIXES: Final = frozenset(_KNOWN.values())
_SPECIAL: Final = frozenset(
    name.removeprefix(part)
    for name in dir(StrictFeedParser)
    for part in ("_start_", "_end_")
    if name.startswith(part)
)
_INTERNAL: Final = frozenset(
    [
        "links",
        "tags",
        "authors",
        "contributors",
        "publishers",
        "image",
        "textinput",
        "where",
        "source",
        "entries",
        "feed",
        "svg",
        "math",
        "content",
    ]
)
"""Names under which feedparser keeps something of its own: a vendor's element of that name gets in its way."""
_VERSIONS: Final = {
    "http://my.netscape.com/rdf/simple/0.9/": "rss090",
    "http://purl.org/rss/1.0/": "rss10",
    "http://www.w3.org/2005/atom": "atom10",
}
_XLINK: Final = "http://www.w3.org/1999/xlink"
RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(("item", "entry"), "item"),
    **dict.fromkeys(("title", "dc_title", "media_title"), "title"),
    "link": "link",
    **dict.fromkeys(("guid", "id"), "guid"),
    **dict.fromkeys(("description", "dc_description", "media_description", "summary"), "summary"),
    "content": "content",
    "content_encoded": "encoded",
    **dict.fromkeys(("published", "pubdate", "issued", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
    **dict.fromkeys(("rights", "copyright", "dc_rights"), "unheard leaf"),
    **dict.fromkeys(
        (
            "author", "managingeditor", "dc_creator", "dc_author", "contributor", "name", "email", "uri", "url",
            "homepage", "category", "keywords", "dc_subject", "media_category", "language", "dc_language", "webmaster",
            "dc_publisher", "created", "dcterms_created", "expirationdate", "media_thumbnail", "media_credit",
        ),
        "unheard",
    ),
    **dict.fromkeys(("enclosure", "media_content", "media_group"), "open"),
    "source": "source",
    "image": "image",
}  # fmt: skip
"""How an element is treated that feedparser knows; one that is neither here nor known to it is a vendor's field."""

_TYPES: Final = {
    "text": "text", "plain": "text", "text/plain": "text", "html": "html", "text/html": "html", "xhtml": "xhtml",
    "application/xhtml+xml": "xhtml", "text/xml": "xml", "application/xml": "xml",
}  # fmt: skip
AROUND: Final = frozenset(
    [
        "title",
        "link",
        "description",
        "subtitle",
        "tagline",
        "language",
        "dc_language",
        "dc_date",
        "dc_title",
        "dc_description",
        "dc_creator",
        "dc_publisher",
        "dc_rights",
        "dc_subject",
        "pubdate",
        "published",
        "issued",
        "updated",
        "modified",
        "lastbuilddate",
        "id",
        "rights",
        "copyright",
        "generator",
        "name",
        "email",
        "uri",
        "url",
        "homepage",
        "category",
        "keywords",
        "cloud",
        "width",
        "height",
    ]
)
"""Elements around the items that feedparser knows and that change nothing about the items."""
ASIDE: Final = frozenset({"image", "textinput", "author", "managingeditor", "webmaster", "contributor"})
"""Elements around the items that have others within them, none of which is the feed's own."""


class Doubt(Exception):
    """The compiled parser cannot vouch that feedparser would read this feed as it does."""


class Naming:
    """The names that feedparser gives to elements of one feed, by the namespaces it declares."""

    def __init__(self, declared: Iterable[tuple[str | None, str]]) -> None:
        self.version = ""
        self._in_use: dict[str, str] = {}
        self._standard: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for prefix, uri in declared:
            if uri:
                self._declare(prefix or "", uri)
        self.namespaces = tuple(prefix.lower() for prefix in self._in_use if prefix)
        """Prefixes under which vendors' fields stand."""

    def _declare(self, prefix: str, uri: str) -> None:
        told = uri.lower()
        if "backend.userland.com/rss" in told or told == _XLINK or len(uri.split()) != 1:
            raise Doubt(uri)
        self.version = self.version or _VERSIONS.get(told, "")
        known = _KNOWN.get(told)
        key = prefix if known is None else known
        if known is not None and prefix:
            other = known if prefix not in _PREFIXES else prefix
            if self._standard.setdefault(prefix, known) != known or other != known:
                raise Doubt(f"another namespace under the prefix {prefix}")
        if self._in_use.setdefault(key, uri) != uri and key:
            raise Doubt(f"two namespaces called {key}")

    def of(self, tag: str) -> str:
        """The name of an element that a parser gives as `{uri}local`: `dc_creator`, `job_salary`, `title`."""
        return self._names.get(tag) or self._names.setdefault(tag, self._name(tag))

    def _name(self, tag: str) -> str:
        uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        prefix = _KNOWN.get(uri.lower(), "")
        if not prefix and uri:
            prefix = next((name for name, used in self._in_use.items() if name and used == uri), "")
        prefix = self._standard.get(prefix.lower(), prefix.lower()) if prefix else ""
        name = local.lower()
        if prefix and name in ("item", "entry"):
            raise Doubt(f"an item of {prefix}")
        return f"{prefix}_{name}" if prefix else name


def kind_of(name: str) -> str:
    """How an element within an item is treated. Raises Doubt for one that feedparser treats in ways not copied here."""
    if kind := KINDS.get(name):
        return kind
    if name in _SPECIAL or name in _INTERNAL or name.endswith("_detail"):
        raise Doubt(name)
    return "field"


def may_stand_around(name: str) -> bool:
    """Whether an element outside the items is one that changes nothing about them."""
    return name in AROUND or not (
        name in _SPECIAL or name in _INTERNAL or name in KINDS or name.endswith("_detail")
    )


def type_of(attributes: Mapping[str, str]) -> str:
    """What an element that may carry HTML carries: text, html, xhtml, or xml of the vendor's own. Raises Doubt."""
    type_ = _TYPES.get(attributes.get("type", "text").lower())
    if type_ is None or "mode" in attributes:
        raise Doubt("a type of content")
    return type_


def is_markup(name: str) -> bool:
    """Whether an element within XHTML is to feedparser nothing but that."""
    return name not in _SPECIAL and name not in _INTERNAL and name not in KINDS


def attributes_of(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """An element's own attributes by their names in lower case; those of other namespaces are left out."""
    return {name.lower(): value for name, value in found if not name.startswith("{")}
