"""An employer's name means the authorities it means, and never one that only shares a word with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import authorities
from services.ingest.employers import read_authorities
from tests.effort import costs_at_most


def names(employer: str | None, default: str | None = None) -> list[str]:
    """The authorities by name, in the order read."""
    return [authority.name for authority in read_authorities(employer, default=default)]


@pytest.mark.parametrize(
    ("employer", "meant"),
    [
        ("LB Hackney", ["Hackney"]),
        ("RBKC", ["Kensington and Chelsea"]),
        ("LBHF", ["Hammersmith and Fulham"]),
        ("London Borough of Brent", ["Brent"]),
        ("Brent Council", ["Brent"]),
        ("Royal Borough of Greenwich", ["Greenwich"]),
        ("City of Westminster", ["Westminster"]),
        ("Westminster City Council", ["Westminster"]),
        ("City of London Corporation", ["City of London"]),
        ("Barking &amp; Dagenham", ["Barking and Dagenham"]),
        ("Richmond and Wandsworth councils", ["Richmond upon Thames", "Wandsworth"]),
        ("Brent, Lewisham and Southwark shared service", ["Brent", "Lewisham", "Southwark"]),
        ("Shared Technology Services", ["Brent", "Lewisham", "Southwark"]),
        ("London Boroughs of Camden and Islington", ["Camden", "Islington"]),
        (
            "City of Westminster and Royal Borough of Kensington and Chelsea",
            ["Westminster", "Kensington and Chelsea"],
        ),
        ("OneSource (Havering and Newham councils)", ["Havering", "Newham"]),
        ("London Borough of Tower Hamlets (via Deekay)", ["Tower Hamlets"]),
        ("local authority, Hillingdon (via CRA Group)", ["Hillingdon"]),
        ("RB Kingston upon Thames", ["Kingston upon Thames"]),
        ("Enfield", ["Enfield"]),
    ],
)
def test_every_way_of_naming_an_authority_is_known(employer: str, meant: list[str]) -> None:
    """Abbreviations, old titles, shared services and agencies all lead to the authorities."""
    assert names(employer) == meant


@pytest.mark.parametrize("gss", list(authorities()))
def test_each_authority_is_found_by_its_own_names(gss: str) -> None:
    """Each of the 33, alone, as a council and as a borough."""
    authority = authorities()[gss]
    for employer in (authority.name, f"{authority.name} Council", f"London Borough of {authority.name}"):
        assert [found.gss for found in read_authorities(employer)] == [gss]


@pytest.mark.parametrize(
    "employer",
    [
        "Richmond, North Yorkshire",
        "North Yorkshire Council, Richmond",
        "Kingston upon Hull City Council",
        "Westminster Abbey School",
        "University of Westminster",
        "Camden & Islington NHS Foundation Trust",
        "City of London Police",
        "Sutton Coldfield Town Council",
        "Brentwood Borough Council",
        "Richmondshire District Council",
        "Harrow School",
        "Greenwich, Connecticut",
        "Lewisham Homes",
        "Southwark Cathedral",
        "London Councils",
        "unnamed London borough",
    ],
)
def test_names_that_look_alike_mean_no_authority(employer: str) -> None:
    """A school, a trust or a town elsewhere is never taken for a borough."""
    assert names(employer) == []


def test_the_boards_own_borough_counts_where_no_employer_is_named() -> None:
    """A borough's own board need not say who the employer is; what it does say comes first."""
    assert names(None, default="E09000012") == ["Hackney"]
    assert names("  ", default="E09000012") == ["Hackney"]
    assert names("Islington Council", default="E09000012") == ["Islington"]
    assert names("Harrow School", default="E09000012") == []
    assert names("", default="E99999999") == []


@given(st.text(max_size=300) | st.text(alphabet=" ,()&-LBof", max_size=300))
def test_no_name_is_ever_an_error(employer: str) -> None:
    """Whatever is written, the answer is a list of authorities, each once."""
    found = read_authorities(employer)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("unit", [" ", "Brent ", "Brent, ", "(", "- ", "of "])
def test_a_very_long_name_takes_no_longer(unit: str) -> None:
    """20,000 characters are read in milliseconds."""
    text = (unit * 20_000)[:20_000]
    assert costs_at_most(10, lambda: read_authorities(text))
