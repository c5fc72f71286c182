"""A sitemap, or an index of sitemaps, that names the page of each advert; the pages are JSON-LD or microdata.

Entities are never expanded: a sitemap that declares one is refused. What is not well-formed is read up to there.
"""

import re
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from services.ingest.boards.adapter import MOST_PAGES, Ask, Board, Missed, Page, Reading, Steps
from services.ingest.boards.ats_options import Option, options_of
from services.ingest.boards.ats_posting import tell
from services.ingest.boards.jsonld import read_jsonld
from services.ingest.boards.paged import read_details
from services.ingest.boards.posting import MAX_BODY, NotABoard, Refused
from services.ingest.boards.text import plain, web_address

_EXPECTED = "a sitemap"
_MATCH = Option(
    "match",
    "a regular expression that the addresses of adverts' pages contain, such as /vacancy/",
    r"(?s).{1,300}",
)
_BARE = re.compile(rb"&(?!#?\w{1,31};)")
_TITLE = re.compile(rb"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)
_DEEPEST = 3
"""Indexes of indexes that are followed."""


@dataclass(slots=True)
class Addresses:
    """What one sitemap names: pages, and further sitemaps; `why` says why that is not all."""

    pages: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    why: str | None = None


class _Refuse(Exception):
    """The document is not read any further."""


def sitemap(board: Board, reading: Reading) -> Steps:
    """Read the pages of all adverts that a sitemap names.

    A sitemap whose pages all fail to match is a gap: likelier the addresses have changed than that no job is left.
    Raises NotABoard, and ValueError for the option `match`.
    """
    match = _pattern(board)
    (answer,) = yield (Ask(board.url),)
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return
    found = addresses_of(answer)
    pages, level, seen = (
        list(found.pages),
        _fresh(found.sitemaps, answer.url, {answer.url, board.url}),
        {answer.url},
    )
    if found.why:
        reading.miss(f"{answer.url}: {found.why}")
    for _ in range(_DEEPEST):
        level = [url for url in level if url not in seen]
        seen |= set(level)
        if not level:
            break
        if len(seen) > MOST_PAGES:
            reading.miss(f"more than {MOST_PAGES} sitemaps")
            level = level[: max(0, MOST_PAGES - len(seen) + len(level))]
        deeper: list[str] = []
        for answer in (yield tuple(map(Ask, level))) if level else ():
            found = _later(answer, reading)
            pages += found.pages
            deeper += _fresh(found.sitemaps, answer.url, seen)
        level = deeper
    else:
        if level:
            reading.miss(f"sitemaps within sitemaps more than {_DEEPEST} deep")
    adverts: dict[str, None] = {}
    refused = []
    for place, page in enumerate(pages, start=1):
        address = web_address(page, board.url)
        if address is None:
            why = f"{plain(page, 80)!r} is not an http or https address; the board must correct it"
            refused.append(Refused("posting", f"address {place}", why))
        elif match.search(address):
            adverts.setdefault(address)
    tell(refused, reading)
    if pages and not adverts:
        reading.miss(f"{board.url}: none of its {len(pages)} addresses matches {match.pattern!r}")
    yield from read_details(read_jsonld, list(adverts), reading)


def addresses_of(page: Page) -> Addresses:
    """The addresses in a sitemap. Raises NotABoard if it is none, or declares entities."""
    body = _unpacked(page.body)
    if len(body) > MAX_BODY:
        raise NotABoard(_EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    if not body.strip():
        raise NotABoard(_EXPECTED, "an empty body")
    reader = _Reader()
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = _BARE.sub(b"&amp;", body)
    try:
        reader.parser.Parse(body.lstrip(), True)
    except expat.ExpatError as error:
        if not reader.root:
            raise NotABoard(_EXPECTED, _instead(body)) from error
        reader.found.why = f"it is cut off or not well-formed (line {error.lineno})"
    except _Refuse as error:
        raise NotABoard(_EXPECTED, str(error)) from error
    except Exception as error:  # an encoding that Python cannot give to the parser
        raise NotABoard(_EXPECTED, f"XML that cannot be read ({type(error).__name__})") from error
    if reader.root not in ("urlset", "sitemapindex"):
        raise NotABoard(_EXPECTED, _instead(body))
    return reader.found


class _Reader:
    """Takes the text of each <loc> directly under <url> or <sitemap>, whatever prefix they bear."""

    def __init__(self) -> None:
        self.found = Addresses()
        self.root = ""
        self._path: list[str] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, _: object) -> None:
        local = name.rpartition(":")[2].lower()
        self.root = self.root or local
        self._text = [] if local == "loc" and self._path[-1:] in (["url"], ["sitemap"]) else None
        self._path.append(local)

    def _end(self, _: str) -> None:
        self._path.pop()
        if self._text is not None:
            kept = self.found.sitemaps if self._path[-1:] == ["sitemap"] else self.found.pages
            kept.append("".join(self._text).strip())
        self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _entity(self, *_: object) -> None:
        raise _Refuse("XML that declares entities, which a sitemap never needs")


def _pattern(board: Board) -> re.Pattern[str]:
    try:
        return re.compile(options_of(board, "sitemap", _MATCH)["match"])
    except re.error as error:
        raise ValueError(f"sitemap: the option 'match' must be {_MATCH.allowed} ({error})") from error


def _later(answer: Page | Missed, reading: Reading) -> Addresses:
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return Addresses()
    try:
        found = addresses_of(answer)
    except NotABoard as error:
        reading.miss(f"{answer.url}: {error}")
        return Addresses()
    if found.why:
        reading.miss(f"{answer.url}: {found.why}")
    return found


def _fresh(links: list[str], base_url: str, seen: set[str]) -> list[str]:
    found = (web_address(link, base_url) for link in links)
    return list(dict.fromkeys(url for url in found if url is not None and url not in seen))


def _unpacked(body: bytes) -> bytes:
    """A sitemap may be kept gzipped, whatever the transfer did; never more of it than is read."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise NotABoard(_EXPECTED, "a gzip file that is broken") from error


def _instead(body: bytes) -> str:
    start = body[:20_000]
    if b"<html" in start.lower():
        title = _TITLE.search(start)
        return f"a page titled {plain(title[1].decode('utf-8', 'replace'))!r}" if title else "an HTML page"
    return f"something else, starting {plain(start[:60].decode('utf-8', 'replace'))!r}"
