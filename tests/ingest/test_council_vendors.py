"""The vendors that councils buy their boards from: each is read from its own pages, and never misread as empty."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.boards.adapter import MOST_PAGES, Board, Page, Reading
from services.ingest.boards.itrent import read_itrent
from services.ingest.boards.posting import MAX_BODY, NotABoard, Posting
from services.ingest.boards.tribepad import read_tribepad
from tests.ingest.vendor_pages.council_sites import (
    HOST,
    SITES,
    Site,
    eploy,
    itrent,
    jobsgopublic,
    jobtrain,
    oleeo,
    oleeo_feed,
    page,
    pages,
    successfactors,
    successfactors_tiles,
    talentlink,
    tribepad,
    tribepad_older,
    wordpress,
)

every = pytest.mark.parametrize("name", sorted(SITES))


def first(site: Site) -> Posting:
    reading = site.read()
    assert reading.gaps == []
    assert reading.refused == []
    return reading.postings[0]


# ---------------------------------------------------------------- what each vendor prints


@every
def test_the_whole_board_is_read_without_gaps_and_twice_the_same(name: str) -> None:
    """All pages and details are followed, nothing is refused, and a second reading finds the same identities."""
    site = SITES[name]()
    reading = site.read()
    assert reading.gaps == []
    assert reading.refused == []
    assert len(reading.postings) == site.count
    assert len({posting.key for posting in reading.postings}) == site.count
    assert site.read().postings == reading.postings
    assert all(posting.url.startswith("https://") for posting in reading.postings)


def test_eploy_reads_the_datafeed_of_the_tenant() -> None:
    """VacancyID, DisplaySalary and DatePosted are found; an empty Company is no employer, and nothing closes."""
    posting = first(eploy())
    assert (posting.key, posting.title) == ("2895", "KS1 Class Teacher")
    assert (posting.pay_text, posting.employer, posting.closes) == ("£40,317 – £52,300", None, None)
    assert posting.posted == "Wed, 03 Jun 2026 00:00:00 GMT"


def test_eploy_believes_its_count_and_takes_no_other_feed() -> None:
    """Fewer items than Count are a gap; RSS, whose identities differ, is not this board."""
    site = eploy()
    (feed,) = site.pages
    short = site.read({feed: site.pages[feed].replace(b'Count="2"', b'Count="30"')})
    assert "the feed has 30 items, 2 could be parsed" in short.gaps[0]
    with pytest.raises(NotABoard, match="outermost element is <rss>"):
        site.read({feed: b'<rss version="2.0"><channel><title>T</title></channel></rss>'})


@pytest.mark.parametrize("numbered_from", [0, 1])
def test_jobs_go_public_is_one_board_of_many_employers(numbered_from: int) -> None:
    """Each job has its own employer; pay is kept as numbers; pages may be numbered from 0 or 1; promotions are left out."""
    reading = jobsgopublic(numbered_from).read()
    assert reading.gaps == []
    assert [posting.key for posting in reading.postings] == ["21239", "21240", "21241"]
    posting = reading.postings[0]
    assert (posting.employer, posting.url) == ("London Borough of Hackney", f"{HOST}/job/21239")
    assert posting.pay_structured == {
        "minSalary": "34206.000000",
        "maxSalary": "35931.000000",
        "currencyCode": "GBP",
        "salaryUnit": "YEAR",
    }
    assert (posting.location, posting.posted) == (
        "London, United Kingdom; Brent",
        "2026-06-03T14:25:56+01:00",
    )


def test_jobs_go_public_asks_each_jobs_page_if_told_to() -> None:
    """With `details: pages` the description comes from the job's page; a page of another job is a gap."""
    site = jobsgopublic()
    site.board = Board(site.board.url, {"details": "pages"})
    for number in (21239, 21240, 21241):
        job = {"__typename": "Job", "id": number, "title": "T", "body": "<p>Plan the borough.</p>"}
        shown = f'"Job:{number}":{json.dumps(job)}'
        site.pages[f"{HOST}/job/{number}"] = page("jobsgopublic.html", jobs=shown, refs="")
    assert {posting.description for posting in site.read().postings} == {"Plan the borough."}
    other = site.read({f"{HOST}/job/21239": site.pages[f"{HOST}/job/21240"]})
    assert [posting.key for posting in other.postings] == ["21240", "21241"]
    assert "the page of job 21239" in other.gaps[0]


