"""Text from strangers: the short ways give what the long ways give."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import text
from services.ingest.boards.text import lines, plain, web_address

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<br>", "<br />", '<br class="x">', '<a href="https://x.example/?a=1&amp;b=2">', "</a>", "<b>", "</B>", "<em >",
        "<span style='a:b'>", "</span>", "<ul>", "<li>", "</li>", "<table><tr><td>", "</td></table>", "<script>", "</script>", "<style>",
        "<!-- c -->", "<![CDATA[", "&amp;", "&lt;", "&gt;", "&nbsp;", "&amp;amp;", "&lt;p&gt;", "&pound;", "&#163;", "&#8211;", "&#0;",
        "&#xfdd0;", "&#x1fffe;", "&#150;", "&copy", "&notit;", "&", "<", ">", '"', "'", " ", "  ", "\n", "\t", "\xa0", "\u2003", "\u200b",
        "\x00", "\x1c", "\x85", "\u2028", "\ud800", "é", "£35,000", "word", "<img src=x alt='a>b'>", "<p title='<'>", "<pre>\n", "</pre>",
        "<textarea>", "<title>", "<svg>", "<math>", "<plaintext>", "<select>", "<i", "</ p>", "&lt;script&gt;", "<body>", "<a/b>", "<b//>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_known_tags_need_no_parser(markup: str) -> None:
    """What is read without the HTML parser is what the parser would leave."""
    short = lines(markup), plain(markup)
    with patch.object(text, "_stands_for", lambda _: None):
        assert (lines(markup), plain(markup)) == short


@given(st.text(max_size=60))
def test_plain_text_is_plain(words: str) -> None:
    """The short way for a field without markup is the long way's result."""
    assert plain(words) == text.as_one_line(lines(words))


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "/",
                "//",
                "?",
                "&",
                "=",
                "utm_source",
                "gclid",
                "%20",
                "%2F",
                "..",
                "/./",
                ".",
                ";",
                "@",
                ":",
                "é",
                " ",
                "~",
                "+",
                "'",
                "|",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_an_address_that_is_canonical_stays(rest: str) -> None:
    """The same as the address with a fragment, which is taken off by the long way."""
    link = f"https://jobs.example.gov.uk/{rest}"
    assert web_address(link, "https://x.example/") == web_address(f"{link}#top", "https://x.example/")


@pytest.mark.parametrize("link", ["https://x.example/?UTM_Source=a&b=1", "https://x.example/?b=1&gclid=2"])
def test_tracking_is_taken_off(link: str) -> None:
    """Two addresses of one page are one."""
    assert web_address(link, "https://x.example/") == "https://x.example/?b=1"
