"""Sitemaps, and the microdata of the pages they name."""

import gzip
import json

import pytest

from services.ingest.boards import Board, NotABoard, Reading, read_jsonld
from services.ingest.boards.csv_upload import csv_upload
from services.ingest.boards.microdata import microdata, read_microdata
from services.ingest.boards.sitemap import sitemap
from services.ingest.pay import read_structured_pay
from tests.effort import costs_at_most
from tests.ingest.asking import fixture
from tests.ingest.unvended import BASE, JOB, MAP, items, job, mapped, urls

# ---------------------------------------------------------------- microdata


def test_microdata_is_read_with_its_nested_items() -> None:
    """meta, time and link carry values; employer, place and pay are items within; what is another's stays out."""
    page = items(fixture("microdata.html"))
    assert page.complete
    assert page.next_url == f"{BASE}?page=2"
    one, two = page.postings
    assert (one.key, one.title, one.url) == ("REQ71", "Data Analyst", "https://jobs.example.gov.uk/jobs/71")
    assert (one.employer, one.department, one.location) == (
        "Borough of Examples",
        "Digital",
        "London, E8 1EA",
    )
    assert (one.posted, one.closes) == ("2026-10-12", "30 November 2026")
    assert one.employment_type == "FULL_TIME, TEMPORARY"
    assert one.description == "You will count things. And explain them."
    pay = read_structured_pay(one.pay_structured, text=one.pay_text)
    assert (pay.minimum, pay.maximum, pay.period) == (41442, 44428, "year")
    assert (two.title, two.pay_text) == ("Web Developer", "£38,226 - £40,000")


def test_microdata_stands_in_where_a_page_has_no_jsonld() -> None:
    """The kind jsonld reads a page that has microdata only, and one whose JSON-LD is about something else."""
    body = fixture("microdata.html")
    alone = read_jsonld(body, base_url=BASE, content_type="text/html")
    assert alone == items(body)
    crumbs = b'<head><script type="application/ld+json">{"@type": "BreadcrumbList"}</script>'
    beside = read_jsonld(body.replace(b"<head>", crumbs), base_url=BASE, content_type="text/html")
    assert beside.postings == alone.postings


def test_jsonld_is_believed_before_microdata() -> None:
    """Where a page says its postings twice, they are read once, from its JSON-LD."""
    block = json.dumps({"@type": "JobPosting", "title": "From JSON-LD", "url": "/1"}).encode()
    script = b'<head><script type="application/ld+json">' + block + b"</script>"
    page = read_jsonld(
        fixture("microdata.html").replace(b"<head>", script), base_url=BASE, content_type="text/html"
    )
    assert [posting.title for posting in page.postings] == ["From JSON-LD"]


def test_microdata_prices_that_are_no_numbers_are_absent() -> None:
    """NaN as a bound is no bound."""
    page = items(fixture("microdata.html").replace(b"41442", b"NaN").replace(b"44428", b"-Infinity"))
    assert page.postings[0].pay_text is None
    assert not read_structured_pay(page.postings[0].pay_structured).has_amount


def test_a_cut_page_and_a_bad_link_make_microdata_incomplete() -> None:
    """A page that stops before its end, and an advert with a javascript: address, are named."""
    whole = fixture("microdata.html")
    assert items(whole[:-20]).why_incomplete == "the page stops before </html>"
    bad = items(whole.replace(b'itemprop="url" href="/jobs/71"', b'itemprop="url" href="javascript:x"'))
    assert [posting.title for posting in bad.postings] == ["Web Developer"]
    assert bad.why_incomplete == "1 posting could not be read"


@pytest.mark.parametrize("read", [read_microdata, read_jsonld])
@pytest.mark.parametrize(
    "body",
    [
        b'<html><div itemscope itemtype="https://schema.org/JobPosting">' + b'<p itemprop="title">' * 200_000,
        b'<html><div itemscope itemtype="https://schema.org/JobPosting">' * 900,
        b'<html><div itemscope itemtype="https://schema.org/JobPosting">'
        + b'<div itemprop="description">' * 900
        + b"text " * 200_000,
        b'<div itemscope itemtype="JobPosting"><b itemprop="title">x</b></div>' * 50_000,
    ],
    ids=["open paragraphs", "items in items", "text in text", "many"],
)
def test_hostile_microdata_costs_little(read: object, body: bytes) -> None:
    """Pages made to exhaust a reader are answered or refused within seconds."""

    def reading() -> None:
        try:
            assert callable(read)
            read(body, base_url=BASE, content_type=None)
        except NotABoard as refusal:
            assert refusal.found  # noqa: PT017

    assert costs_at_most(1_500, reading)


# ---------------------------------------------------------------- sitemaps


def test_the_adverts_of_a_sitemap_are_read() -> None:
    """Pages that match are read, JSON-LD and microdata alike; others are left alone; each is read once."""
    alone = b'<html><div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Tester</h1></div></html>'
    pages = {
        MAP: urls("https://jobs.example.gov.uk/about", JOB.format(1), f" {JOB.format(2)}\n", JOB.format(1)),
        JOB.format(1): job(1),
        JOB.format(2): alone,
    }
    reading = mapped(pages)
    assert not reading.gaps
    assert [(posting.key, posting.title, posting.url) for posting in reading.postings] == [
        ("1", "Data Analyst 1", JOB.format(1)),
        (JOB.format(2), "Tester", JOB.format(2)),
    ]