def test_talentlink_reads_the_labels_of_the_vacancy() -> None:
    """The embedded script's address leads to the list; pay, grade and dates are read from the vacancy's page."""
    posting = first(talentlink())
    assert (posting.key, posting.title) == ("11", "Local Plan Manager")
    assert posting.pay_text == "£48,690 - £51,555 pa, Grade: PO5"
    assert (posting.closes, posting.department) == ("27/03/2027 12:00", "Place")
    assert posting.description == "Keep the local plan up to date. Lead a team of four."


def test_talentlink_names_what_stands_in_its_place() -> None:
    """A page that embeds the list names the list's address; the newer widget is told apart."""
    site = talentlink()
    start = next(iter(site.pages))
    with pytest.raises(NotABoard, match=r"name the list itself instead: https://.*jsoutputinitrapido"):
        site.read({start: b'<html><script src="/synd/laydisplayrapido.cfm?ID=QX"></script></html>'})
    with pytest.raises(NotABoard, match="newer TalentLink widget"):
        site.read({start: b'<html><div data-lumesse-fo-host="x.example"></div></html>'})


def test_hackneys_front_splits_pay_from_the_closing_date() -> None:
    """The card's one line gives both; the slug is the identity; the first missing page ends the list."""
    site = wordpress()
    posting = first(site)
    assert (posting.key, posting.pay_text) == ("deputy-manager", "£37,509 to £41,637")
    assert posting.closes == "2 August"
    assert posting.description == "Department: Parks Look after green spaces across the borough."
    assert any(ask.url.endswith("/page/3/") for ask in site.asked)


def test_hackneys_front_ends_only_where_no_page_was_announced() -> None:
    """A page that the list links to and that is not there is a gap, and so is any other failure."""
    site = wordpress()
    second = next(url for url in site.pages if url.endswith("/page/2/"))
    assert "status 503" in site.read({second: None}).gaps[0]
    del site.pages[second]
    assert "status 404" in site.read().gaps[0]


def test_itrent_mints_a_session_and_asks_with_it() -> None:
    """The list is asked with the session's headers, window by window; links name no session."""
    site = itrent()
    posting = first(site)
    assert (posting.key, posting.closes) == ("25V1", "20260726")
    assert (posting.pay_text, posting.employment_type) == ("£43,842 - £46,944", "Full-Time, 36 hours")
    assert "USESSION" not in posting.url
    assert posting.url.endswith("VACANCY_ID=25V1")
    asked = dict(site.asked[1].headers)
    assert asked["X-Requested-With"] == "XMLHttpRequest"
    assert "USESSION=D8D05292B462E63CE2DD2238EC47F03A" in asked["mhrParams"]
    assert len(site.asked) == 3


def test_oleeo_reads_board_and_vacancy() -> None:
    """Rows give place and closing date by their headings, the page the rest; the visit's token is not kept."""
    posting = first(oleeo())
    assert (posting.key, posting.title, posting.location) == ("301", "Social Worker", "Huddersfield")
    assert (posting.closes, posting.pay_text) == ("12 Mar 2027", "£20,001 - £30,000")
    assert posting.department == "Adults and Health"
    assert "xf-" not in posting.url


def test_oleeo_feeds_are_read_through_their_escaping() -> None:
    """Escaped itemprop pairs and labelled lines are read; "Item not found" is absent; the button's parameter goes."""
    analyst = oleeo_feed().read().postings[1]
    posting = first(oleeo_feed())
    assert (posting.key, posting.pay_text, posting.closes) == (
        "310",
        "£20,001 - £30,000",
        "2027-03-12T12:00:00",
    )
    assert (posting.department, posting.employer) == ("Adults & Health", None)
    assert posting.description == "Answer residents who call & write."
    assert posting.url.endswith("/opp/310-First-Contact-Assessment-Officer/en-GB")
    assert (analyst.key, analyst.closes, analyst.location) == ("311", "30 Oct 2027 23:55 GMT", "Belfast")


def test_jobtrain_reads_pay_as_text_and_no_placeholder() -> None:
    """baseSalary is a string, datePosted 0001-01-01 is absent, and a button on the card is no second vacancy."""
    posting = first(jobtrain())
    assert (posting.key, posting.title) == ("14496", "Support Worker - Part Time")
    assert posting.pay_text == "£13.65/hour - £14.03/hour (CRB18)"
    assert (posting.posted, posting.employer) == ("2026-05-28", "CrossReach")
    assert jobtrain().read().postings[1].posted is None


