"""Described boards: what real vendors print is read from words in YAML alone, and what cannot be read is told."""

import pytest

from services.ingest.boards import NotABoard, Reading
from tests.ingest.described import BASE, EVERY, TABLE, look, only, rows

# ---------------------------------------------------------------- real shapes

ROW = """{"reference": "0044", "advertUrl": "https://jobs.example/44", "expiresAt": "2042-10-28T12:00:00",
 "jobTitle": "Class Teacher", "jobAdvert": "Teach.", "salary": "£25,714.00 to £41,604.00",
 "schoolUrns": ["111111", "222222"], "workingPatterns": "full_time", "contractType": "fixed_term"}"""


@pytest.mark.parametrize(
    ("items", "body"), [("result", f'{{"result": [{ROW}]}}'), ("$", f"[{ROW}]"), ("$[*]", f"[{ROW}]")]
)
def test_every_and_fusion(items: str, body: str) -> None:
    """Every keeps its list under a name, Fusion prints the bare list: the same words for the fields."""
    posting = only(look(EVERY.format(items=items), body))
    assert (posting.key, posting.title, posting.url) == ("0044", "Class Teacher", "https://jobs.example/44")
    assert (posting.pay_text, posting.closes) == ("£25,714.00 to £41,604.00", "2042-10-28T12:00:00")
    assert posting.employment_type == "full_time, fixed_term"


def test_my_new_term_is_held_against_its_own_count() -> None:
    """Lists are joined, and a board that counts more than it shows is not read whole."""
    words = EVERY.format(items="data.jobs[*]") + "count: data.totalJobCount\n"
    row = ROW.replace('"full_time"', '["full_time", "part_time"]')
    body = '{"status": true, "data": {"pageOffset": 0, "totalJobCount": %d, "jobs": [%s]}}'
    assert only(look(words, body % (1, row))).employment_type == "full_time, part_time, fixed_term"
    assert look(words, body % (2, row)).gaps == ["the board counts 2 adverts, 1 are listed"]


def test_vacancy_poster() -> None:
    """CDATA with blanks around it, and a link without its scheme."""
    words = """
format: xml
items: channel/item
fields: {key: reference, title: jobTitle, url: advertUrl, pay_text: salary, closes: expiresAt}
"""
    body = """<channel><title>Feed</title><link><![CDATA[ https://jobs.example/x?a=1&b=2 ]]></link><item>
 <reference><![CDATA[ TEST002 ]]></reference>
 <advertUrl><![CDATA[ www.company.com/jobs/12345?jobboard=Teaching+Vacancies&amp;c=vacancyposter ]]></advertUrl>
 <expiresAt><![CDATA[ 2044-06-15 00:00:00 ]]></expiresAt><jobTitle><![CDATA[Test Post]]></jobTitle>
 <salary><![CDATA[£80000]]></salary><trustUID><![CDATA[ ]]></trustUID></item></channel>"""
    posting = only(look(words, body))
    assert (posting.key, posting.pay_text, posting.closes) == ("TEST002", "£80000", "2044-06-15 00:00:00")
    assert posting.url == "https://www.company.com/jobs/12345?jobboard=Teaching+Vacancies&c=vacancyposter"


NETWORX = """
format: xml
items: rss/channel/item
fields:
  key: content/Vacancy/Vacancy_ID
  title: title
  url: link
  pay_text: a10:content/Vacancy/Salary
  closes: //Expiry_date
  description: //Advert_text
"""
VENTRUS = """<?xml version="1.0" encoding="utf-8"?>
<rss xmlns:a10="http://www.w3.org/2005/Atom" version="2.0"><channel><title>Trust</title><item>
<link>https://jobs.example/3191462</link><title>Teaching Assistant</title><a10:content type="text/xml"><Vacancy>
<vTitle>Teaching Assistant</vTitle><Salary>£21,575 - £22,369</Salary>
<Advert_text><![CDATA[<p><strong>Help </strong><br> pupils</p>]]></Advert_text>
<Vacancy_ID>PIL915213</Vacancy_ID><Expiry_date>01/09/2043 12:00:00</Expiry_date>
<Visa_Sponsorship_Available>true</Visa_sponsorship_available></Vacancy></a10:content></item></channel></rss>"""


@pytest.mark.parametrize(
    "body", [VENTRUS, VENTRUS.replace("Visa_sponsorship_available", "Visa_Sponsorship_Available")]
)
def test_united_learning_and_the_invalid_ventrus(body: str) -> None:
    """Prefixes may be left out; a tag closed in other letters loses nothing, so the board is still read whole."""
    posting = only(look(NETWORX, body))
    assert (posting.key, posting.pay_text) == ("PIL915213", "£21,575 - £22,369")
    assert (posting.closes, posting.description) == ("01/09/2043 12:00:00", "Help pupils")


def test_broken_xml_is_read_on_and_told() -> None:
    """A tag that closes nothing costs no posting, but the board is not taken for whole."""
    reading = look(NETWORX, VENTRUS.replace("</Vacancy>", "</Other></Vacancy>"))
    assert [posting.key for posting in reading.postings] == ["PIL915213"]
    assert reading.gaps == [f"{BASE}: line 7: </Other> closes nothing"]


