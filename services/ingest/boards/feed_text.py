"""Texts and links of a sound feed, mended as feedparser mends them (feedparser 6, `mixin.py` and `urls.py`)."""

import re
from collections.abc import Mapping
from typing import Final

_C1: Final = re.compile("[\x80-\x9f]")
_WINDOWS: Final = {
    number: bytes([number]).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_SLASHES: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)")
_ENTITY: Final = re.compile("&([A-Za-z0-9_]+);")
_HTML: Final = frozenset({"text/html", "html", "application/xhtml+xml", "xhtml"})


def mended(text: str) -> str:
    """A text that was UTF-8 read as Latin-1, read again; and characters of Windows-1252 that were read so."""
    try:
        read = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        read = text
    return read.translate(_WINDOWS) if _C1.search(read) else read


def address(text: str) -> str:
    """A link with two slashes after its scheme."""
    return _SLASHES.sub(r"\1", text) if ":///" in text else text


def link_of(attributes: Mapping[str, str]) -> tuple[bool, str | None]:
    """Whether a link is its element's text; if not, the link in its attributes if it is the item's own."""
    href = attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")
    if href is None:
        return True, None
    rel = attributes.get("rel", "alternate").lower()
    is_page = attributes.get("type", "text/html").lower() in _HTML
    return False, address(href) if rel == "alternate" and is_page else None


def query_mended(link: str) -> str:
    """A link whose query was taken for entities: `?a=1&b;=2` means `&b=2`."""
    return _ENTITY.sub(r"&\g<1>", link.replace("&amp;", "&")) if "&" in link else link