def test_tribepad_reads_what_stands_beside_icons() -> None:
    """Place, pay, kind and closing date are told by icons; the days left are not part of the date."""
    posting = first(tribepad())
    assert (posting.key, posting.location, posting.pay_text) == ("501", "Wakefield", "£28,142 - £31,022")
    assert (posting.closes, posting.employment_type) == ("25/09/26", "Permanent")
    assert posting.description == "Order what the schools ask for."


def test_tribepads_older_skin_is_read() -> None:
    """itemprops, the wallet and "Apply by" are read; the number in the address is the identity."""
    posting = first(tribepad_older())
    assert (posting.key, posting.location, posting.posted) == ("1044", "Durham", "2026-09-01")
    assert (posting.pay_text, posting.closes) == ("Grade 6 £28,142 - £31,022", "25 September, 2026")


@pytest.mark.parametrize("made", [successfactors, successfactors_tiles])
def test_successfactors_reads_the_lines_of_the_vacancy(made: Callable[[], Site]) -> None:
    """Links repeated three times are one vacancy; pay, grade and closing date are lines of its page."""
    posting = first(made())
    assert (posting.title, posting.location) == ("Data Engineer", "London")
    assert posting.pay_text == "£55,000 - £75,000, Grade: Band 3"
    assert (posting.posted, posting.closes) == ("2026-06-29T00:00:00+00:00", "26 July 2026")


# ---------------------------------------------------------------- what is not the board, and what is lost

TROUBLE = {
    "login": b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>"
    b"<input type='password'><p>0 results</p></form></body></html>",
    "error": b"<html><head><title>500</title></head><body><h1>Server Error</h1></body></html>",
    "empty": b"",
    "blank": b" \n ",
    "maintenance": b"<html><head><title>Jobs</title></head><body><p>No vacancies can be shown while we carry out "
    b"maintenance.</p></body></html>",
    "cut JSON": b'{"search":{"total_rec":"3"',
}


@every
@pytest.mark.parametrize("trouble", sorted(TROUBLE))
def test_what_is_no_board_is_never_an_empty_one(name: str, trouble: str) -> None:
    """A login page, an error, maintenance, nothing at all: NotABoard as the first answer, a gap wherever it comes later."""
    site = SITES[name]()
    start, *later = site.pages
    with pytest.raises(NotABoard, match=r"expected .*, found "):
        site.read({start: TROUBLE[trouble]})
    site.read()
    reached = {ask.url for ask in site.asked}
    for url in (url for url in later if url in reached):
        reading = site.read({url: TROUBLE[trouble]})
        assert reading.gaps, url
        assert url.split("?")[0] in reading.gaps[0]


@every
def test_a_failure_anywhere_is_a_gap(name: str) -> None:
    """A page that could not be fetched is named, and what other pages hold is read all the same."""
    site = SITES[name]()
    site.read()
    for url in [ask.url for ask in site.asked if ask.url in site.pages]:
        reading = site.read({url: None})
        assert any(url in gap for gap in reading.gaps)


@every
def test_every_cut_of_every_page_is_noticed(name: str) -> None:
    """Wherever a page is cut off, no posting comes out changed, and one that is lost leaves a gap."""
    site = SITES[name]()
    whole = {posting.key: posting for posting in site.read().postings}
    for url in list(dict.fromkeys(ask.url for ask in site.asked if ask.url in site.pages)):
        body = site.pages[url]
        ends = [at for at in range(len(body) - 8) if body[at : at + 1] == b">"]
        for length in sorted({*range(0, len(body) - 1, 9), *(at + 1 for at in ends)}):
            try:
                reading = site.read({url: body[:length]})
            except NotABoard:
                continue
            if reading.gaps:
                continue
            assert {posting.key: posting for posting in reading.postings} == whole, (url, length)


@pytest.mark.parametrize(
    ("made", "says", "more"),
    [
        (jobsgopublic, b'"result_count":3', b'"result_count":4'),
        (itrent, b'"total_rec":"3"', b'"total_rec":"4"'),
        (oleeo, b" of 3<", b" of 4<"),
        (tribepad, b"3 Search", b"4 Search"),
        (successfactors, b"of <b>3</b>", b"of <b>4</b>"),
    ],
)
def test_fewer_postings_than_the_board_counts_are_a_gap(
    made: Callable[[], Site], says: bytes, more: bytes
) -> None:
    """The board's own count is held against what was found."""
    site = made()
    reading = site.read({url: body.replace(says, more) for url, body in site.pages.items()})
    assert len(reading.postings) == 3
    assert reading.gaps
    assert any("the board counts 4 vacancies, 3 were found" in gap or "404" in gap for gap in reading.gaps)