def test_every_cut_of_xml_is_noticed() -> None:
    """Wherever XML is cut, there is a gap or no board, and no posting comes out changed."""
    whole = set(look(NETWORX, VENTRUS).postings)
    for length in range(len(VENTRUS) - 1):
        try:
            reading = look(NETWORX, VENTRUS[:length])
        except NotABoard:
            continue
        assert reading.gaps, length
        assert set(reading.postings) <= whole, length


def test_itrent_requisitions_are_cut_from_one_text() -> None:
    """One text holds number and title; the address is made from a template, its parts escaped."""
    words = """
format: json
items: itrent.udfs
fields:
  key: {path: udf, until: " - "}
  title: {path: udf, after: " - "}
  url: {template: "https://jobs.example/posts/{category}/{udf}"}
  posted: publishon
"""
    body = r'{"itrent": {"udfs": [{"category": "TeachVacs", "udf": "FF00083 - Maths Teacher", "publishon": "07\/08\/2023"}]}}'
    posting = only(look(words, body))
    assert (posting.key, posting.title, posting.posted) == ("FF00083", "Maths Teacher", "07/08/2023")
    assert posting.url == "https://jobs.example/posts/TeachVacs/FF00083%20-%20Maths%20Teacher"


def test_kirklees_spans_inside_an_item_s_content() -> None:
    """Markup carried as text is looked into; double escapes are resolved, "Item not found" is nothing."""
    spans = (
        '<span itemprop="Job_id">7</span><span itemprop="salary_range">£20,001 - £30,000</span>'
        '<span itemprop="closing_date">2021-03-12T12:00:00</span><span itemprop="service_area">Item not found</span>'
        '<span itemprop="directorate">Growth &amp;amp; Housing</span>'
    )
    words = """
format: xml
items: rss/channel/item
fields:
  key: {path: content, html: "[itemprop=Job_id]"}
  title: title
  url: link
  pay_text: {path: content, html: "[itemprop=salary_range]"}
  closes: {path: content, html: "[itemprop=closing_date]"}
  department: {first: [{path: content, html: "[itemprop=service_area]"}, {path: content, html: "[itemprop=directorate]"}]}
  employer: {constant: Kirklees Council}
"""
    escaped = spans.replace("&", "&amp;").replace("<", "&lt;")
    for inner in (f"<![CDATA[{spans}]]>", escaped):
        body = f"<rss><channel><item><title>Planner</title><link>https://k.example/7</link><content>{inner}</content></item></channel></rss>"
        posting = only(look(words, body))
        assert (posting.key, posting.pay_text) == ("7", "£20,001 - £30,000")
        assert (posting.closes, posting.department) == ("2021-03-12T12:00:00", "Growth & Housing")
        assert posting.employer == "Kirklees Council"


def test_hireserve_classifications_are_chosen_by_name() -> None:
    """Of two salary fields the one that says something; a field within an object whose name no one knows."""
    words = """
format: json
items: jobs
fields:
  key: id
  title: title
  url: weblink
  closes: publication.internet.closing_date
  pay_text: ["classifications[*][name=Salary].values[*].class_val", "classifications[*][name=Salary Scale].values[*].class_val"]
"""
    body = """{"jobs": [{"id": 812, "title": "Analyst", "weblink": "/vacancy/analyst-812.html",
 "publication": {"internet": {"closing_date": "2026-12-01 23:59:00"}},
 "classifications": {"class_1": {"name": "Salary", "values": [{"class_val": ""}]},
                     "class_2": {"name": "Salary Scale", "values": [{"class_val": "£30,000 to £33,000"}]}}}]}"""
    posting = only(look(words, body))
    assert (posting.key, posting.pay_text) == ("812", "£30,000 to £33,000")
    assert posting.url == "https://jobs.example.gov.uk/vacancy/analyst-812.html"


def test_an_html_table_with_two_facts_in_one_line() -> None:
    """Attributes of the row itself, and pay and closing date cut from the text they share."""
    posting = only(look(TABLE, rows(2)))
    assert (posting.key, posting.title, posting.url) == (
        "2",
        "Officer 2",
        "https://jobs.example.gov.uk/job/2",
    )
    assert (posting.pay_text, posting.closes) == ("£37,509 to £41,637", "2 August")


# ---------------------------------------------------------------- empty, or no list at all


def test_an_empty_list_is_told_from_no_list() -> None:
    """Nothing in the list is an answer; a login page, an error object or another list is none."""
    assert look(TABLE, rows()) == Reading()
    assert look(EVERY.format(items="result"), '{"result": []}') == Reading()
    assert look(NETWORX, "<rss><channel></channel></rss>") == Reading()
    login = "<html><head><title>Sign in</title></head><body><form></form></body></html>"
    with pytest.raises(NotABoard, match="Sign in"):
        look(TABLE, login)
    with pytest.raises(NotABoard, match="Sign in"):
        look(EVERY.format(items="result"), login)
    for body in ('{"error": "no"}', '{"result": null}', '{"result": {"a": 1}}', '{"result": 7}', "[]"):
        with pytest.raises(NotABoard, match="result"):
            look(EVERY.format(items="result"), body)
    with pytest.raises(NotABoard):
        look(TABLE.replace("empty: table.jobs\n", ""), rows())


