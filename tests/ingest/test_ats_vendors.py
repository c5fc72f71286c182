"""The vendors whose boards answer in JSON: what they print is read."""

import json

import pytest

from services.ingest.boards import Ask, Board, Reading
from services.ingest.boards.greenhouse import greenhouse
from services.ingest.boards.workday import workday
from services.ingest.pay import read_structured_pay
from tests.ingest.asking import converse, fixture, told
from tests.ingest.ats_boards import HOST, VENDORS, Vendor, each, first

# ---------------------------------------------------------------- what is read


@each
def test_a_board_is_read_whole_with_the_vendors_own_ids(vendor: Vendor) -> None:
    """All pages and details of a whole board are read, nothing is refused, and the keys are the vendor's."""
    reading = vendor.read()
    assert (reading.gaps, reading.refused) == ([], [])
    assert tuple(posting.key for posting in reading.postings) == vendor.keys
    assert len({posting.url for posting in reading.postings}) == 2


def test_greenhouse_text_is_unescaped_and_own_fields_give_pay() -> None:
    """Escaped HTML becomes plain text; the employer's own Salary field is pay, as a range and as words."""
    one, two = VENDORS["greenhouse"].read().postings
    assert one.description == "You will build pipelines & look after them. Closing date: 30 November 2026"
    assert (one.employer, one.location, one.department) == (
        "Borough of Examples",
        "London E8",
        "Digital and Data",
    )
    assert (one.posted, one.closes, one.employment_type) == (
        "2026-10-01T09:00:00+01:00",
        "30 November 2026",
        "Permanent",
    )
    assert (
        read_structured_pay(one.pay_structured).minimum,
        read_structured_pay(one.pay_structured).maximum,
    ) == (48156, 51120)
    assert (two.pay_text, two.pay_structured) == ("£52,413 - £55,455", None)


def test_lever_range_and_moment_are_read() -> None:
    """salaryRange with its interval is understood as pay; milliseconds become a date; lists join the text."""
    posting = first("lever")
    pay = read_structured_pay(posting.pay_structured)
    assert (pay.minimum, pay.maximum, pay.period) == (45000, 50000, "year")
    assert posting.posted == "2026-10-01T10:00:00+00:00"
    assert posting.description == "You will research and prototype. What you bring Curiosity Ask us anything."
    assert (posting.location, posting.department, posting.employment_type) == (
        "London, Remote",
        "Digital, Design",
        "Full-time",
    )


def test_workable_places_are_gathered_and_the_body_is_the_details() -> None:
    """A job that is listed once a place is one posting; its body, and the salary line in it, come from the detail."""
    one, two = VENDORS["workable"].read().postings
    assert one.location == "London, United Kingdom, Croydon, United Kingdom"
    assert (one.pay_text, one.employer) == ("£41,442 to £44,428", "Borough of Examples")
    assert one.description == "You will map how work is done. Salary: £41,442 to £44,428 Patience."
    assert two.url == f"{HOST}/acme/j/EF34GH/"


def test_smartrecruiters_sections_are_the_text() -> None:
    """jobAd.sections are read in a reader's order, beside the list's own facts."""
    posting = first("smartrecruiters")
    assert posting.description == "You will run our platforms. Salary: £55,000 Care."
    assert (posting.pay_text, posting.location, posting.employment_type) == (
        "£55,000",
        "London, England",
        "Full-time",
    )
    assert posting.url == "https://jobs.example.org/acme/744000001-cloud-engineer"


def test_teamtailor_is_asked_with_its_key_and_names_come_along() -> None:
    """Every page is asked with the key and version; department and place are found among what came along."""
    asked: list[Ask] = []
    posting = VENDORS["teamtailor"].read(asked=asked).postings[0]
    assert all(("Authorization", "Token token=abcdefgh") in ask.headers for ask in asked)
    assert all(("X-Api-Version", "20210218") in ask.headers for ask in asked)
    assert (posting.department, posting.location) == ("Digital", "Town Hall")
    pay = read_structured_pay(posting.pay_structured)
    assert (pay.minimum, pay.maximum, pay.period) == (40000, 44000, "year")


