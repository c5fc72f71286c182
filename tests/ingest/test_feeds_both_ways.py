"""The compiled parser vouches only for what feedparser reads just so; what it leaves alone, feedparser reads."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from feedparser.api import StrictFeedParser
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.boards.hostile import entities, nested
from services.ingest.boards import NotABoard, read_rss
from services.ingest.boards.feed_names import AROUND, ASIDE, KINDS
from services.ingest.boards.feed_sound import read_sound
from tests.ingest.bodies import BASE, channel, item
from tests.ingest.feed_documents import CONTENT_TYPES, document
from tests.ingest.feeds_both_ways import differs, fast
from tests.ingest.mutations import recorded

SOUND = channel(item("<guid>1</guid>"), item("<description>&lt;p&gt;£35,000&lt;/p&gt;</description>"))
UTF8 = "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize("seed", range(5))
def test_what_is_vouched_for_is_what_feedparser_reads(seed: int) -> None:
    """Of feeds of every shape, sound, odd and damaged, field by field. `python -m tests.ingest.feeds_both_ways` does
    the same five thousand times."""
    chance = random.Random(f"both ways {seed}")
    read = [differs(*document(chance)) for _ in range(50)]
    assert [lost for _, losses in read for lost in losses] == []
    assert 5 < sum(sure for sure, _ in read) < 45, "both ways are taken"


@pytest.mark.parametrize(
    "content_type", [one for one in CONTENT_TYPES if one != "text/plain; charset=nonsense"]
)
def test_the_feeds_of_every_vendor_are_vouched_for(content_type: str | None) -> None:
    """Sound feeds are read fast, as they are printed by vendors and whatever header came with them."""
    feeds = [
        body for one in recorded() if one.kind in ("rss", "eploy", "oleeo") for body in one.pages.values()
    ]
    feeds += [(Path(__file__).parent / "vendor_pages/oleeo_feed.xml").read_bytes()]
    assert len(feeds) >= 4
    assert [differs(body, content_type) for body in feeds] == [(True, [])] * len(feeds)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("</rss>", ""),
        ("</guid>", ""),
        ("<rss", "<!DOCTYPE rss><rss"),
        ("<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss'),
        ("<item>", "<item xml:base='https://elsewhere.example'>"),
        ("<guid>1</guid>", "<description mode='base64'>QUJD</description>"),
        ("<guid>1</guid>", "<x>&nbsp;</x>"),
        ("<guid>1</guid>", "<x:y/>"),
        ("<guid>1</guid>", "<j:item xmlns:j='https://j.example'/>"),
        ("<guid>1</guid>", "<a:b xmlns:a='https://j.example'/><a:c xmlns:a='https://k.example'/>"),
        ("<guid>1</guid>", "<image><title>t</title></image>"),
        ("<guid>1</guid>", "<description>A<b>B</b></description>"),
        ("<guid>1</guid>", "<author_detail>x</author_detail><author>y</author>"),
        ("<guid>1</guid>", "<?xml-like <item> ?>"),
        ("<guid>1</guid>", "<x>" * 30 + "</x>" * 30),
        ("£", "\xa3\x00"),
    ],
)
def test_what_could_be_meant_otherwise_is_left_to_feedparser(was: str, becomes: str) -> None:
    """Broken, or sound and odd: the compiled parser says nothing, and the feed is read all the same."""
    body = SOUND.replace(was, becomes, 1).encode()
    assert fast(SOUND.encode(), UTF8) is not None
    assert read_sound(body, UTF8) is None
    assert read_rss(body, base_url=BASE, content_type=UTF8).postings


def test_attacks_never_reach_the_compiled_parser() -> None:
    """A bomb of entities is not expanded; two hundred thousand elements in one another are too many to begin with."""
    body = SOUND.encode()
    assert read_sound(entities(body, "text/xml"), UTF8) is None
    assert read_sound(nested(body, "text/xml"), UTF8) is None
    deep = body.replace(b"<guid>", b"<guid>" + b"<x>" * 99_000 + b"</x>" * 99_000, 1)
    assert read_sound(deep, UTF8) is None


def test_every_element_that_is_named_here_is_feedparsers() -> None:
    """A newer feedparser that knows an element no more, or calls it otherwise, is noticed here."""
    assert [
        name for name in {*KINDS, *AROUND, *ASIDE} if not hasattr(StrictFeedParser, f"_start_{name}")
    ] == []


@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(CONTENT_TYPES))
def test_no_bytes_make_it_fail(scrap: bytes, place: int, content_type: str | None) -> None:
    """Whatever stands in the middle of a feed: a page, or NotABoard."""
    body = SOUND.encode()
    body = body[:place] + scrap + body[place:]
    assert differs(body, content_type)[1] == []
    with suppress(NotABoard):
        read_rss(body, base_url=BASE, content_type=content_type)
