"""The readers of pages: what is no board is named, and nothing else gets through."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import READERS, NotABoard
from tests.effort import costs_at_most
from tests.ingest.bodies import BASE


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_login_page_is_not_a_board(kind: str) -> None:
    """A login page instead of the list says what it is; it never looks like an empty board."""
    login = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
    with pytest.raises(NotABoard, match="Sign in"):
        READERS[kind](login, base_url=BASE, content_type="text/html")


# ---------------------------------------------------------------- anything at all


@pytest.mark.parametrize("kind", sorted(READERS))
@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel>" + b"<a>" * 200_000,
        b"<html>" + b"<div>" * 200_000,
        b'<html><script type="application/ld+json">' + b"[" * 200_000 + b'"JobPosting"',
        b"<rss><channel><item><title>x</title><link>https://a.example/b</link><description><![CDATA["
        + b"<main>" * 60_000
        + b"]]></description></item></channel></rss>",
        b"<![CDATA[" * 200_000,
        b"<rss" + b" a" * 500_000,
        b"\x00" * 1_000_000,
    ],
    ids=[
        "nested tags",
        "nested divs",
        "nested lists",
        "nested description",
        "open sections",
        "attributes",
        "zeros",
    ],
)
def test_hostile_bodies_cost_little(kind: str, body: bytes) -> None:
    """Bodies made to exhaust a parser are answered or refused within seconds."""

    def read() -> None:
        try:
            READERS[kind](body, base_url=BASE, content_type=None)
        except NotABoard as refusal:
            assert refusal.found  # noqa: PT017

    assert costs_at_most(1_500, read)


_PIECES = st.sampled_from(
    [
        b"<rss>", b"</rss>", b"<channel>", b"<item>", b"</item>", b"<entry>", b"<title>T</title>", b"<link>", b"</link>",
        b"http://a.example/1", b"javascript:x", b"http://[", b"<![CDATA[", b"]]>", b"<!--", b"&amp;", b"&#0;", b"&#xD800;", b"\xff\xfe",
        b'<script type="application/ld+json">', b"</script>", b'{"@type":"JobPosting","title":"x"}', b'{"@type":"ItemList",',
        b'"itemListElement":[', b"]", b"}", b"NaN", b"1e999", b"<html>", b"</html>", b'<meta charset="utf-7">', b'<?xml version="1.0" encoding="ebcdic-cp-be"?>',
        b"<guid>1</guid>", b"<description>", b"</description>", b"Salary: 1", b"\x00", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"]>",
    ]
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(READERS))
@given(
    body=st.one_of(st.binary(max_size=300), st.lists(_PIECES, max_size=25).map(b"".join)),
    header=st.none() | st.text(max_size=30),
)
def test_nothing_but_not_a_board_is_ever_raised(kind: str, body: bytes, header: str | None) -> None:
    """Whatever the bytes and the content type, there is a page or NotABoard, and what is read can be stored."""
    try:
        read = READERS[kind](body, base_url=BASE, content_type=header)
    except NotABoard as refusal:
        assert str(refusal).startswith("expected ")  # noqa: PT017
        return
    assert read.complete == (read.why_incomplete is None)
    for posting in read.postings:
        assert posting.url.startswith(("http://", "https://"))
        stored = repr(posting).encode()
        assert b"\\x00" not in stored
        json.dumps(posting.pay_structured, allow_nan=False)
