"""The vendors whose boards answer in JSON: what they count is checked, and what is missing or broken is said."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import Ask, Board, Missed, NotABoard, Page, Reading
from services.ingest.boards.smartrecruiters import smartrecruiters
from services.ingest.boards.taleo import taleo
from services.ingest.boards.teamtailor import teamtailor
from services.ingest.pay import read_structured_pay
from tests.ingest.asking import converse, fixture
from tests.ingest.ats_boards import HOST, VENDORS, Vendor, each

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
