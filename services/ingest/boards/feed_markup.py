"""What a feed's raw bytes say, before any parser has had a chance to forgive or forget something."""

import codecs
import re
from dataclasses import dataclass

from services.ingest.boards.text import plain, without

MAX_TAGS = 200_000
"""A feed has some twenty tags an item; a parser takes seconds over more than this."""
_ITEM = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_ITEM_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_EMPTY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)(?:\s[^<>]*)?/>", re.IGNORECASE)
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]{0,80})([^<>]*)")
_COUNT = re.compile(rb"""\sCount\s*=\s*["'](\d{1,6})["']""")
_TITLE = re.compile(rb"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY[^>]*>", re.IGNORECASE)
_DECLARED = re.compile(rb"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])[\w.-]+(["'])""", re.IGNORECASE)
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Markup:
    """Counts and shape of a feed's bytes. `root` is the outermost element's local name in lower case."""

    body: bytes
    """The same feed in a byte-oriented encoding and without entity declarations, which only ever serve attacks."""
    root: str | None
    title: str | None
    tags: int
    items_started: int
    items_closed: int
    items_declared: int | None
    """`<Vacancies Count="30">`, where a vendor says so."""
    truncated: bool


def markup_of(body: bytes) -> Markup:
    """Look at the bytes of a feed. Takes time linear in their number."""
    body = _ENTITY.sub(b"", _narrow(body))
    bare = without(without(body, b"<!--", b"-->"), b"<![CDATA[", b"]]>")
    first = _ELEMENT.search(bare) if bare.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else None
    name = first.group(1) if first else b""
    declared = _COUNT.search(first.group(2)) if first else None
    title = _TITLE.search(bare[:20_000])
    return Markup(
        body=body,
        root=name.rpartition(b":")[2].decode("ascii", "replace").lower() if first else None,
        title=plain(title.group(1).decode("utf-8", "replace")) if title else None,
        tags=bare.count(b"<"),
        items_started=len(_ITEM.findall(bare)),
        items_closed=len(_ITEM_END.findall(bare)) + len(_ITEM_EMPTY.findall(bare)),
        items_declared=int(declared.group(1)) if declared else None,
        truncated=first is not None and not first.group(2).rstrip().endswith(b"/") and not _ends(bare, name),
    )


def _ends(bare: bytes, root: bytes) -> bool:
    """Whether the outermost element is closed. One that was empty from the start (`<rss/>`) needs no end."""
    return re.search(rb"</" + re.escape(root) + rb"\s*>", bare[-2_000:]) is not None


def _narrow(body: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8, so that bytes can be searched; anything else as it is."""
    for start, encoding in _WIDE:
        if body.startswith(start):
            text = body.decode(encoding, "replace").encode("utf-8", "replace")
            return _DECLARED.sub(rb"\1utf-8\2", text)
    return body
