"""Text, addresses and JSON from strangers, made safe to keep: plain, bounded, valid UTF-8, storable in PostgreSQL."""

import re
from functools import lru_cache
from html import unescape
from typing import AnyStr
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import nh3

MAX_DESCRIPTION = 20_000
MAX_FIELD = 500
MAX_URL = 2_000
_MAX_MARKUP = 400_000
_TAG = re.compile(r"<[a-zA-Z/!?]")
_ENTITY = re.compile(r"&#?\w{1,31};")
_MAX_TAGS = 5_000
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|tr|td|th|table|h[1-6]|section|article|dt|dd)\b[^<>]*|br\s*/?)>", re.IGNORECASE
)
_INLINE = re.compile(
    r"/?(?:strong|em|b|i|u|span|a|font|small|br|img|hr|dl|sub|sup|blockquote)"
    r"(?:\s+[a-z][\w:-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=`/]+))?)*\s*/?",
    re.IGNORECASE,
)
_ODD_REFERENCE = re.compile(r"&#(?!\d{1,5};|[xX][0-9a-fA-F]{1,4};)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_ABSENT = {"", "-", "n/a", "none", "null", "item not found"}
_LONGEST_ABSENT = max(map(len, _ABSENT))
_TRACKING = re.compile(r"^(utm_\w+|gclid|fbclid)$", re.IGNORECASE)
_CANONICAL = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/[A-Za-z0-9_.~/+,:@=-]*(?:\?[A-Za-z0-9_.~/+,:@=&-]{1,500})?"
)


def clean(text: str) -> str:
    """The text without control characters and lone surrogates, which neither UTF-8 nor PostgreSQL can hold."""
    if text.isprintable() or text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ").isprintable():
        return text
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


def lines(markup: str) -> list[str]:
    """The lines a reader would see in a piece of HTML (or text), scripts left out, entities resolved.

    Feeds escape once, twice or three times; each round takes one layer off.
    """
    if len(markup) > _MAX_MARKUP:
        markup = markup[:_MAX_MARKUP].rpartition("<")[0] or markup[:_MAX_MARKUP]
    text = clean(markup)
    if text.count("<") > _MAX_TAGS:  # a parser's time grows with the square of nested elements
        text = re.sub(r"<[^<>]*>", "\n", text)
    for _ in range(3):
        if "<" in text and _TAG.search(text):
            text = _without_tags(text)
        elif "&" not in text or not _ENTITY.search(text):
            break
        text = clean(unescape(text))
    if "<" in text and _TAG.search(text):
        text = unescape(nh3.clean(text, tags=set(), link_rel=None)).replace("<", " ")
    text = text.replace("\xa0", " ").replace("\t", " ").replace("\r", "\n")
    if not text.replace("\n", " ").isprintable():  # with line breaks or spaces that only Unicode knows
        return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    while "  " in text:
        text = text.replace("  ", " ")
    return [line for line in (line.strip(" ") for line in text.split("\n")) if line]


def _without_tags(text: str) -> str:
    """HTML as text with its entities, a new line where a block begins or ends.

    Where every tag is one of those that vendors print around words, which can neither hide text nor move it, the text
    is what stands between them. Everything else is a parser's business.
    """
    first, *parts = text.split("<")
    told = [first]
    for part in parts:
        tag, closed, rest = part.partition(">")
        stands_for = _stands_for(tag) if closed and len(tag) <= 300 else None
        if stands_for is None:
            break
        told += (stands_for, rest)
    else:
        if not _ODD_REFERENCE.search(text):
            return "".join(told)
    return nh3.clean(_BLOCK.sub("\n", text), tags=set(), link_rel=None)


@lru_cache(maxsize=2_000)
def _stands_for(tag: str) -> str | None:
    """What a tag (without its brackets) means to the lines of a text; None where only a parser can say."""
    if _BLOCK.fullmatch(f"<{tag}>"):
        return "\n"
    return "" if _INLINE.fullmatch(tag) else None


def as_one_line(seen: list[str], limit: int = MAX_FIELD) -> str | None:
    """Lines as one, no longer than that; None for what vendors print as absent."""
    text = " ".join(seen).lstrip()[:limit].rstrip()
    return None if len(text) <= _LONGEST_ABSENT and text.lower() in _ABSENT else text


def plain(value: object, limit: int = MAX_FIELD) -> str | None:
    """One folded line of plain text from a string or number; None for anything else and for what vendors print as absent."""
    if isinstance(value, str) and value.isprintable() and "<" not in value and "&" not in value:
        short = value[:_MAX_MARKUP]
        return as_one_line([" ".join(short.split()) if "  " in short else short], limit)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return as_one_line(lines(str(value)), limit)
    except ValueError:  # an int too long to print
        return None


def unlabelled(body: bytes) -> str:
    """The text of bytes that do not say how they are encoded: UTF-8, or Windows-1252 where that fits better.

    A wrong byte among much UTF-8 spoils itself alone, not every pound sign of the others.
    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return text if right >= wrong else body.decode("cp1252", "replace")


def web_address(link: object, base_url: str) -> str | None:
    """The canonical absolute http(s) address of a link: no fragment, no tracking parameters. None if it is not one."""
    if not isinstance(link, str):
        return None
    if _CANONICAL.fullmatch(link) and len(link) <= MAX_URL and not ("?" in link and _may_track(link)):
        return link
    link = "".join(clean(link).split()).replace("&amp;", "&")
    if link.lower().startswith("www."):
        link = "https://" + link
    if not link or len(link) > MAX_URL:
        return None
    try:
        parts = urlsplit(urljoin(base_url, link))
        port = parts.port
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    query = parts.query
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    if any(_TRACKING.match(name) for name, _ in pairs):
        query = urlencode([(name, value) for name, value in pairs if not _TRACKING.match(name)])
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def _may_track(link: str) -> bool:
    """Whether its query may hold tracking parameters, or more than a query may hold."""
    told = link.casefold()
    return "utm_" in told or "clid" in told or link.count("&") >= 100


def storable(value: object, depth: int = 8) -> object | None:
    """A JSON value with its text cleaned and its size bounded, fit to be kept as it was found; None if it has no sense."""
    if isinstance(value, str):
        return clean(value)[:MAX_FIELD]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else None
    if depth == 0:
        return None
    if isinstance(value, list):
        return [storable(item, depth - 1) for item in value[:20]]
    if isinstance(value, dict):
        return {clean(str(name))[:100]: storable(item, depth - 1) for name, item in list(value.items())[:40]}
    return None


def without(body: AnyStr, start: AnyStr, end: AnyStr) -> AnyStr:
    """The body without the sections between `start` and `end`; an unfinished one goes to the end of the body."""
    kept: list[AnyStr] = []
    at = 0
    while (found := body.find(start, at)) >= 0:
        kept.append(body[at:found])
        close = body.find(end, found + len(start))
        if close < 0:
            return body[:0].join(kept)
        at = close + len(end)
    kept.append(body[at:])
    return body[:0].join(kept)
