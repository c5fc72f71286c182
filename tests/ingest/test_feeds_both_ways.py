"""The compiled parser vouches only for what feedparser reads just so; what it leaves alone, feedparser reads."""

import random
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from feedparser.api import StrictFeedParser
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.boards.hostile import entities, nested
from services.ingest.boards import NotABoard, read_rss
from services.ingest.boards.feed_names import AROUND, ASIDE, KINDS
from services.ingest.boards.feed_sound import read_sound
from services.ingest.boards.feed_tolerant import read_tolerant
from tests.ingest.bodies import BASE, channel, item
from tests.ingest.feed_documents import CONTENT_TYPES, document
from tests.ingest.feeds_both_ways import differs, fast
from tests.ingest.mutations import recorded

SOUND = channel(item("<guid>1</guid>"), item("<description>&lt;p&gt;£35,000&lt;/p&gt;</description>"))
UTF8 = "application/rss+xml; charset=utf-8"
_ATOM = "xmlns:a='http://www.w3.org/2005/Atom'"


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
        ("<guid>1</guid>", f"<x>{'?' * 300}</x><?xml-like <item> ?>"),
        ("<guid>1</guid>", f"<x>{'=' * 300}</x><x xml:base='https://elsewhere.example'/>"),
        ("<guid>1</guid>", f"<x>{'!' * 300}</x><x><![CDATA[<!DOCTYPE html>]]></x>"),
        ("<guid>1</guid>", f"<a:content {_ATOM} type='text/xml'><v><pubDate>1</pubDate></v></a:content>"),
        ("£", "\xa3\x00"),
    ],
)
def test_what_could_be_meant_otherwise_is_left_to_feedparser(was: str, becomes: str) -> None:
    """Broken, or sound and odd: the compiled parser says nothing, and the feed is read all the same."""
    body = SOUND.replace(was, becomes, 1).encode()
    assert fast(SOUND.encode(), UTF8) is not None
    assert read_sound(body, UTF8) is None
    assert read_rss(body, base_url=BASE, content_type=UTF8).postings


@pytest.mark.parametrize("scrap", [b"\xe9", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"])
@pytest.mark.parametrize("place", [b"</rss>", b"</guid>", b"]]>", b"-->", b"'/>", None])
@pytest.mark.parametrize("content_type", [UTF8, None, "application/xml; charset=iso-8859-1"])
def test_what_is_not_utf8_is_never_taken_for_it(
    scrap: bytes, place: bytes | None, content_type: str | None
) -> None:
    """Wherever in a feed the bytes stand that are not, and be it after its end."""
    body = SOUND.replace("</item>", "<x><![CDATA[ ]]></x><!-- --><x a=''/></item>", 1).encode()
    at = len(body) if place is None else body.index(place)
    body = body[:at] + scrap + body[at:]
    assert differs(body, content_type) in ((False, []), (True, []))
    assert content_type == "application/xml; charset=iso-8859-1" or read_sound(body, content_type) is None


@pytest.mark.parametrize("many", [0, 300])
@pytest.mark.parametrize("mark", ["#", "£", "=", "?", "!"])
@pytest.mark.parametrize(
    "told", ["&#195;&#169; &#150;", "Â£35,000 \x96", "Ã©", "#1 = £2? &amp; so on!", "<b>&#8217;</b>"]
)
def test_texts_are_mended_however_many_of_their_signs_there_are(told: str, mark: str, many: int) -> None:
    """What has to be mended is noticed behind hundreds of what looks like it."""
    fields = (
        f"<Location>{mark * many}</Location><description>{escape(told)}</description><Salary>{told}</Salary>"
    )
    assert differs(channel(item(f"<guid>1</guid>{fields}")).encode(), UTF8) == (True, [])


@pytest.mark.parametrize("seed", range(4))
def test_texts_that_stand_deep_or_twice_are_kept_as_feedparser_keeps_them(seed: int) -> None:
    """The same few fields again and again, plain, with attributes and within one another: every value that is kept is
    feedparser's. Also beside and within a content of fields, as Networx prints it."""
    chance = random.Random(f"deep {seed}")
    bodies = [
        channel(item("".join(_nested(chance, 0) for _ in range(4))))
        .replace("<rss", f"<rss {_ATOM}", 1)
        .encode()
        for _ in range(60)
    ]
    bodies.append(
        channel(item("<Salary>1</Salary><Salary a='1'/><x><Salary>2</Salary></x><guid>1</guid>")).encode()
    )
    vouched = [(body, feed) for body in bodies if (feed := read_sound(body, UTF8))]
    assert 10 < len(vouched) < 60, "both ways are taken"
    assert vouched[-1][0] == bodies[-1]
    for body, feed in vouched:
        for mine, its in zip(feed.items, read_tolerant(body, UTF8).items, strict=True):
            assert mine.contents == its.contents, body
            theirs = {name: its.values.get(name) for name in mine.values}
            assert mine.values == {
                name: {} if isinstance(value, dict) else value for name, value in theirs.items()
            }, body


def _nested(chance: random.Random, depth: int) -> str:
    name = chance.choice(
        ("Salary", "Town", "Salary", "Town", "x", "pubDate", "title", "description", "link", "a:content")
    )
    kind = " type='text/xml'" if name == "a:content" else chance.choice(("", "", "", " a='1'"))
    many = chance.choice((0, 0, 0, 2)) if name in ("Salary", "Town", "x") else 3 * (name == "a:content")
    within = "".join(_nested(chance, depth + 1) for _ in range(many if depth < 3 else 0))
    return f"<{name}{kind}>{within or chance.randrange(9)}</{name}>"


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
