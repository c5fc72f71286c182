"""The vendors that councils buy their boards from: each is read from its own pages."""

import json
from collections.abc import Callable

import pytest

from services.ingest.boards.adapter import Board
from services.ingest.boards.posting import NotABoard
from tests.ingest.vendor_pages.council_sites import (
    HOST,
    SITES,
    Site,
    eploy,
    every,
    first,
    itrent,
    jobsgopublic,
    jobtrain,
    oleeo,
    oleeo_feed,
    page,
    successfactors,
    successfactors_tiles,
    talentlink,
    tribepad,
    tribepad_older,
    wordpress,
)

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
