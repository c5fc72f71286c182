"""The vendors that councils buy their boards from: what is no board, cut, missed or hostile is never an empty one."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards.adapter import MOST_PAGES, Board, Page, Reading
from services.ingest.boards.itrent import read_itrent
from services.ingest.boards.posting import MAX_BODY, NotABoard
from services.ingest.boards.tribepad import read_tribepad
from tests.ingest.vendor_pages.council_sites import (
    HOST,
    SITES,
    Site,
    eploy,
    every,
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
    wordpress,
)

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
        for length in sorted({*range(0, len(body) - 1, 37), *(at + 1 for at in ends)}):
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
