"""JSON-LD as pages carry it: found in the page, decoded forgivingly, walked for postings and lists of them."""

import codecs
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.text import without

MAX_NESTING = 1_000
"""Elements within elements of a page; browsers stop at 512, and the parser's time grows with the square."""
MAX_DEPTH = 12
"""Levels of @graph, lists and items that are followed; real pages use four."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_WRAPPED = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9-]*)[^<>]*>")
_CLOSED_BY_THE_NEXT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "param",
        "source",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "wbr",
    ]
)
_FOLLOWED = ("@graph", "mainEntity", "itemListElement", "item", "hasPart")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its data, or why it could not be read and whether postings may be lost with it."""

    data: object
    why: str | None
    may_hold_postings: bool


@dataclass(slots=True)
class Found:
    """What a walk through the data has met so far."""

    postings: list[dict[str, object]] = field(default_factory=list)
    links: list[object] = field(default_factory=list)
    lists: int = 0
    too_deep: bool = False


def decoded(body: bytes, content_type: str | None) -> str:
    """The text of a page: by byte order mark, header, meta element, else UTF-8; what does not fit is replaced."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    named = _CHARSET.search(content_type or "") or _CHARSET.search(body[:2_048].decode("ascii", "replace"))
    try:
        # A page that says Latin-1 means Windows-1252, as every browser knows.
        encoding = codecs.lookup(named.group(1)).name if named else "utf-8"
        text = body.decode("cp1252" if encoding in ("iso8859-1", "ascii") else encoding, "replace")
    except (LookupError, UnicodeError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.removeprefix("\ufeff") if isinstance(text, str) else body.decode("utf-8", "replace")


def nesting(page: str) -> int:
    """How deep the page's elements lie in each other at most, going by its tags. Takes time linear in its length."""
    depth = deepest = 0
    for closing, name in _ELEMENT.findall(without(page.lower(), "<script", "</script")):
        if name not in _CLOSED_BY_THE_NEXT:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def scripts_of(page: LexborHTMLParser) -> Iterator[str]:
    """The texts of a page's JSON-LD scripts."""
    for node in page.css("script[type]"):
        if (node.attributes.get("type") or "").strip().lower().startswith("application/ld+json"):
            text = node.text(deep=True)
            if text and text.strip():
                yield text


def block_of(text: str) -> Block:
    """What one script says, or a JSON document."""
    bare = text.strip()
    if bare[:1] not in ("{", "[") or bare[-1:] not in ("}", "]"):
        bare = _WRAPPED.sub("", text)
    try:
        data = _JSON.decode(bare)
    except (ValueError, RecursionError) as error:
        may_hold = "JobPosting" in text or "ItemList" in text
        where = (
            f"line {error.lineno}: {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else type(error).__name__
        )
        return Block(None, f"it is not JSON ({where}); the board must correct it", may_hold)
    return Block(data, None, False)


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


_JSON = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=_finite)
"""Vendors print line breaks inside strings: not strict. NaN and Infinity are not JSON: absent."""


def walk(data: object, found: Found) -> None:
    """Add the postings, lists and links in a block to `found`."""
    _walk(data, found, MAX_DEPTH, in_list=False)


def _walk(data: object, found: Found, depth: int, *, in_list: bool) -> None:
    if depth == 0:
        found.too_deep = found.too_deep or isinstance(data, dict | list)
        return
    if isinstance(data, list):
        for item in data:
            _walk(item, found, depth - 1, in_list=in_list)
    elif isinstance(data, str):
        if in_list:
            found.links.append(data)
    elif isinstance(data, dict):
        _walk_object(data, found, depth, in_list=in_list)


def _walk_object(data: dict[str, object], found: Found, depth: int, *, in_list: bool) -> None:
    kinds = types_of(data)
    if "JobPosting" in kinds and not (in_list and "title" not in data and "name" not in data):
        found.postings.append(data)
        return
    if "ItemList" in kinds:
        found.lists += 1
        _walk(data.get("itemListElement"), found, depth - 1, in_list=True)
        return
    if in_list:
        item = data.get("item")
        if isinstance(item, dict):
            _walk(item, found, depth - 1, in_list=True)
        else:
            found.links.append(item or data.get("url") or data.get("@id"))
        return
    for name in _FOLLOWED:
        if name in data:
            _walk(data[name], found, depth - 1, in_list=False)


def types_of(data: dict[str, object]) -> set[str]:
    """The @type of an object, without the vocabulary's address."""
    kinds = data.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {
        kind.rstrip("/").rpartition("/")[2].rpartition(":")[2] for kind in listed if isinstance(kind, str)
    }
