"""JSON-LD in pages: postings are found wherever they stand, what is broken is named."""

import json

import pytest

from services.ingest.boards import NotABoard
from tests.ingest.bodies import POSTING, jsonld, page


@pytest.mark.parametrize(
    "block",
    [
        POSTING,
        [POSTING],
        {"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "X"}, POSTING]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": POSTING}]},
        {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": [POSTING]}},
        {**POSTING, "@type": ["Thing", "https://schema.org/JobPosting"]},
    ],
)
def test_a_posting_is_found_wherever_it_stands(block: object) -> None:
    """Alone, in a list, in @graph, in an ItemList, under mainEntity, with a full type: the same posting."""
    read = jsonld(block)
    assert [posting.title for posting in read.postings] == ["Data Analyst"]
    assert read.postings[0].employer == "London Borough of Examples"
    assert read.complete


def test_a_list_of_links_gives_detail_urls_and_the_next_page() -> None:
    """Links in a list are pages to fetch, each once; rel=next is the list's next page."""
    entries = [
        {"@type": "ListItem", "url": "1"},
        {"@type": "ListItem", "item": "/jobs/2#top"},
        "https://jobs.example.gov.uk/jobs/1",
    ]
    read = jsonld({"@type": "ItemList", "itemListElement": entries}, head='<link rel="next" href="?page=2">')
    assert read.detail_urls == ("https://jobs.example.gov.uk/jobs/1", "https://jobs.example.gov.uk/jobs/2")
    assert read.next_url == "https://jobs.example.gov.uk/jobs/?page=2"
    assert read.complete


@pytest.mark.parametrize(
    ("salary", "text"),
    [
        ("£13.65/hour - £14.03/hour (CRB18)", "£13.65/hour - £14.03/hour (CRB18)"),
        (42000, None),
        ({"@type": "MonetaryAmount", "currency": "GBP", "value": {"minValue": 1, "maxValue": 2}}, None),
        ({"@type": "MonetaryAmount", "value": "£50,000 a year"}, "£50,000 a year"),
    ],
)
def test_base_salary_is_kept_as_found(salary: object, text: str | None) -> None:
    """baseSalary may be text, a number or an object: all are kept, and text is the pay as printed."""
    posting = jsonld({**POSTING, "baseSalary": salary}).postings[0]
    assert posting.pay_structured == salary
    assert posting.pay_text == text


def test_a_broken_block_does_not_lose_the_page() -> None:
    """The good block is read, the bad one is refused with its place, and the page is not complete."""
    good = f'<script type="application/ld+json">{json.dumps(POSTING)}</script>'
    read = page(f'<html><script type="application/ld+json">{{"@type": "JobPosting", </script>{good}</html>')
    assert len(read.postings) == 1
    assert read.refused[0].where == "block 1"
    assert "not JSON" in read.refused[0].why
    assert not read.complete
    crumbs = page(f'<html><script type="application/ld+json">{{"crumbs": </script>{good}</html>')
    assert crumbs.complete, "a broken block that holds no posting loses none"


def test_numbers_that_are_not_numbers_are_absent() -> None:
    """NaN, Infinity, overflowing and endless numbers and lone surrogates never reach the database."""
    salary = '{"a": NaN, "b": 1e999, "c": -Infinity, "d": 12345678901234567890, "e": "\\ud800\\u0000x"}'
    block = json.dumps(POSTING)[:-1] + f', "baseSalary": {salary}}}'
    posting = page(f'<html><script type="application/ld+json">{block}</script></html>').postings[0]
    assert posting.pay_structured == {"a": None, "b": None, "c": None, "d": None, "e": "?x"}


def test_a_cut_page_is_incomplete() -> None:
    """A page that opens <html> and never closes it was cut off."""
    whole = f'<html><script type="application/ld+json">{json.dumps(POSTING)}</script><p>more</p></html>'
    assert page(whole).complete
    assert page(whole[:-12]).why_incomplete == "the page stops before </html>"


def test_an_empty_list_is_complete_and_a_page_without_jobs_is_not_a_board() -> None:
    """An ItemList with nothing in it is a board without vacancies; a page about something else is none."""
    assert jsonld({"@type": "ItemList", "itemListElement": []}).complete
    with pytest.raises(NotABoard, match="1 JSON-LD blocks hold no JobPosting"):
        jsonld({"@type": "Organization", "name": "X"})


def test_bad_postings_are_refused_one_by_one() -> None:
    """No title, a javascript: address, no address among several: each refused, the good one read."""
    bad_link = {**POSTING, "url": "javascript:alert(1)"}
    no_title = {"@type": "JobPosting", "url": "https://jobs.example.gov.uk/2"}
    no_link = {"@type": "JobPosting", "title": "Developer"}
    read = jsonld([POSTING, bad_link, no_title, no_link])
    assert len(read.postings) == 1
    assert [refused.where for refused in read.refused] == [
        "posting 2, “Data Analyst”",
        "posting 3",
        "posting 4, “Developer”",
    ]
    assert not read.complete


def test_the_page_s_own_address_serves_a_posting_that_names_none() -> None:
    """On a detail page the posting lives where the page lives."""
    alone = {
        "@type": "JobPosting",
        "title": "Developer",
        "identifier": {"@type": "PropertyValue", "value": 7},
    }
    posting = jsonld(alone).postings[0]
    assert (posting.key, posting.url) == ("7", "https://jobs.example.gov.uk/jobs/")


def test_page_encodings_are_read() -> None:
    """The charset of the header, else of the meta element."""
    html = f'<html><meta charset="iso-8859-1"><script type="application/ld+json">{json.dumps({**POSTING, "title": "Café £"}, ensure_ascii=False)}</script></html>'
    assert page(html.encode("cp1252"), None).postings[0].title == "Café £"
    assert page(html.replace("iso-8859-1", "x").encode("utf-16"), None).postings[0].title == "Café £"
