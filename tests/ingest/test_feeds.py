"""RSS and Atom: what real vendors print is read, what is broken is named."""

from pathlib import Path

import pytest

from services.ingest.boards import NotABoard, read_rss
from tests.ingest.bodies import BASE, channel, item, rss


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
        *(item(f"<guid>{n}</guid><description>Text {n}.</description>") for n in range(2))
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
