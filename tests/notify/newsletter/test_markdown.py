"""What a person may write in Markdown, and what becomes of it."""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notify.letters.blocks import (
    Block,
    Bullets,
    Button,
    Heading,
    Inline,
    Lines,
    Link,
    Paragraph,
    Rule,
    Text,
)
from services.notify.newsletter.as_html import fragment
from services.notify.newsletter.markdown import BUTTONS, blocks, parser

_PIECES = st.sampled_from(
    (
        *(
            "# ",
            "## ",
            "### ",
            "- ",
            "  - ",
            "1. ",
            "7) ",
            "> ",
            "    ",
            "```",
            "---",
            "***",
            "\\",
            "  \n",
            "\n\n",
            "\n",
        ),
        *(
            "**",
            "*",
            "_",
            "`",
            "[",
            "](https://a.example/x?b=1&c=2)",
            "](/near)",
            "](javascript:alert(1))",
            "![",
            "]",
        ),
        *(
            "<b>",
            "</b>",
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "&lt;",
            "&amp;",
            "&copy;",
            "<",
        ),
        *(
            "<https://b.example>",
            "[n]: https://c.example\n",
            "[n]",
            "data",
            "role",
            "2026. ",
            "£45,000",
            "\u202e",
            "é",
        ),
    )
)
WRITTEN = st.one_of(
    st.lists(_PIECES, max_size=40).map("".join),
    st.lists(_PIECES | st.text(max_size=8), max_size=30).map("".join),
)


def inlines_of(block: Block) -> Iterable[Inline]:
    """All inlines of a block."""
    match block:
        case Heading(text, _, url):
            yield Link(text, url) if url else Text(text)
        case Paragraph(inlines, _):
            yield from inlines
        case Lines(rows) | Bullets(rows, _):
            for row in rows:
                yield from row
        case Button(text, url, label):
            yield Link(text, url, label)


def told(written: str) -> str:
    """The words that a reader sees."""
    return " ".join("".join(one.text for one in inlines_of(block)) for block in blocks(written))


def _bare(text: str) -> list[str]:
    return [
        character
        for character in text
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    ]


@given(WRITTEN)
@example("2026. What a year\n2027. What another")
@example("- a\n  - b\n\n  c\n- d\n  9. e")
@example("> 1. x\n>    > y\n\n<div>z</div>")
@settings(max_examples=150)
def test_no_text_is_lost(written: str) -> None:
    """Whatever CommonMark's own rendering shows of a text, the blocks show, in the same order."""
    shown = html.unescape(nh3.clean(parser().render(written), tags=set()))
    found = iter(_bare(told(written)))
    missing = [character for character in _bare(shown) if character not in found]
    assert not missing


@given(WRITTEN)
@settings(max_examples=150)
def test_no_html_and_no_foreign_address(written: str) -> None:
    """A tag that is typed is shown as text; links lead to http, https and mailto alone; a page of it holds no tag but ours,
    whatever was typed."""
    for block in blocks(written):
        for one in inlines_of(block):
            assert not isinstance(one, Link) or urlsplit(one.url).scheme in ("http", "https", "mailto")
    tags = set(re.findall(r"<\s*/?([a-zA-Z0-9]+)", fragment(blocks(written))))
    assert tags <= {"h2", "h3", "p", "ul", "ol", "li", "a", "strong", "em", "br", "hr"}
    assert "onerror" not in re.sub(r">[^<]*<", "><", fragment(blocks(written)))


@given(WRITTEN)
def test_blocks_are_in_order(written: str) -> None:
    """The title is the only heading of level 1; no text of a block is empty or has a line end in it; two buttons at most."""
    made = blocks(written)
    assert sum(isinstance(block, Button) for block in made) <= BUTTONS
    for block in made:
        assert not isinstance(block, Heading) or block.level in (2, 3)
        assert isinstance(block, Rule) or any(one.text.strip() for one in inlines_of(block))
        assert not any(mark in one.text for one in inlines_of(block) for mark in "\n\r\u2028\u202e\ue000")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        (
            "## Roles\n\nHello **you**.",
            (Heading("Roles", 2), Paragraph((Text("Hello "), Text("you", True), Text(".")))),
        ),
        ("**[Book](https://a.example)**", (Button("Book", "https://a.example"),)),
        ("[Book](https://a.example)", (Paragraph((Link("Book", "https://a.example"),)),)),
        (
            '[Book](https://a.example "Book a place")',
            (Paragraph((Link("Book", "https://a.example", "Book a place"),)),),
        ),
        ("![A chart](https://a.example/c.png)", (Paragraph((Link("A chart", "https://a.example/c.png"),)),)),
        ("one  \ntwo", (Lines(((Text("one"),), (Text("two"),))),)),
        ("> aside", (Paragraph((Text("aside"),), "note"),)),
        ("- a\n- b", (Bullets(((Text("a"),), (Text("b"),))),)),
        ("1. a\n2. b", (Bullets(((Text("a"),), (Text("b"),)), True),)),
        ("---", (Rule(),)),
        ("<b>x</b>", (Paragraph((Text("<b>x</b>"),)),)),
    ],
)
def test_what_each_means(written: str, made: tuple[Block, ...]) -> None:
    """The table at the top of the module."""
    assert blocks(written) == made
