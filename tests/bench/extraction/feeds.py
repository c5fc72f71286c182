"""Feeds: their items, and the postings they make, beside feedparser and the fast parsers of feeds."""

import importlib.util
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import feedparser

from services.ingest.boards import read_rss
from services.ingest.boards.feed import read_feed
from services.ingest.boards.feed_sound import read_sound
from services.ingest.boards.feed_tolerant import read_tolerant
from services.ingest.boards.rss import page_of
from services.ingest.reading import read_role
from services.ingest.sources import Source
from tests.bench.extraction.inputs import ADDRESS, FEEDS, adverts
from tests.bench.extraction.speed import calls_per_second
from tests.bench.measuring import Side, interleaved, slope
from tests.bench.results import Comparison, Reach, Result, Scale, Series

_NOW: Final = datetime(2026, 9, 1, tzinfo=UTC)
_BOARD: Final = Source.model_validate(
    {"id": "board", "name": "Board", "kind": "rss", "url": ADDRESS, "authorities": ["E09000012"]}
)
WANTED: Final = 20
"""Times as fast as feedparser, of sound feeds."""


async def bench(scale: Scale) -> Result:
    """Each kind of feed read by all sides in turns; then how reading grows with the items."""
    items, least = (20, 0.01) if scale.quick else (200, 0.15)
    series: list[Series] = []
    notes: list[str] = []
    for kind, printed in FEEDS.items():
        body = printed(adverts(items))
        same_as_feedparser(body)
        sides = {f"{kind}: {name}": _side(work, body, least) for name, work in SIDES.items()}
        found = await interleaved(sides, scale.rounds)
        series += [Series(name, "feeds a CPU second", values, "more") for name, values in found.items()]
        notes.append(" ".join((f"{kind}: {len(body):,} bytes.", *_told(body))))
    grown, reach = await _growth(scale)
    return Result(
        name="feeds",
        says=(
            f"Feeds of {items} adverts, each read whole. “Items” are what feedparser gives, every value that is used of them "
            "the same; “postings” are read from those: plain text, dates and pay found, links in one form; “roles” are what ingest makes "
            "of them: which are digital, whose they are, what they pay."
        ),
        series=(*series, grown),
        comparisons=tuple(
            Comparison(f"{kind}: {ours}", f"{kind}: feedparser", at_least=wanted)
            for kind in FEEDS
            for ours, wanted in (("ours, items", WANTED), ("ours, postings", None))
        ),
        reaches=(reach,),
        notes=tuple(notes),
    )


def same_as_feedparser(body: bytes) -> None:
    """Raises AssertionError where the compiled parser does not vouch for a feed, or reads it otherwise."""
    ours, theirs = read_sound(body, None), read_tolerant(body, None)
    assert ours is not None, "a sound feed that the compiled parser does not vouch for"
    assert page_of(ours, ADDRESS) == page_of(theirs, ADDRESS)
    for mine, its in zip(ours.items, theirs.items, strict=True):
        assert mine.contents == its.contents
        assert mine.values == {name: its.values.get(name) for name in mine.values}


def _feedparser(body: bytes) -> object:
    return feedparser.parse(io.BytesIO(body))


def _items(body: bytes) -> object:
    return read_feed(body, None).items


def _postings(body: bytes) -> object:
    return read_rss(body, base_url=ADDRESS, content_type=None).postings


def _roles(body: bytes) -> object:
    page = read_rss(body, base_url=ADDRESS, content_type=None)
    return [read_role(posting, _BOARD, now=_NOW) for posting in page.postings]


def _others() -> dict[str, Callable[[bytes], Any]]:
    """Fast parsers that are installed (`pip install fastfeedparser feedparser-rs`); none of them is needed."""
    return {
        name: importlib.import_module(module).parse
        for name, module in (("fastfeedparser", "fastfeedparser"), ("feedparser-rs", "feedparser_rs"))
        if importlib.util.find_spec(module)
    }


SIDES: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "feedparser": _feedparser,
    "ours, items": _items,
    "ours, postings": _postings,
    "ours, roles": _roles,
    **_others(),
}


def _side(work: Callable[[bytes], Any], body: bytes, least: float) -> Side:
    return calls_per_second(lambda: work(body), least)


def _told(body: bytes) -> list[str]:
    """How many items the other fast parsers read as feedparser does."""
    theirs = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
    told = []
    for name, parse in _others().items():
        try:
            read = parse(body).entries
        except Exception as error:  # noqa: BLE001 - another's failure is a finding, whatever it is
            told.append(f"{name} fails: {type(error).__name__}.")
            continue
        parts = {
            part: sum(_value(a, part) == _value(b, part) for a, b in zip(read, theirs, strict=False))
            for part in ("title", "link", "id", "published", "text")
        }
        told.append(
            f"{name} gives {', '.join(f'{part} of {many}' for part, many in parts.items())} as feedparser does."
        )
    return told


def _value(entry: Any, part: str) -> str:
    if part == "text":
        contents = entry.get("content") or []
        found = contents[0].get("value") if contents else entry.get("summary") or entry.get("description")
    else:
        found = entry.get(part)
    return " ".join(str(found or "").split())


async def _growth(scale: Scale) -> tuple[Series, Reach]:
    """The slope over 20, 200 and 2,000 items."""
    sizes = (5, 20) if scale.quick else (20, 200, 2_000)
    bodies = {size: FEEDS["RSS 2.0 of WordPress"](adverts(size)) for size in sizes}
    sides = {str(size): _side(_postings, body, 0.01 if scale.quick else 0.1) for size, body in bodies.items()}
    found = await interleaved(sides, scale.rounds)
    slopes = tuple(
        slope(sizes, [1 / found[str(size)][turn] for size in sizes]) for turn in range(scale.rounds)
    )
    name = f"postings at {', '.join(f'{size:,}' for size in sizes)} items"
    return Series(name, "slope", slopes, "less"), Reach(name, at_most=1.1, says="1 is linear")
