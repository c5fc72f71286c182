"""The vendors whose boards answer in JSON: what they print is read, what they count is checked, what is broken is said."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.boards import Adapter, Ask, Board, Missed, NotABoard, Page, Posting, Reading
from services.ingest.boards.greenhouse import greenhouse
from services.ingest.boards.lever import lever
from services.ingest.boards.oracle import oracle
from services.ingest.boards.smartrecruiters import smartrecruiters
from services.ingest.boards.taleo import taleo
from services.ingest.boards.teamtailor import teamtailor
from services.ingest.boards.workable import workable
from services.ingest.boards.workday import workday
from services.ingest.pay import read_structured_pay
from tests.ingest.asking import converse, fixture, told

HOST = "https://ats.example.org"
REST = f"{HOST}/hcmRestApi/resources/latest"
LIST = f"{REST}/recruitingCEJobRequisitions?onlyData=true&expand=requisitionList.secondaryLocations&finder=findReqs;siteNumber=CX_1,limit=25,offset="
DETAIL = f"{REST}/recruitingCEJobRequisitionDetails?onlyData=true&expand=all&finder=ById;Id=%22{{}}%22,siteNumber=CX_1"
SMART = f"{HOST}/v1/companies/acme/postings"
CXS = f"{HOST}/wday/cxs/acme/careers"
SEARCH = f"{HOST}/careersection/rest/jobboard/searchjobs?lang=en&portal=101"


@dataclass(frozen=True)
class Vendor:
    """One vendor: its adapter, the options of a board, the pages by question, and where its list begins and counts."""

    adapter: Adapter
    options: Mapping[str, Any]
    first: str
    pages: Mapping[str, str]
    counted: bool = True
    keys: tuple[str, str] = ("", "")
    later: tuple[str, ...] = field(default_factory=tuple)

    def read(
        self, changed: Mapping[str, bytes | None] | None = None, asked: list[Ask] | None = None
    ) -> Reading:
        bodies = {name: fixture(f"{page}.json") for name, page in self.pages.items()}
        for name, body in (changed or {}).items():
            bodies.pop(name, None)
            if body is not None:
                bodies[name] = body
        return converse(self.adapter, Board(HOST + "/", self.options), told(bodies), asked)

    def json(self, name: str) -> Any:
        return json.loads(fixture(f"{self.pages[name]}.json"))


VENDORS = {
    "greenhouse": Vendor(
        greenhouse,
        {"board": "acme"},
        f"{HOST}/v1/boards/acme/jobs?content=true",
        {f"{HOST}/v1/boards/acme/jobs?content=true": "greenhouse"},
        keys=("4011", "4012"),
    ),
    "lever": Vendor(
        lever,
        {"org": "acme"},
        f"{HOST}/v0/postings/acme?mode=json",
        {f"{HOST}/v0/postings/acme?mode=json": "lever"},
        counted=False,
        keys=("0a1b2c3d-0001", "0a1b2c3d-0002"),
    ),
    "workable": Vendor(
        workable,
        {"account": "acme"},
        f"{HOST}/api/v1/widget/accounts/acme",
        {
            f"{HOST}/api/v1/widget/accounts/acme": "workable",
            f"{HOST}/api/v2/accounts/acme/jobs/AB12CD": "workable_job",
            f"{HOST}/api/v2/accounts/acme/jobs/EF34GH": "workable_job_2",
        },
        counted=False,
        keys=("AB12CD", "EF34GH"),
        later=(f"{HOST}/api/v2/accounts/acme/jobs/EF34GH",),
    ),
    "smartrecruiters": Vendor(
        smartrecruiters,
        {"company": "acme"},
        f"{SMART}?limit=100&offset=0",
        {
            f"{SMART}?limit=100&offset=0": "smartrecruiters",
            f"{SMART}?limit=100&offset=1": "smartrecruiters_2",
            f"{SMART}/744000001": "smartrecruiters_job",
            f"{SMART}/744000002": "smartrecruiters_job_2",
        },
        keys=("744000001", "744000002"),
        later=(f"{SMART}?limit=100&offset=1", f"{SMART}/744000002"),
    ),
    "teamtailor": Vendor(
        teamtailor,
        {"key": "abcdefgh"},
        f"{HOST}/v1/jobs?page%5Bsize%5D=30&include=department,locations",
        {
            f"{HOST}/v1/jobs?page%5Bsize%5D=30&include=department,locations": "teamtailor",
            f"{HOST}/v1/jobs?page%5Bnumber%5D=2": "teamtailor_2",
        },
        keys=("501", "502"),
        later=(f"{HOST}/v1/jobs?page%5Bnumber%5D=2",),
    ),
    "workday": Vendor(
        workday,
        {"tenant": "acme", "site": "careers"},
        f"{CXS}/jobs#0",
        {
            f"{CXS}/jobs#0": "workday",
            f"{CXS}/jobs#1": "workday_2",
            f"{CXS}/job/London/Data-Analyst_R-0012345": "workday_job",
            f"{CXS}/job/London/GIS-Officer_R-0012346": "workday_job_2",
        },
        keys=("R-0012345", "R-0012346"),
        later=(f"{CXS}/jobs#1", f"{CXS}/job/London/GIS-Officer_R-0012346"),
    ),
    "taleo": Vendor(
        taleo,
        {"section": "ext", "portal": 101},
        f"{SEARCH}#1",
        {f"{SEARCH}#1": "taleo", f"{SEARCH}#2": "taleo_2"},
        keys=("2600012A", "2600013B"),
        later=(f"{SEARCH}#2",),
    ),
    "oracle": Vendor(
        oracle,
        {"site": "CX_1"},
        f"{LIST}0",
        {
            f"{LIST}0": "oracle",
            f"{LIST}1": "oracle_2",
            DETAIL.format("30001"): "oracle_job",
            DETAIL.format("30002"): "oracle_job_2",
        },
        keys=("30001", "30002"),
        later=(f"{LIST}1", DETAIL.format("30002")),
    ),
}
each = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())


def first(name: str) -> Posting:
    reading = VENDORS[name].read()
    assert (reading.gaps, reading.refused) == ([], [])
    return reading.postings[0]


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


# ---------------------------------------------------------------- what is missing is said


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "an empty body"),
        (b"<!doctype html><html><head><title>Sign in</title></head></html>", "a page titled 'Sign in'"),
        (b'{"error": "Job board not found"}', "the error 'Job board not found'"),
        (b'{"errors": [{"title": "Invalid API key"}]}', "the error 'Invalid API key'"),
        (b'{"status": 500}', "JSON without a list"),
        (b'"maintenance"', "JSON without a list"),
        (b"[" * 100_000, "JSON"),
        (b"\xff\xfe\x00", ""),
        (b"Service unavailable", "text that is not JSON"),
    ],
)
@each
def test_a_first_answer_of_another_kind_is_not_a_board(vendor: Vendor, body: bytes, found: str) -> None:
    """Login page, error page, empty body, JSON error: NotABoard says what came instead; never an empty board."""
    with pytest.raises(NotABoard) as refusal:
        vendor.read({vendor.first: body})
    assert found in refusal.value.found


@each
def test_a_list_that_is_cut_off_is_not_a_board(vendor: Vendor) -> None:
    """Half a JSON document says nothing about what the board has."""
    whole = fixture(f"{vendor.pages[vendor.first]}.json")
    with pytest.raises(NotABoard, match=r"cut off|not JSON"):
        vendor.read({vendor.first: whole[: len(whole) * 2 // 3]})


@pytest.mark.parametrize(
    "body", [None, b"", b"<html><title>Sign in</title>", b'{"error": "no"}', b'{"content": [']
)
@pytest.mark.parametrize("name", [name for name, vendor in VENDORS.items() if vendor.later])
def test_what_fails_later_is_a_gap_and_the_rest_is_read(name: str, body: bytes | None) -> None:
    """A later page or a detail that cannot be had leaves the other adverts readable, and the reading incomplete."""
    vendor = VENDORS[name]
    for later in vendor.later:
        reading = vendor.read({later: body})
        assert [posting.key for posting in reading.postings] == [vendor.keys[0]]
        assert reading.gaps


@pytest.mark.parametrize("name", [name for name, vendor in VENDORS.items() if vendor.counted])
def test_fewer_adverts_than_the_board_counts_is_a_gap(name: str) -> None:
    """The board's own count is held against what was listed."""
    vendor = VENDORS[name]
    body = fixture(f"{vendor.pages[vendor.first]}.json").replace(b'ount": 2', b'ount": 3')
    body = body.replace(b'otal": 2', b'otal": 3').replace(b'ound": 2', b'ound": 3')
    reading = vendor.read({vendor.first: body})
    assert len(reading.postings) == 2
    assert any("counts 3 adverts, 2 could be read" in gap for gap in reading.gaps)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("greenhouse", b'{"jobs": [], "meta": {"total": 0}}'),
        ("lever", b"[]"),
        ("workable", b'{"name": "X", "jobs": []}'),
        ("smartrecruiters", b'{"totalFound": 0, "content": []}'),
        ("teamtailor", b'{"data": [], "links": {}, "meta": {"record-count": 0}}'),
        ("workday", b'{"total": 0, "jobPostings": []}'),
        ("taleo", b'{"requisitionList": [], "pagingData": {"totalCount": 0}}'),
        ("oracle", b'{"items": [{"TotalJobsCount": 0, "requisitionList": []}]}'),
    ],
)
def test_a_board_that_says_it_has_nothing_is_whole(name: str, body: bytes) -> None:
    """An empty list that counts itself empty is something a board may say."""
    reading = VENDORS[name].read({VENDORS[name].first: body})
    assert (reading.postings, reading.gaps) == ([], [])


