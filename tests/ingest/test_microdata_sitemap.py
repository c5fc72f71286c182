"""Microdata, sitemaps and tables: the boards without a vendor's list."""

import gzip
import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.boards import Board, BoardPage, NotABoard, Reading, read_jsonld
from services.ingest.boards.csv_upload import COLUMNS, csv_upload, read_csv
from services.ingest.boards.microdata import microdata, read_microdata
from services.ingest.boards.sitemap import sitemap
from services.ingest.pay import read_structured_pay
from tests.ingest.asking import converse, fixture, told

BASE = "https://jobs.example.gov.uk/jobs/"
MAP = "https://jobs.example.gov.uk/sitemap.xml"
JOB = "https://jobs.example.gov.uk/vacancy/{}/data-analyst"


def items(body: bytes) -> BoardPage:
    return read_microdata(body, base_url=BASE, content_type="text/html")


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
    began = time.process_time()
    try:
        assert callable(read)
        read(body, base_url=BASE, content_type=None)
    except NotABoard as refusal:
        assert refusal.found  # noqa: PT017
    assert time.process_time() - began < 15


# ---------------------------------------------------------------- sitemaps


def urls(*addresses: str, root: str = "urlset", entry: str = "url") -> bytes:
    each = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{each}</{root}>'.encode()


def job(number: int) -> bytes:
    block = {"@type": "JobPosting", "title": f"Data Analyst {number}", "identifier": str(number)}
    return f'<html><script type="application/ld+json">{json.dumps(block)}</script></html>'.encode()


def mapped(pages: dict[str, bytes], match: object = "/vacancy/") -> Reading:
    return converse(sitemap, Board(MAP, {"match": match}), told(pages))


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
    began = time.process_time()
    with pytest.raises(NotABoard, match="at most"):
        mapped({MAP: gzip.compress(b" " * 100_000_000)})
    assert mapped({MAP: b"<urlset>" + b"<url>" * 200_000}).gaps
    assert time.process_time() - began < 15


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


# ---------------------------------------------------------------- tables


def table(text: str | bytes) -> BoardPage:
    return read_csv(
        text if isinstance(text, bytes) else text.encode(), base_url="https://jobs.example.gov.uk/v.csv"
    )


def test_a_table_is_read_by_its_header() -> None:
    """Columns in any order and case; quoted line breaks; every documented name lands in its field."""
    page = table(
        "TITLE,Url,id,Employer,Location,Pay,Posted,Closes,Description,Department,Employment Type\r\n"
        'Data Analyst,https://a.example/1,A1,Borough of Examples,London,"£38,226 to £41,442",1/10/2026,30/11/2026,'
        '"First line,\r\nsecond ""line""",Digital,Permanent\r\n'
        "Tester,/2,,,,,,,,,\r\n"
    )
    assert (page.complete, page.refused) == (True, ())
    one, two = page.postings
    assert (one.key, one.title, one.url, one.employer) == (
        "A1",
        "Data Analyst",
        "https://a.example/1",
        "Borough of Examples",
    )
    assert (one.pay_text, one.posted, one.closes) == ("£38,226 to £41,442", "1/10/2026", "30/11/2026")
    assert one.description == 'First line, second "line"'
    assert (one.location, one.department, one.employment_type) == ("London", "Digital", "Permanent")
    assert (two.key, two.url) == ("https://jobs.example.gov.uk/2", "https://jobs.example.gov.uk/2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_as_spreadsheets_save_them(encoding: str, mark: str) -> None:
    """Byte order marks, semicolons, tabs and Windows-1252 are what Excel writes."""
    text = (
        mark.join(("id", "title", "url", "pay"))
        + "\n"
        + mark.join(("1", "Café lead", "https://a.example/1", "£30"))
        + "\n"
    )
    (posting,) = table(text.encode(encoding)).postings
    assert (posting.key, posting.title, posting.pay_text) == ("1", "Café lead", "£30")


def test_bad_rows_are_refused_by_number_and_the_rest_is_read() -> None:
    """No title, no web link, too many fields, a doubled id, broken quotes: each by its row, the others are read."""
    page = table(
        "id,title,url\n"
        "1,Good,https://a.example/1\n"
        "2,,https://a.example/2\n"
        "3,Bad link,javascript:x\n"
        "4,Too,many,https://a.example/4\n"
        "\n"
        "1,Again,https://a.example/6\n"
        '7,"Open quote,https://a.example/7\n'
        "8,Last,https://a.example/8\n"
    )
    assert [posting.key for posting in page.postings] == ["1", "8"]
    assert [refused.where for refused in page.refused] == ["row 3", "row 4", "row 5", "row 7", "row 8"]
    assert "that of row 2" in page.refused[3].why
    assert "quotes are broken" in page.refused[4].why
    assert page.why_incomplete == "5 postings could not be read"


def test_a_column_that_is_not_known_is_named_and_costs_nothing() -> None:
    """A misspelt column is pointed out, with what there is; common other names are understood."""
    page = table("reference,title,link,closing date,salery\n1,A,https://a.example/1,1 May 2027,£1\n")
    assert page.complete
    assert page.postings[0].closes == "1 May 2027"
    assert [refused.what for refused in page.refused] == ["column"]
    assert "'salery' is none; the columns are id, title" in page.refused[0].why


def test_a_table_that_ends_inside_a_row_is_incomplete() -> None:
    """The last row without its line's end and with fields missing is not believed."""
    page = table("id,title,url,pay\n1,A,https://a.example/1,£1\n2,B,https://a.exa")
    assert [posting.key for posting in page.postings] == ["1"]
    assert not page.complete


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "an empty body"),
        (b"\n \n", "an empty body"),
        (b"<html><title>Sign in</title></html>", "a page titled 'Sign in'"),
        (b"id,url\n1,https://a.example/1\n", "a first row that names 'id, url'"),
        (b'{"error": "x"}', "a first row that names"),
    ],
)
def test_what_is_no_table_of_adverts_is_refused(body: bytes, found: str) -> None:
    """Nothing, a web page, or a table without title and url is no board, and says what is needed."""
    with pytest.raises(NotABoard, match="among them title and url") as refusal:
        table(body)
    assert found in refusal.value.found


