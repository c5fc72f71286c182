"""A search is its address: reading and writing it, and what becomes of what nobody can understand."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.portal.jobs.asked import CONTRACTS, MOST_PAGES, SORTS, STATUSES, Asked
from services.portal.jobs.asked_reading import read_asked
from services.portal.jobs.asked_words import chosen, sentence
from services.portal.jobs.subscribing import subscribe_address
from tests.portal.jobs.making import CAMDEN, HACKNEY


def _some(values: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(values)), unique=True, max_size=4).map(tuple)  # type: ignore[call-overload]


_PAY = st.none() | st.integers(0, 100_000)
_SINCE = st.none() | st.integers(1, 400) | st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def searches(draw: st.DrawFn) -> Asked:
    """Any search that can be asked for."""
    low, high = sorted((draw(_PAY), draw(_PAY)), key=lambda pay: -1 if pay is None else pay)
    if low is None and draw(st.booleans()):
        low, high = high, low
    return Asked(
        words=" ".join(draw(st.text(st.characters(exclude_categories=("C", "Z")), max_size=60)).split()),
        roles=draw(_some(standard_roles())),
        families=draw(_some(FAMILIES)),
        levels=draw(_some(LEVELS)),
        boroughs=draw(_some(authorities())),
        areas=draw(_some(("inner", "outer"))),
        contracts=draw(_some(CONTRACTS)),
        pay_from=low,
        pay_to=high,
        pay_period=draw(st.sampled_from(("year", "day"))) if (low, high) != (None, None) else "year",
        status=draw(st.sampled_from(tuple(STATUSES))),
        since=draw(_SINCE),
        sort=draw(st.none() | st.sampled_from(tuple(SORTS))),
        page=draw(st.integers(1, MOST_PAGES)),
    )


def _of(address: str) -> Asked:
    asked, hints = read_asked(parse_qsl(urlsplit(address).query))
    assert not hints
    return asked


@given(searches())
def test_an_address_is_the_search_that_wrote_it(asked: Asked) -> None:
    """Whoever keeps or sends the address of a search gets the same search, without a hint."""
    assert _of(asked.address()) == asked


@given(searches())
def test_each_thing_that_is_looked_for_can_be_taken_out_alone(asked: Asked) -> None:
    """The link at each thing leads to the first page of the search without it, and with all else."""
    narrowing = [one for one in asked.pairs() if one[0] not in ("page", "sort", "pay_period")]
    links = chosen(asked)
    assert len(links) == len(narrowing)
    for link, gone in zip(links, narrowing, strict=True):
        kept = [one for one in narrowing if one != gone]
        assert [
            one for one in _of(link.address).pairs() if one[0] not in ("page", "sort", "pay_period")
        ] == kept
        assert _of(link.address).page == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("words", "q", "borough", "pay_from", "since", "page", "sort", "x")), st.text()
        )
    )
)
def test_whatever_stands_in_an_address_something_is_looked_for(pairs: list[tuple[str, str]]) -> None:
    """No address breaks the board; what was understood is a search that can be written again."""
    asked, _ = read_asked(pairs)
    assert _of(asked.address()) == asked
    assert "\0" not in asked.words


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("borough", "Mars", "“Mars” is none of the 33 London authorities"),
        ("level", "boss", "“boss” is no level"),
        ("role", "Astronaut", "“Astronaut” is no standard role"),
        ("pay_from", "a lot", "Type it like 45000"),
        ("pay_from", "99999999999", "more than any pay"),
        ("pay_to", "-5", "is no amount of money"),
        ("since", "yesterday", "no number of days and no date like"),
        ("since", "0", "no number of days"),
        ("since", "1899-01-01", "no number of days"),
        ("page", "51", "The list ends with page 50"),
        ("page", "٣", "is no page"),
        ("status", "ajar", "is no status"),
        ("sort", "random", "is no order"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_said(name: str, text: str, says: str) -> None:
    """The hint says what was left out and what could be typed; the rest of the search stands."""
    asked, hints = read_asked([("words", "data"), (name, text)])
    assert asked == Asked(words="data")
    assert [says in hint.text for hint in hints] == [True]


def test_people_may_type_addresses_by_hand() -> None:
    """Boroughs by name, pay with a pound sign or a k, any case; a range the wrong way round is turned, and said."""
    asked, hints = read_asked(
        [
            ("borough", "hackney"),
            ("borough", CAMDEN),
            ("pay_from", "£60,000"),
            ("pay_to", "45k"),
            ("level", "SENIOR"),
        ]
    )
    assert asked == Asked(boroughs=(HACKNEY, CAMDEN), pay_from=45_000, pay_to=60_000, levels=("senior",))
    assert [hint.name for hint in hints] == ["pay_to"]


def test_a_search_is_said_in_words() -> None:
    """Headings and feeds name what is looked for as a person would."""
    asked = Asked(words="architect", boroughs=(HACKNEY,), pay_from=50_000, since=7)
    assert (
        sentence(asked)
        == "Open roles: “architect”, Hackney, pay from £50,000 a year, posted in the last week"
    )
    assert sentence(Asked()) == "Open roles"


def test_a_search_becomes_a_subscription() -> None:
    """The link carries what the search is narrowed by; not its page, order and status, and no pay by the day."""
    asked = Asked(boroughs=(HACKNEY,), pay_from=400, pay_period="day", status="all", page=3, sort="pay")
    assert subscribe_address(asked) == f"/subscribe?topic=new+role&borough={HACKNEY}"
    assert subscribe_address(Asked(pay_from=40_000)) == "/subscribe?topic=new+role&pay_from=40000"