def test_teamtailors_key_goes_to_no_other_host() -> None:
    """A next page elsewhere is a gap, and is not asked for."""
    vendor = VENDORS["teamtailor"]
    page = vendor.json(vendor.first) | {"links": {"next": "https://elsewhere.example.org/v1/jobs"}}
    asked: list[Ask] = []
    reading = vendor.read({vendor.first: json.dumps(page).encode()}, asked)
    assert len(asked) == 1
    assert "not on the board's own host" in reading.gaps[0]


def test_workday_is_posted_and_its_words_are_kept() -> None:
    """The search is a POST of twenty; a detail without a date leaves "Posted Today" as it is; paths make addresses."""
    asked: list[Ask] = []
    one, two = VENDORS["workday"].read(asked=asked).postings
    assert (asked[0].method, json.loads(asked[0].body or b"")) == (
        "POST",
        {"appliedFacets": {}, "limit": 20, "offset": 0, "searchText": ""},
    )
    assert (one.posted, one.closes, one.pay_text) == ("2026-10-09", "2026-11-20", "£38,226 per annum")
    assert (one.location, one.employment_type, one.employer) == (
        "London SE1, Home",
        "Full time",
        "Borough of Examples",
    )
    assert (two.posted, two.location) == ("Posted Today", "2 Locations")
    assert two.url == f"{HOST}/careers/job/London/GIS-Officer_R-0012346"


def test_workday_without_details_is_one_question_a_page() -> None:
    """`details: no` reads the list alone, under the same keys."""
    vendor = VENDORS["workday"]
    asked: list[Ask] = []
    pages = {name: fixture(f"{page}.json") for name, page in vendor.pages.items()}
    reading = converse(workday, Board(HOST, {**vendor.options, "details": False}), told(pages), asked)
    assert len(asked) == 2
    assert tuple(posting.key for posting in reading.postings) == vendor.keys
    assert reading.postings[0].posted == "Posted 3 Days Ago"


def test_taleo_reads_named_fields_and_bare_columns() -> None:
    """Rows that name their fields and rows that are columns are read alike; places within a column are unpacked."""
    one, two = VENDORS["taleo"].read().postings
    assert (one.title, one.location, one.posted, one.closes) == (
        "Systems Administrator",
        "London",
        "1 Oct 2026",
        "1 Dec 2026",
    )
    assert (two.title, two.location, two.posted) == (
        "Network Engineer",
        "GB-London, GB-Croydon",
        "2 Oct 2026",
    )
    assert one.url == f"{HOST}/careersection/ext/jobdetail.ftl?lang=en&job=2600012A"


def test_oracle_reads_list_and_detail() -> None:
    """Dates and places of the list, text and department of the detail; the short text where the detail has none."""
    one, two = VENDORS["oracle"].read().postings
    assert (one.posted, one.closes) == ("2026-10-10", "2026-11-30")
    assert one.location == "London, United Kingdom, Croydon, United Kingdom"
    assert (one.description, one.department) == (
        "You will decide how systems fit. Clear writing.",
        "Technology",
    )
    assert two.description == "Break things kindly."
    assert one.url == f"{HOST}/hcmUI/CandidateExperience/en/sites/CX_1/job/30001"


@pytest.mark.parametrize(
    ("url", "asked_for"),
    [
        (f"{HOST}/x/as/greenhouse", f"{HOST}/x/as/greenhouse/v1/boards/acme/jobs?content=true"),
        (f"{HOST}/v1/boards/acme/jobs?content=true", f"{HOST}/v1/boards/acme/jobs?content=true"),
    ],
)
def test_a_board_may_be_named_by_its_host_or_by_its_list(url: str, asked_for: str) -> None:
    """The board's address may be where the API begins, or the list itself."""
    (ask,) = next(greenhouse(Board(url, {"board": "acme"}), Reading()))
    assert ask.url == asked_for