def test_an_index_of_sitemaps_is_followed() -> None:
    """Sitemaps that an index names are read, gzipped ones too; an index that names itself ends."""
    child, packed = MAP.replace(".xml", "-1.xml"), MAP.replace(".xml", "-2.xml.gz")
    pages = {
        MAP: urls(child, packed, MAP, root="sitemapindex", entry="sitemap"),
        child: urls(JOB.format(1)),
        packed: gzip.compress(urls(JOB.format(2) + "?a=1&b=2")),
        JOB.format(1): job(1),
        JOB.format(2) + "?a=1&b=2": job(2),
    }
    reading = mapped(pages)
    assert not reading.gaps
    assert [posting.key for posting in reading.postings] == ["1", "2"]


def test_what_a_sitemap_promises_and_does_not_keep_is_a_gap() -> None:
    """A sitemap or a page that cannot be had, a login page instead of an advert, a cut: the rest is read."""
    child = MAP.replace(".xml", "-1.xml")
    index = urls(child, root="sitemapindex", entry="sitemap")
    assert mapped({MAP: index}).gaps == [f"{child}: status 404"]
    assert "expected a sitemap" in mapped({MAP: index, child: b"<html><title>Sign in</title></html>"}).gaps[0]
    login = mapped(
        {MAP: urls(JOB.format(1), JOB.format(2)), JOB.format(1): job(1), JOB.format(2): b"<html>Sign in"}
    )
    assert len(login.postings) == 1
    assert len(login.gaps) == 1
    cut = mapped({MAP: urls(JOB.format(1), JOB.format(2))[:-40], JOB.format(1): job(1)})
    assert [posting.key for posting in cut.postings] == ["1"]
    assert "cut off" in cut.gaps[0]


def test_a_sitemap_without_a_matching_page_is_not_an_empty_board() -> None:
    """Addresses that all fail to match are a gap; a sitemap that names nothing at all is whole."""
    assert "none of its 1 addresses matches '/vacancy/'" in mapped({MAP: urls("https://a.example/x")}).gaps[0]
    assert mapped({MAP: urls()}).gaps == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "an empty body"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>",
            "a page titled 'Sign in'",
        ),
        (b"not here", "something else"),
        (b'{"error": "x"}', "something else"),
        (b"<rss><channel></channel></rss>", "something else"),
        (b"\x1f\x8bbroken", "a gzip file that is broken"),
        (
            b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
            "declares entities",
        ),
        (
            b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
            "declares entities",
        ),
        (
            b'<!DOCTYPE urlset [<!ENTITY % p SYSTEM "http://a.example/d">%p;]><urlset></urlset>',
            "declares entities",
        ),
        (
            b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in b"bcdefghij")
            + b"]><urlset><url><loc>&j;</loc></url></urlset>",
            "declares entities",
        ),
    ],
)
def test_what_is_no_sitemap_is_refused(body: bytes, found: str) -> None:
    """Login pages, errors and every declared entity: said, never expanded, never an empty board."""
    with pytest.raises(NotABoard) as refusal:
        mapped({MAP: body})
    assert found in refusal.value.found


def test_huge_sitemaps_cost_little() -> None:
    """A gzip bomb and 200,000 nested tags are refused or read up to there within seconds."""

    def reading() -> None:
        with pytest.raises(NotABoard, match="at most"):
            mapped({MAP: gzip.compress(b" " * 100_000_000)})
        assert mapped({MAP: b"<urlset>" + b"<url>" * 200_000}).gaps

    assert costs_at_most(1_500, reading)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "the option 'match' is missing"),
        ({"match": "("}, "the option 'match' must be"),
        ({"match": 7.5}, "the option 'match' must be"),
        ({"match": "/x/", "deep": True}, "there is no option 'deep'"),
    ],
)
def test_sitemap_options_are_checked(options: dict[str, object], said: str) -> None:
    """What is missing, unknown or no regular expression is named before anything is asked."""
    with pytest.raises(ValueError, match=said):
        next(sitemap(Board(MAP, options), Reading()))


@pytest.mark.parametrize("adapter", [microdata, csv_upload])
def test_kinds_without_options_say_so(adapter: object) -> None:
    """An option where none is allowed is named."""
    assert callable(adapter)
    with pytest.raises(ValueError, match="there is no option 'x'; allowed are none"):
        next(adapter(Board(BASE, {"x": 1}), Reading()))


def test_a_link_that_is_not_closed_is_not_the_next_postings() -> None:
    """HTML opens it once more in the posting after it; the address stays with the one that it was written for."""
    one = '<div itemscope itemtype="https://schema.org/JobPosting"><a itemprop="url" href="/{0}">{0}{1}<b itemprop="title">Job {0}</b></div>'
    page = f"<html><body>{one.format(1, '')}{one.format(2, '</a>')}{one.format(3, '</a>')}</body></html>"
    assert [posting.url for posting in items(page.encode()).postings] == [
        f"https://jobs.example.gov.uk/{number}" for number in (1, 2, 3)
    ]


def test_an_address_that_is_none_is_refused_and_the_others_are_read() -> None:
    """A javascript: address among the pages is told, and nothing may follow from what is missing."""
    pages = {MAP: urls("javascript:alert(1)", JOB.format(2)), JOB.format(2): job(2)}
    reading = mapped(pages)
    assert len(reading.postings) == 1
    (refused,) = reading.refused
    assert (refused.where, "is not an http or https address" in refused.why) == ("address 1", True)
    assert reading.gaps