def test_a_closed_career_section_is_not_an_empty_one() -> None:
    """Taleo answers a wrong portal with an empty list and a flag."""
    vendor = VENDORS["taleo"]
    with pytest.raises(NotABoard, match="section and portal"):
        vendor.read({vendor.first: b'{"careerSectionUnAvailable": true, "requisitionList": []}'})


@pytest.mark.parametrize(
    ("fresh", "said"), [(False, "repeats what was listed before"), (True, "more than 50 pages")]
)
def test_lists_without_end_are_ended(fresh: bool, said: str) -> None:
    """A board that repeats its first page, or that always has another, is left with a gap."""

    def answer(ask: Ask) -> Page:
        offset = ask.url.rpartition("=")[2] if fresh else "0"
        return Page(
            ask.url,
            json.dumps({"totalFound": 10**6, "content": [{"id": offset, "name": "X"}]}).encode(),
            None,
        )

    reading = converse(smartrecruiters, Board(HOST, {"company": "acme", "details": False}), answer)
    assert any(said in gap for gap in reading.gaps)


# ---------------------------------------------------------------- bad values


def test_prices_that_are_no_numbers_are_absent() -> None:
    """NaN, Infinity, numbers beyond a double and endless ones are no pay, and cost neither the posting nor the page."""
    body = fixture("lever.json")
    for price in (b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b'"NaN"', b"true", b"{}"):
        reading = VENDORS["lever"].read(
            {VENDORS["lever"].first: body.replace(b"45000", price).replace(b"50000", price)}
        )
        assert len(reading.postings) == 2
        assert reading.postings[0].pay_structured is None
        assert not reading.gaps


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/1", 7, None, "http://["]
)
def test_only_web_links_pass(link: object) -> None:
    """An advert whose link is not http or https is refused by name; the others are read; the reading is incomplete."""
    vendor = VENDORS["lever"]
    rows = vendor.json(vendor.first)
    rows[0]["hostedUrl"] = link
    reading = vendor.read({vendor.first: json.dumps(rows).encode()})
    assert [posting.key for posting in reading.postings] == [vendor.keys[1]]
    assert "not an http or https address" in reading.refused[0].why
    assert reading.gaps == ["1 posting could not be read"]


