"""The scripts that are found without building the page are those that an HTML parser finds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jsonld_blocks import scripts_of
from services.ingest.boards.jsonld_scripts import may_name_a_next_page, scripts_in
from tests.ingest.mutations import damaged, recorded

LD = '<script type="application/ld+json">{"@type": "JobPosting", "title": "Data £"}</script>'
PIECES = st.sampled_from(
    [
        LD, LD, LD, "<script type='application/ld+json' id=x>\r\n[1]\r</script >", "<SCRIPT TYPE=application/ld+json>{}</SCRIPT>",
        "<script>var a = '<b>';</script>", "<script type=text/javascript>if (a < b) {}</script>", "<script type=application/ld+json>", "</script>",
        "<script type='application/ld&#43;json'>{}</script>", "<script data-a='>' type='application/ld+json'>{}</script>", "<script/>",
        "<!-- ", " -->", "<!-->", "<!--->", "--!>", "<style>a > b {}</style>", "<title>Jobs & <b></title>", "<textarea>", "</textarea>", "<noscript>",
        "</noscript>", "<iframe src=x></iframe>", "<template>", "</template>", "<svg><title>x</title></svg>", "<select>", "<div>", "</div>",
        '<a title="a > b">', "<a title=it's>", '<a title="', '">', "<p>text", "a > b", "a < b", "<br/>", "<![CDATA[x]]>", "<?php x ?>", "\n", " ",
        "<plaintext>", "<!doctype html>", "<html><head>", "</head><body>", "</body></html>", "<table>", "<td>", "é", "<frameset>", "<title>", "<math>",
    ]
)  # fmt: skip


def by_parser(page: str) -> list[str]:
    return list(scripts_of(LexborHTMLParser(page)))


def by_search(page: str) -> list[str] | None:
    found = scripts_in(page.encode())
    return None if found is None else [text for each in found if (text := each.decode()).strip()]


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_found_is_what_a_parser_finds(page: str) -> None:
    """Or nothing is said of the page."""
    assert by_search(page) in (None, by_parser(page))


def test_damaged_pages_are_read_alike() -> None:
    """Every kind of board that prints JSON-LD, damaged in one place."""
    pages = [body for one in recorded() for body in one.pages.values() if b"ld+json" in body]
    chance = random.Random("damaged pages")
    many = [damaged(chance.choice(pages), chance)[0].decode("utf-8", "replace") for _ in range(150)]
    assert [page for page in many if by_search(page) not in (None, by_parser(page))] == []
    assert sum(by_search(page) is not None for page in many) > 50


def test_the_pages_of_vendors_are_in_order() -> None:
    """Sound pages need no parser to find what they say."""
    pages = [body.decode() for one in recorded() if one.kind == "jsonld" for body in one.pages.values()]
    assert pages
    assert all(by_search(page) == by_parser(page) != [] for page in pages)


@pytest.mark.parametrize(
    "link", ["<link rel=next href=x>", '<a href=x REL = "nofollow NEXT">', "<a rel='n&#101;xt' href=x>"]
)
def test_a_next_page_is_noticed(link: str) -> None:
    """However its link is written; the parser then finds it."""
    assert may_name_a_next_page(f"<p>{link}</a>".encode())
    assert not may_name_a_next_page(b"<p>Our next release: <a rel=nofollow href=/next>next</a>")


@pytest.mark.parametrize("scrap", [b"<noscript>", b"<script ", b"<!--", b"rel=", b"<a \"'"])
def test_a_page_made_to_hurt_costs_little(scrap: bytes) -> None:
    """Whatever is repeated fifty thousand times: no recursion without end, and nothing found."""
    page = scrap * 50_000 + b"</noscript>"
    assert not scripts_in(page)
    assert not may_name_a_next_page(page)
