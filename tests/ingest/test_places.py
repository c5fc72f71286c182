"""Where a job is: a postcode district or a name decides, or nothing does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import authorities
from services.ingest import places
from services.ingest.places import authorities_at

ALL = tuple(authorities())
BY_NAME = {authority.name: authority.gss for authority in authorities().values()}
DISTRICTS = [
    (district, name) for name, districts in places._DISTRICTS.items() for district in districts.split()
]


def at(location: str | None, among: tuple[str, ...] = ALL) -> list[str]:
    """The names of the authorities there."""
    return [authority.name for authority in authorities_at(location, among=among)]


def test_every_district_is_in_exactly_one_authority() -> None:
    """No postcode district is listed twice, and each of the 33 authorities has at least one."""
    assert max(Counter(district for district, _ in DISTRICTS).values()) == 1
    assert set(places._DISTRICTS) == set(BY_NAME)


@pytest.mark.parametrize(("district", "name"), DISTRICTS)
def test_a_postcode_decides(district: str, name: str) -> None:
    """A postcode in a district gives its authority, in any case, with or without its space, whatever else is said."""
    for postcode in (f"{district} 1AA", f"{district}1AA", f"{district.lower()} 9zz"):
        assert at(f"The Old Town Hall, London, {postcode}, UK") == [name]


@pytest.mark.parametrize(
    ("location", "names"),
    [
        ("Mare Street, London E8 1EA", ["Hackney"]),
        ("5 Pancras Square, London, N1C 4AG", ["Camden"]),
        ("London, W1T 1BB", ["Camden"]),
        ("London, W1U 4PH", ["Westminster"]),
        ("Fishmongers' Hall, EC4R 9EL", ["City of London"]),
        ("Lewisham, SE6 4RU and Croydon, CR0 1EA", ["Croydon", "Lewisham"]),
        ("Twickenham (TW1 3BZ), Richmond upon Thames", ["Richmond upon Thames"]),
        ("Barking and Dagenham", ["Barking and Dagenham"]),
        ("High Barnet", ["Barnet"]),
        ("London, SE24 0AA", []),
        ("NW9 5BG", []),
        ("Manchester, M1 1AE", []),
        ("Suttonville", []),
        ("London", []),
        ("", []),
        (None, []),
    ],
)
def test_known_places(location: str | None, names: list[str]) -> None:
    """A postcode counts before a name; shared districts, half words and places elsewhere decide nothing."""
    assert at(location) == names


def test_only_the_boards_own_authorities_are_answers() -> None:
    """A place outside the board's boroughs is nobody's, unless the text names one of them."""
    own = (BY_NAME["Lewisham"], BY_NAME["Croydon"])
    assert at("Camden, NW1 9LN", own) == []
    assert at("Lewisham staff at NW1 9LN", own) == ["Lewisham"]
    assert at("Lewisham, SE6 4RU", ()) == []


@given(
    st.one_of(st.none(), st.text(), st.from_regex(r"[A-Za-zß]{0,3}[0-9]{0,3}[A-Z]? ?[0-9٠-٩][A-Z]{2}")),
    st.lists(st.one_of(st.sampled_from(ALL), st.text(max_size=9)), max_size=5),
)
def test_a_lookup_never_raises(location: str | None, among: list[str]) -> None:
    """Whatever the text, the answer is some of the authorities that were asked for."""
    assert {authority.gss for authority in authorities_at(location, among=among)} <= set(among)