def test_rows_without_id_or_sense_are_refused() -> None:
    """A row that is no object, one without id, and a second advert under a first one's id: each refused."""
    vendor = VENDORS["lever"]
    rows = vendor.json(vendor.first)
    rows += [None, {"text": "No id"}, {**rows[0], "text": "Another job"}, rows[0]]
    reading = vendor.read({vendor.first: json.dumps(rows).encode()})
    assert len(reading.postings) == 2
    assert [refused.where for refused in reading.refused] == ["advert 3", "advert 4", "advert 5"]
    assert reading.gaps == ["3 postings could not be read"]


def test_script_and_wrong_charset_do_no_harm() -> None:
    """Script in a title is dropped; a body in Windows-1252 is read as it was meant."""
    vendor = VENDORS["greenhouse"]
    body = fixture("greenhouse.json").replace(b"Data Engineer", b"Data<script>alert(1)</script> Engineer")
    assert vendor.read({vendor.first: body}).postings[0].title == "Data Engineer"
    narrow = fixture("greenhouse.json").decode().encode("cp1252")
    assert vendor.read({vendor.first: narrow}).postings[1].pay_text == "£52,413 - £55,455"


# ---------------------------------------------------------------- options


@each
def test_options_are_checked_when_the_conversation_begins(vendor: Vendor) -> None:
    """A missing, unknown or senseless option is named, with what is allowed, before anything is asked."""
    for name in vendor.options:
        if (name, vendor.adapter) == ("portal", taleo):
            continue
        rest = {other: value for other, value in vendor.options.items() if other != name}
        with pytest.raises(ValueError, match=f"the option '{name}' is missing; it is "):
            next(vendor.adapter(Board(HOST, rest), Reading()))
        for bad in ("", "a b/../c", ["x"], 1.5):
            with pytest.raises(ValueError, match=f"the option '{name}' must be "):
                next(vendor.adapter(Board(HOST, {**vendor.options, name: bad}), Reading()))
    with pytest.raises(ValueError, match="there is no option 'bord'; allowed are "):
        next(vendor.adapter(Board(HOST, {**vendor.options, "bord": "x"}), Reading()))