def test_entities_are_refused() -> None:
    """XML that declares an entity is no list of jobs."""
    with pytest.raises(NotABoard, match="declares entities"):
        look(NETWORX, '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>')


def test_a_posting_without_what_it_needs_is_refused_alone() -> None:
    """A javascript: link, a missing key and a missing title: each refused with its reason, the rest read."""
    good = '{"reference": 1, "jobTitle": "A", "advertUrl": "/1"}'
    bad = '{"reference": 2, "jobTitle": "B", "advertUrl": "javascript:x"}, {"jobTitle": "C", "advertUrl": "/3"}, {"reference": 4}, 7'
    reading = look(EVERY.format(items="result"), f'{{"result": [{good}, {bad}]}}')
    assert [posting.title for posting in reading.postings] == ["A"]
    assert [refused.where for refused in reading.refused] == [
        "item 2, “B”",
        "item 3, “C”",
        "item 4",
        "item 5",
    ]
    assert "not an http or https address" in reading.refused[0].why
    assert reading.gaps == ["4 postings could not be read"]


# ---------------------------------------------------------------- pages and details


def test_pages_by_number_end_where_the_total_says() -> None:
    """An offset grows by its step until the board's total is listed; no page is asked beyond it."""
    words = TABLE + "next: {parameter: start, start: 0, step: 2, total: p.total}\n"
    total = '<p class="total">1 to 2 of</p>'.replace("1 to 2 of", "3 jobs")
    following = {f"{BASE}?q=x&start=2": rows(3)}
    reading = look(words, rows(1, 2, extra=total), more=following, url=f"{BASE}?q=x&start=0")
    assert [posting.key for posting in reading.postings] == ["1", "2", "3"]
    assert reading.gaps == []


def test_pages_by_size_address_and_missing_page() -> None:
    """A short page is the last; an address may carry the number; a 404 ends a list only where the words say so."""
    sized = TABLE + "next: {parameter: page, size: 2}\n"
    assert look(sized, rows(1, 2), rows(3)).gaps == []
    numbered = TABLE + 'next: {url: "https://jobs.example.gov.uk/list/page/{page}/", missing_ends: %s}\n'
    more = {"https://jobs.example.gov.uk/list/page/2/": rows(2)}
    assert look(numbered % "true", rows(1), more=more).gaps == []
    assert "status 404" in look(numbered % "false", rows(1), more=more).gaps[0]


def test_a_board_that_ignores_the_page_number_is_not_taken_for_whole() -> None:
    """The first page shown again means that nobody knows what else there is."""
    reading = look(TABLE + "next: {parameter: page}\n", rows(1), rows(1))
    assert [posting.key for posting in reading.postings] == ["1"]
    assert "shows the first page again" in reading.gaps[0]


def test_the_next_page_that_is_named() -> None:
    """Links are followed and a loop ends; one that only a script can follow is a gap; null is the end."""
    words = TABLE + "next: a.next@href\n"
    two = {"https://jobs.example.gov.uk/list?p=2": rows(2, extra='<a class="next" href="/list">first</a>')}
    reading = look(words, rows(1, extra='<a class="next" href="?p=2">next</a>'), more=two)
    assert ([posting.key for posting in reading.postings], reading.gaps) == (["1", "2"], [])
    assert look(words, rows(1, extra='<a class="next" href="javascript:go(2)">next</a>')).gaps
    paged = EVERY.format(items="result") + "next: links.next\n"
    assert look(paged, '{"result": [], "links": {"next": null}}').gaps == []


def test_a_login_page_in_the_middle_is_a_gap() -> None:
    """Only the first page may say that this is no board; later, what is missing is told."""
    reading = look(
        TABLE + "next: {parameter: page, size: 1}\n", rows(1), "<html><title>Sign in</title></html>"
    )
    assert [posting.key for posting in reading.postings] == ["1"]
    assert "Sign in" in reading.gaps[0]


def test_details_add_to_the_list_and_a_missing_one_is_refused() -> None:
    """An advert's own page completes it; one that cannot be had is not told by half, as if it had changed."""
    words = TABLE + 'detail: {link: "a@href", fields: {description: "#text", location: ".where"}}\n'
    page = '<html><body><p class="where">Bow</p><div id="text"><p>One</p><p>two</p></div></body></html>'
    reading = look(words, rows(1, 2), more={"https://jobs.example.gov.uk/job/1": page})
    (posting,) = reading.postings
    assert (posting.key, posting.location, posting.description) == ("1", "Bow", "One two")
    assert reading.refused[0].where == "item 2"
    assert "status 404" in reading.gaps[0]
