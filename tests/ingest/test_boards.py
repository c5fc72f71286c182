"""The board adapters: what real vendors print is read, what is broken is named, nothing else gets through."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.boards import READERS, BoardPage, NotABoard, read_jsonld, read_rss

BASE = "https://jobs.example.gov.uk/feed.xml"


def rss(body: str | bytes, content_type: str | None = "text/xml") -> BoardPage:
    raw = body if isinstance(body, bytes) else body.encode()
    return read_rss(raw, base_url=BASE, content_type=content_type)


def jsonld(*blocks: object, head: str = "") -> BoardPage:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return page(f"<!doctype html><html><head><title>Jobs</title>{head}{scripts}</head><body></body></html>")


def page(html: str | bytes, content_type: str | None = "text/html") -> BoardPage:
    raw = html if isinstance(html, bytes) else html.encode()
    return read_jsonld(raw, base_url="https://jobs.example.gov.uk/jobs/", content_type=content_type)


def item(inner: str, *, title: str = "Data Analyst", link: str = "https://jobs.example.gov.uk/1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


def channel(*items: str, namespaces: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel><title>Jobs</title>{"".join(items)}</channel></rss>'


POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Data Analyst",
    "url": "https://jobs.example.gov.uk/jobs/1",
    "hiringOrganization": {"@type": "Organization", "name": "London Borough of Examples"},
}


# ---------------------------------------------------------------- RSS and Atom


def test_eploy_fields_are_read_and_its_own_count_is_believed() -> None:
    """DisplaySalary, DatePosted and VacancyID are found; a feed that counts 30 and shows one is not complete."""
    read = rss(
        '<Vacancies Type="Vacancies" Count="30"><Item><VacancyID>2895</VacancyID><Title>KS1 Class Teacher</Title>'
        "<Link>https://jobs.example.gov.uk/vacancies/2895</Link><Location>Islington, London</Location>"
        "<DisplaySalary>£40,317 – £52,300</DisplaySalary><Company></Company>"
        "<DatePosted>Wed, 03 Jun 2026 00:00:00 GMT</DatePosted></Item></Vacancies>"
    )
    posting = read.postings[0]
    assert (posting.key, posting.pay_text, posting.location) == (
        "2895",
        "£40,317 – £52,300",
        "Islington, London",
    )
    assert posting.posted == "Wed, 03 Jun 2026 00:00:00 GMT"
    assert posting.employer is None
    assert not read.complete
    assert read.why_incomplete == "the feed has 30 items, 1 could be parsed"


def test_networx_fields_are_read_from_invalid_xml() -> None:
    """A vendor that closes a tag with another case is still read whole, inside its Atom content element."""
    read = rss(
        '<rss xmlns:a10="http://www.w3.org/2005/Atom" version="2.0"><channel><title>T</title><item>'
        "<link>https://jobs.example.gov.uk/3191462</link><title>Teaching Assistant</title>"
        '<a10:updated>2023-08-04T10:16:07Z</a10:updated><a10:content type="text/xml"><Vacancy>'
        "<Salary>£21,575 - £22,369</Salary><Advert_text><![CDATA[<p>One</p><p>two</p>]]></Advert_text>"
        "<Vacancy_ID>PIL915213</Vacancy_ID><Expiry_date>01/09/2043 12:00:00</Expiry_date>"
        "<Visa_Available>true</Visa_available></Vacancy></a10:content></item></channel></rss>"
    )
    posting = read.postings[0]
    assert read.complete
    assert posting.key == "PIL915213"
    assert posting.closes == "01/09/2043 12:00:00"
    assert posting.pay_text == "£21,575 - £22,369"
    assert posting.description == "One two"


def test_engage_numbers_become_pay_as_a_reader_would_see_it() -> None:
    """engAts:salaryRangeFrom and To are pounds; endDate is the closing date."""
    fields = (
        "<engAts:salaryRangeFrom>35000</engAts:salaryRangeFrom><engAts:salaryRangeTo>40000</engAts:salaryRangeTo>"
        "<engAts:endDate>2026-09-01</engAts:endDate><engAts:vacancyid>77</engAts:vacancyid>"
    )
    posting = rss(channel(item(fields), namespaces='xmlns:engAts="https://e.example"')).postings[0]
    assert (posting.pay_text, posting.closes, posting.key) == ("£35000 to £40000", "2026-09-01", "77")


@pytest.mark.parametrize(
    ("description", "pay", "closes"),
    [
        (
            "<p><b>£37,509 to £41,637 – Closing date: 2 August</b></p><p>Text.</p>",
            "£37,509 to £41,637",
            "2 August",
        ),
        (
            "Salary: £30,024 - £33,699 | Advert End Date: 21/08/2026 12:00 | Text",
            "£30,024 - £33,699",
            "21/08/2026 12:00",
        ),
        ("<p>Closing date to be confirmed</p>", None, None),
    ],
)
def test_labelled_lines_in_the_text_are_read(description: str, pay: str | None, closes: str | None) -> None:
    """Pay and closing date that stand only in the description are found there, as written."""
    posting = rss(channel(item(f"<description><![CDATA[{description}]]></description>"))).postings[0]
    assert (posting.pay_text, posting.closes) == (pay, closes)


def test_atom_is_read_with_its_next_page() -> None:
    """An Atom feed's entries, ids and rel=next link are read."""
    read = rss(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>J</title><link rel="next" href="?page=2"/>'
        '<entry><id>tag:1</id><title>Developer</title><link href="/jobs/1"/><summary>Write code.</summary></entry></feed>'
    )
    assert read.complete
    assert read.next_url == "https://jobs.example.gov.uk/feed.xml?page=2"
    assert (read.postings[0].key, read.postings[0].url) == ("tag:1", "https://jobs.example.gov.uk/jobs/1")