def test_a_number_that_counts_something_else_does_not_end_the_list() -> None:
    """Hours and days ("2 to 3 of 5") are no count of vacancies: the list is read to its end."""
    site = oleeo()
    start = next(iter(site.pages))
    days = b"<p>Work 1 to 1 of 1 days here</p><p>Displaying"
    reading = site.read({start: site.pages[start].replace(b"<p>Displaying", days)})
    assert (len(reading.postings), reading.gaps) == (3, [])


def test_a_board_without_an_end_is_left_with_a_gap() -> None:
    """A list whose pages always name another is read up to the limit, and says so."""
    site = tribepad()
    site.pages = {}
    for number in range(1, MOST_PAGES + 3):
        card = pages("tribepad_card.html", {"number": str(number), "title": "Buyer"})
        shown = page("tribepad_list.html", cards=card).replace(b"3 Search", b"900 Search")
        site.pages[f"{HOST}/v2/job/search?page={number}&records_per_page=50"] = shown
        detail = page("tribepad_detail.html", title="Buyer")
        site.pages[f"{HOST}/members/modules/job/detail.php?record={number}"] = detail
    reading = site.read()
    assert len(reading.postings) == MOST_PAGES
    assert reading.gaps == [
        f"more than {MOST_PAGES} pages",
        f"the board counts 900 vacancies, {MOST_PAGES} were found",
    ]


def test_a_page_that_leads_back_is_a_gap() -> None:
    """A second page that turns out to be the first, by redirection, is not taken for the end of the list."""
    reading = Reading()
    steps = read_tribepad(Board(HOST), reading)
    (ask,) = next(steps)
    body = tribepad().pages[ask.url]
    (again,) = steps.send((Page(ask.url, body, "text/html"),))
    assert again.url != ask.url
    details = steps.send((Page(ask.url, body, "text/html"),))
    assert f"leads back to {ask.url}" in reading.gaps[0]
    assert len(details) == 2


@pytest.mark.parametrize(
    "told",
    [
        "<p>Closing Date 26 July 2026</p>",
        "<p>Closing Date</p><p>26 July 2026</p>",
        "<p>Closing Date: 26 July 2026",
    ],
)
def test_a_label_may_lack_its_colon(told: str) -> None:
    """The closing date is found beside its label, below it, and after its colon."""
    site = successfactors_tiles()
    detail = next(url for url in site.pages if "/job/" in url)
    body = site.pages[detail].replace(b"<p>Closing Date: 26 July 2026</p>", told.encode())
    assert site.read({detail: body}).postings[0].closes == "26 July 2026"


def test_itrent_may_have_nothing() -> None:
    """No results and their number, zero, are an empty board; no results without a number are a gap."""
    site = itrent()
    listed = next(url for url in site.pages if "ETREC106GF" in url)
    empty = site.read({listed: b'{"search":{"total_rec":"0"},"results":[]}'})
    assert (empty.postings, empty.gaps) == ([], [])
    silent = site.read({listed: b'{"search":{},"results":[]}'})
    assert "without their number" in silent.gaps[0]


def test_successfactors_reads_amounts_from_microdata() -> None:
    """Where a site names amounts as microdata, they are kept as numbers with their unit."""
    site = successfactors_tiles()
    detail = next(url for url in site.pages if "/job/" in url)
    amounts = (
        b'<div itemprop="baseSalary"><meta itemprop="currency" content="GBP"><meta itemprop="minValue" '
        b'content="55000"><meta itemprop="maxValue" content="75000"><meta itemprop="unitText" content="YEAR"></div>'
    )
    posting = site.read({detail: site.pages[detail].replace(b"<body>", b"<body>" + amounts)}).postings[0]
    assert posting.pay_structured == {
        "minValue": "55000",
        "maxValue": "75000",
        "currency": "GBP",
        "unitText": "YEAR",
    }