def test_a_header_alone_is_a_board_without_adverts() -> None:
    """A table that has only its header says that there is nothing."""
    page = table(",".join(COLUMNS))
    assert (page.postings, page.complete) == ((), True)


def test_the_table_at_an_address_is_asked_for_once() -> None:
    """The adapter asks for the address and reads what is there."""
    url = "https://jobs.example.gov.uk/v.csv"
    reading = converse(csv_upload, Board(url), told({url: b"title,url\nA,https://a.example/1\n"}))
    assert [posting.title for posting in reading.postings] == ["A"]


# ---------------------------------------------------------------- anything at all

_MICRO = fixture("microdata.html")
_MAP = urls(JOB.format(1), "https://a.example/?a=1&b=2", JOB.format(2))
_TABLE = 'id,title,url,pay\n1,"A ""b""",https://a.example/1,£1\n2,B,https://a.example/2,"x\ny"\n'.encode()
_PIECES = [
    b"<",
    b'"',
    b"\n",
    b",",
    b"&#xD800;",
    b"\x00",
    b"\xff\xfe",
    b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>",
    b"<loc>",
    b"itemscope ",
    b"javascript:",
]


def _mutated(whole: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(whole) + 1)
        whole = whole[:at] + chance.choice(_PIECES) * chance.randrange(2) + whole[at + chance.randrange(12) :]
    return whole


@given(seed=st.integers(0, 2**32), raw=st.none() | st.binary(max_size=200))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_but_not_a_board_is_ever_raised(seed: int, raw: bytes | None) -> None:
    """Whatever the bytes, each of these readers gives postings that can be stored, or NotABoard."""
    chance = random.Random(seed)
    pages = {
        MAP: raw or _mutated(_MAP, chance),
        JOB.format(1): _mutated(_MICRO, chance),
        BASE: raw or _mutated(_MICRO, chance),
    }
    pages["https://a.example/v.csv"] = raw or _mutated(_TABLE, chance)
    for adapter, board in (
        (sitemap, Board(MAP, {"match": "."})),
        (microdata, Board(BASE)),
        (csv_upload, Board("https://a.example/v.csv")),
    ):
        try:
            reading = converse(adapter, board, told(pages))
        except NotABoard as refusal:
            assert str(refusal).startswith("expected ")  # noqa: PT017
            continue
        for posting in reading.postings:
            assert posting.url.startswith(("http://", "https://"))
            assert "\x00" not in repr(posting).encode().decode()
            json.dumps(posting.pay_structured, allow_nan=False)


def test_a_lost_character_never_loses_a_good_row() -> None:
    """Wherever one byte of a table is dropped within a row, the row after it is still read."""
    for at in range(_TABLE.index(b"1,"), _TABLE.index(b"2,B") - 1):
        page = table(_TABLE[:at] + _TABLE[at + 1 :])
        assert "B" in [posting.title for posting in page.postings], at