def test_a_cut_feed_is_incomplete_and_its_half_posting_is_not_believed() -> None:
    """A feed that stops before its end keeps the whole items, refuses the half one and is not complete."""
    whole = channel(item("<guid>1</guid>"), item("<guid>2</guid><description>A long text</description>"))
    read = rss(whole[: whole.index("long text")])
    assert [posting.key for posting in read.postings] == ["1"]
    assert [refused.where for refused in read.refused] == ["item 2"]
    assert not read.complete
    assert "stops before </rss>" in (read.why_incomplete or "")


def test_every_cut_of_a_feed_is_noticed() -> None:
    """Wherever a feed is cut, it is incomplete or no board, and no posting comes out changed."""
    whole = channel(
        *(item(f"<guid>{n}</guid><description>Text {n}.</description>") for n in range(4))
    ).encode()
    everything = set(rss(whole).postings)
    for length in range(len(whole)):
        try:
            read = rss(whole[:length])
        except NotABoard:
            continue
        assert not read.complete, length
        assert set(read.postings) <= everything, length


def test_an_empty_feed_is_complete_and_an_empty_body_is_not_a_feed() -> None:
    """No items is something a board may say; nothing at all is not."""
    assert rss(channel()).complete
    assert rss(channel()).postings == ()
    with pytest.raises(NotABoard, match="an empty body"):
        rss(b"")


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_login_page_is_not_a_board(kind: str) -> None:
    """A login page instead of the list says what it is; it never looks like an empty board."""
    login = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
    with pytest.raises(NotABoard, match="Sign in"):
        READERS[kind](login, base_url=BASE, content_type="text/html")


def test_only_web_links_pass_and_a_refusal_says_what_to_do() -> None:
    """javascript: and data: links are refused by name; the rest of the feed is read, but it is not complete."""
    read = rss(channel(item("", link="javascript:alert(1)"), item("", link="data:text/html,x"), item("")))
    assert len(read.postings) == 1
    assert len(read.refused) == 2
    assert "not an http or https address; the board must correct it" in read.refused[0].why
    assert read.why_incomplete == "2 postings could not be read"


def test_script_in_titles_and_layers_of_escaping_become_plain_text() -> None:
    """Tags and scripts vanish, entities are resolved however often they were escaped, NUL never passes."""
    title = "A &lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;B&lt;/b&gt; &amp;amp;amp; C\x00"
    posting = rss(
        channel(
            item(
                "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two &amp;amp; three&lt;/p&gt;</description>",
                title=title,
            )
        )
    ).postings[0]
    assert posting.title == "A B & C"
    assert posting.description == "One two & three"


def test_a_guid_that_all_items_share_is_no_identity() -> None:
    """Where a vendor prints one guid everywhere, addresses keep the postings apart; true repeats are folded."""
    one, two = "https://jobs.example.gov.uk/1", "https://jobs.example.gov.uk/2"
    read = rss(channel(*(item("<guid isPermaLink='false'>x</guid>", link=link) for link in (one, two, two))))
    assert [posting.key for posting in read.postings] == [one, two]


def test_declared_entities_are_not_expanded() -> None:
    """A bomb of nested entities and an external entity cost nothing and leak nothing."""
    read = rss(
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
        f"{item('', title='Post &b; &x;')}</channel></rss>"
    )
    assert "aaaa" not in read.postings[0].title
    assert "root" not in read.postings[0].title


def test_a_path_is_never_opened(tmp_path: Path) -> None:
    """A body that is the name of a local file is text that is not a feed."""
    secret = tmp_path / "feed.xml"
    secret.write_text(channel(item("")))
    with pytest.raises(NotABoard):
        rss(str(secret))


def test_wide_encodings_are_read() -> None:
    """UTF-16 with its byte order mark, and Latin-1 by declaration."""
    assert rss(channel(item("", title="Café £")).encode("utf-16")).postings[0].title == "Café £"
    latin = channel(item("", title="Café £")).replace("?>", ' encoding="iso-8859-1"?>', 1).encode("latin-1")
    assert rss(latin, None).postings[0].title == "Café £"


# ---------------------------------------------------------------- JSON-LD


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
    began = time.process_time()
    try:
        READERS[kind](body, base_url=BASE, content_type=None)
    except NotABoard as refusal:
        assert refusal.found  # noqa: PT017
    assert time.process_time() - began < 15


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
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def test_a_feed_cut_after_an_empty_element_is_not_whole() -> None:
    """`<br/>` closes itself, not the feed: a cut right behind it must not look like a short board."""
    feed = (
        b"<rss version='2.0'><channel><title>Jobs</title>"
        b"<item><title>Data engineer</title><link>https://example.gov.uk/1</link>"
        b"<description>One<br/>two</description></item></channel></rss>"
    )
    assert read_rss(feed, base_url=BASE, content_type=None).complete
    cut = feed[: feed.index(b"<br/>") + 5]
    assert not read_rss(cut, base_url=BASE, content_type=None).complete
    assert read_rss(b"<rss/>", base_url=BASE, content_type=None).complete