@pytest.mark.parametrize(
    ("made", "empty"),
    [
        (jobsgopublic, page("jobsgopublic.html", jobs='"x":0', refs="").replace(b'"result_count":3', b'"result_count":0')),
        (eploy, b'<Vacancies Type="Vacancies" Count="0"></Vacancies>'),
        (oleeo_feed, b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Vacancies</title></feed>'),
        (talentlink, b'<div class="Lst-Results"><p>There are currently no vacancies.</p></div>'),
        (wordpress, b"<html><body><h1>Job search</h1><p>No jobs found</p></body></html>"),
        (oleeo, b"<html><body><p>There are no current vacancies</p></body></html>"),
        (jobtrain, b"<div><p>No vacancies found</p></div>"),
        (tribepad, b"<html><body><h2>0 Search Results</h2></body></html>"),
        (successfactors, b"<html><body><p>There are currently no open positions matching.</p></body></html>"),
    ],
)  # fmt: skip
def test_a_board_that_says_it_has_nothing_is_believed(made: Callable[[], Site], empty: bytes) -> None:
    """No vacancies is something a board may say in its own words: read, without gaps."""
    site = made()
    reading = site.read({next(iter(site.pages)): empty})
    assert (reading.postings, reading.gaps) == ([], [])


@pytest.mark.parametrize(
    ("made", "good", "bad"),
    [
        (eploy, b"https://jobs.example.gov.uk/vacancies/2895/ks1-class-teacher.html", b"javascript:alert(1)"),
        (jobsgopublic, b'"path": "/job/21239"', b'"path": "javascript:alert(1)"'),
        (talentlink, b"jsoutputinitrapido.cfm?component=lay9999_jdesc100a&amp;nPostingTargetID=11", b"javascript:x"),
        (tribepad, b"/members/modules/job/detail.php?record=501", b"javascript:x('record=501')"),
    ],
)  # fmt: skip
def test_only_web_links_pass(made: Callable[[], Site], good: bytes, bad: bytes) -> None:
    """A javascript: link is refused by name, the rest is read, and the board is not whole."""
    site = made()
    reading = site.read({url: body.replace(good, bad) for url, body in site.pages.items()})
    assert len(reading.postings) == site.count - 1
    assert "not an http or https address" in reading.refused[0].why
    assert any("1 posting could not be read" in gap for gap in reading.gaps)


@every
def test_an_unknown_option_is_named(name: str) -> None:
    """A mistyped option stops the reading before anything is asked, and says what is allowed."""
    site = SITES[name]()
    for options in ({"frnt": "wordpress"}, {"front": "drupal"}, {"list": 3}, {"wvid": ["x"]}):
        with pytest.raises(ValueError, match=r"option '(frnt|front|list|wvid)'.*(its options are|allowed)"):
            next(site.adapter(Board(site.board.url, options), Reading()))


def test_itrent_needs_its_web_view() -> None:
    """Without WVID in the address the option is asked for; with it, the same list is read."""
    site = itrent()
    tenant = f"{HOST}/ce0001li_webrecruitment"
    with pytest.raises(ValueError, match="needs the option 'wvid'"):
        next(read_itrent(Board(tenant), Reading()))
    with pytest.raises(ValueError, match="_webrecruitment"):
        next(read_itrent(Board(HOST, {"wvid": "2486049XkB"}), Reading()))
    site.board = Board(tenant, {"wvid": "2486049XkB"})
    assert len(site.read().postings) == 3


# ---------------------------------------------------------------- any bytes


@every
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_bytes_raise_anything_else(name: str, data: st.DataObject) -> None:
    """Pages cut, spliced, bent and random: postings, gaps or NotABoard, never another exception."""
    site = SITES[name]()
    url = data.draw(st.sampled_from(sorted(site.pages)))
    body = bytearray(site.pages[url])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        junk = data.draw(
            st.binary(max_size=20)
            | st.sampled_from(
                [b"<div>" * 50, b"\xff\xfe", b"&#x110000;", b"NaN", b"</script>", b"<!--", b"[" * 3000]
            )
        )
        body[at : at + data.draw(st.integers(0, 40))] = junk
    changed = bytes(body) if data.draw(st.booleans()) else data.draw(st.binary(max_size=300))
    try:
        reading = site.read({url: changed})
    except NotABoard:
        return
    assert all(posting.url.startswith(("http://", "https://")) for posting in reading.postings)


@every
@pytest.mark.parametrize(
    "body", [b"<div>" * 200_000, b"[" * 100_000, b'{"a":' * 100_000, b" " * (MAX_BODY + 1), b"+ADw-\xd8\x00" * 99]
)  # fmt: skip
def test_hostile_bodies_are_refused(name: str, body: bytes) -> None:
    """Nesting, size and strange encodings end in a clear reason."""
    site = SITES[name]()
    with pytest.raises(NotABoard):
        site.read({next(iter(site.pages)): body})


def test_addresses_are_quoted_as_asked() -> None:
    """A search with spaces and commas is asked as a browser would ask it."""
    site = jobsgopublic()
    site.read()
    assert site.asked[0].url.endswith(f"geo_location=London{quote(',')}+UK")
