"""Described boards: a mistake in the words is named, and no words or bodies do harm."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import Board, NotABoard, Page, Reading
from services.ingest.boards.mapping import read_mapping
from services.ingest.boards.mapping_config import MappingRefused, plan_of
from tests.ingest.described import BASE, EVERY, TABLE, look

# ---------------------------------------------------------------- the words themselves

GOOD: dict[str, Any] = {
    "format": "html",
    "items": "li",
    "fields": {"key": "a", "title": "a", "url": "a@href"},
}


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"format": "yaml"}, ("option format", "xml, json, html")),
        ({"itmes": "li"}, ("option itmes", "no such option", "items")),
        ({"items": None}, ("option items", "must be a CSS selector")),
        ({"items": "li["}, ("option items", "'li['", "no CSS selector")),
        ({"fields": {"titel": "a"}}, ("option fields.titel", "no such field", "pay_text")),
        ({"fields": {"title": "a", "url": "a@href"}}, ("option fields.key", "must be there")),
        (
            {"fields": GOOD["fields"] | {"closes": {"css": "a"}}},
            ("option fields.closes.css", "path, constant"),
        ),
        (
            {"fields": GOOD["fields"] | {"closes": {"path": "a", "constant": "b"}}},
            ("fields.closes", "one of"),
        ),
        ({"fields": GOOD["fields"] | {"closes": ["a", "::"]}}, ("option fields.closes[2]", "CSS")),
        ({"fields": GOOD["fields"] | {"closes": {"template": "x"}}}, ("closes.template", "{id}")),
        ({"next": {"page": 1}}, ("option next.page", "parameter")),
        ({"next": {"parameter": "p", "path": "a"}}, ("option next", "one of path, parameter, url")),
        ({"next": {"parameter": "p", "step": 0}}, ("option next.step", "from 1")),
        ({"next": {"url": "https://a.example/"}}, ("option next.url", "{page}")),
        ({"detail": {"fields": {}}}, ("option detail.link",)),
        ({"format": "json", "items": "a..b"}, ("option items", "no path")),
        ({"format": "xml", "items": "a/b[c]"}, ("option items", "no path")),
    ],
)
def test_a_mistake_in_the_words_names_the_option_and_what_is_allowed(
    mistake: dict[str, Any], told: tuple[str, ...]
) -> None:
    """Nothing is guessed: the option, the mistake and the rule are said before any board is asked."""
    with pytest.raises(MappingRefused) as refused:
        plan_of(GOOD | mistake)
    for words in told:
        assert words in str(refused.value)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["a", "a@href", "html", "x/y"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["path", "first", "join", "title", "key", "url", "html"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["format", "items", "fields", "next", "detail", "count", "empty"]), _VALUES
    )
)
def test_whatever_the_words_they_are_a_plan_or_refused(options: dict[str, Any]) -> None:
    """No configuration leads to any other error."""
    try:
        plan_of(GOOD | options)
    except MappingRefused as refusal:
        assert str(refusal).startswith("option ")  # noqa: PT017


_PIECES = st.sampled_from(
    [
        b"<rss>", b"</rss>", b"<channel>", b"</channel>", b"<item>", b"</item>", b"<title>T</title>", b"<link>/1</link>",
        b"<guid>1</guid>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&amp;", b"&#0;", b"&#xD800;", b"\xff\xfe", b"<a b='", b"<", b">",
        b'{"result": [', b'{"reference": 1, "jobTitle": "x", "advertUrl": "/1"}', b"]}", b",", b"NaN", b"1e999", b"9" * 5000,
        b"<table class=jobs><tr data-id=1><td><a href=/1>T</a>", b"</table>", b"<html>", b"</html>", b"\x00", b"<!DOCTYPE x>",
        b'<?xml version="1.0" encoding="utf-7"?>', b"javascript:x", b"http://[",
    ]
)  # fmt: skip
RSS = "{format: xml, items: rss/channel/item, fields: {key: guid, title: title, url: [link, '@about', .]}}"


@pytest.mark.parametrize("words", [RSS, EVERY.format(items="result"), TABLE], ids=["xml", "json", "html"])
@given(
    body=st.one_of(st.binary(max_size=300), st.lists(_PIECES, max_size=25).map(b"".join)),
    header=st.none() | st.text(max_size=30),
)
def test_nothing_but_not_a_board_is_ever_raised(words: str, body: bytes, header: str | None) -> None:
    """Whatever the bytes and the content type, there is a reading or NotABoard, and what is read can be stored."""
    reading = Reading()
    steps = read_mapping(Board(BASE, yaml.safe_load(words)), reading)
    next(steps)
    try:
        steps.send((Page(BASE, body, header),))
    except StopIteration:
        for posting in reading.postings:
            assert posting.url.startswith(("http://", "https://"))
            assert b"\\x00" not in repr(posting).encode()
    except NotABoard as refusal:
        assert str(refusal).startswith("expected ")  # noqa: PT017


@pytest.mark.parametrize("words", [RSS, EVERY.format(items="result"), TABLE], ids=["xml", "json", "html"])
@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<a>" * 200_000,
        b"<html>" + b"<div>" * 200_000,
        b'{"result": ' + b"[" * 200_000,
        b"<![CDATA[" * 200_000,
        b"<!--" * 400_000,
        b"<rss" + b" a='" * 300_000,
        b"<" * 1_000_000,
        b"\x00" * 1_000_000,
    ],
    ids=["tags", "divs", "lists", "sections", "comments", "attributes", "brackets", "zeros"],
)
@pytest.mark.timeout(15)
def test_hostile_bodies_cost_little(words: str, body: bytes) -> None:
    """Bodies made to exhaust a parser are answered or refused within seconds."""
    with pytest.raises(NotABoard):
        look(words, body)