def test_a_key_is_never_printed() -> None:
    """A key that is not allowed is not repeated in the message, which is logged."""
    with pytest.raises(ValueError) as refusal:
        next(teamtailor(Board(HOST, {"key": "se cret"}), Reading()))
    assert "se cret" not in str(refusal.value)


# ---------------------------------------------------------------- anything at all

_SCRAPS: list[object] = [
    None,
    True,
    -1,
    10**400,
    "",
    "javascript:x",
    "\ud800\x00",
    "<b>" * 40,
    [],
    {},
    [[None]],
    "https://[",
    "/../..//x?#%zz",
]


def _mutated(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.06:
        return chance.choice(_SCRAPS)
    if isinstance(value, dict):
        return {name: _mutated(item, chance) for name, item in value.items() if chance.random() > 0.04}
    if isinstance(value, list):
        return [_mutated(item, chance) for item in value]
    return value


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode().replace(str(10**400).encode(), b"1" * 5000)


def _safe(read: Callable[[], Reading]) -> None:
    try:
        reading = read()
    except NotABoard as refusal:
        assert str(refusal).startswith("expected ")  # noqa: PT017
        return
    for posting in reading.postings:
        assert posting.title
        assert posting.url.startswith(("http://", "https://"))
        assert "\x00" not in repr(posting).encode().decode()
        json.dumps(posting.pay_structured, allow_nan=False)
        read_structured_pay(posting.pay_structured, text=posting.pay_text)
    assert not reading.refused or reading.gaps


@each
@given(seed=st.integers(0, 2**32), raw=st.none() | st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_but_not_a_board_is_ever_raised(vendor: Vendor, seed: int, raw: bytes | None) -> None:
    """Whatever the vendor's answers turn into, there is a reading or NotABoard, and what is read can be stored."""
    chance = random.Random(seed)
    bodies: dict[str, bytes | None] = {}
    for name, page in vendor.pages.items():
        whole = fixture(f"{page}.json")
        kind = chance.randrange(5)
        if kind < 3:
            bodies[name] = _dumped(_mutated(json.loads(whole), chance))
        elif kind == 3:
            at = chance.randrange(len(whole))
            bodies[name] = whole[:at] + bytes([chance.randrange(256)]) + whole[at + chance.randrange(9) :]
        elif raw is not None:
            bodies[name] = raw
    _safe(lambda: vendor.read(bodies))


@each
def test_a_missed_first_answer_ends_quietly(vendor: Vendor) -> None:
    """Should the first question be missed after all, that is a gap."""
    reading = converse(
        vendor.adapter, Board(HOST, vendor.options), lambda ask: Missed(ask.url, f"{ask.url}: away")
    )
    assert reading.postings == []
    assert reading.gaps
