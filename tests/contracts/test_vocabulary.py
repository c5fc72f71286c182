"""The published vocabularies: whole, attributed, and the same for every service."""

import json
from importlib.resources import files

import pytest

from loti_contracts.vocabulary import ATTRIBUTION, FAMILIES, LEVELS, authorities, rank, standard_roles


def test_there_are_33_authorities_by_gss_code() -> None:
    """Every London authority is here once, under the code the ONS gives it."""
    assert list(authorities()) == [f"E090000{number:02d}" for number in range(1, 34)]
    assert all(gss == authority.gss for gss, authority in authorities().items())
    assert authorities()["E09000012"].name == "Hackney"


def test_inner_and_outer_london_are_those_of_the_ons() -> None:
    """The ONS counts 14 inner and 19 outer authorities; the 1963 Act differs for three boroughs and the City."""
    outer = {a.name for a in authorities().values() if a.area == "outer"}
    assert len(outer) == 19
    differs = {a.name for a in authorities().values() if a.area != a.statutory_area}
    assert differs == {"Greenwich", "Haringey", "Newham", "City of London"}


def test_every_role_has_a_family_a_description_and_skills() -> None:
    """A role can be explained to a hiring manager without looking elsewhere."""
    roles = standard_roles()
    assert len(FAMILIES) == 8
    assert {role.family for role in roles.values()} == set(FAMILIES)
    for name, role in roles.items():
        assert name == role.name
        assert role.description
        assert role.skills
        assert all(rung.level in LEVELS for rung in role.levels)


def test_soc_codes_are_it_unit_groups_where_given() -> None:
    """A SOC 2020 code is four digits, and is left out rather than guessed."""
    codes = {role.soc2020 for role in standard_roles().values() if role.soc2020}
    assert codes <= {
        "1137",
        "2131",
        "2132",
        "2133",
        "2134",
        "2135",
        "2136",
        "2137",
        "2141",
        "2142",
        "3132",
        "3544",
    }
    assert standard_roles()["Software developer"].soc2020 == "2134"
    assert standard_roles()["Service owner"].soc2020 is None


def test_levels_are_ordered() -> None:
    """Levels compare by rank, lowest first."""
    assert [rank(level) for level in LEVELS] == list(range(8))
    assert rank("trainee") < rank("associate") < rank("practitioner") < rank("senior") < rank("lead")
    with pytest.raises(ValueError):
        rank("manager")  # type: ignore[arg-type]


def test_vocabularies_cannot_be_changed_by_a_caller() -> None:
    """What one service reads, another cannot have altered."""
    with pytest.raises(TypeError):
        authorities()["E09000001"] = authorities()["E09000002"]  # type: ignore[index]
    assert standard_roles() is standard_roles()


@pytest.mark.parametrize("name", ["gdad_roles.json", "authorities.json"])
def test_the_licence_travels_with_the_data(name: str) -> None:
    """Open Government Licence data is never published without its attribution."""
    document = json.loads(files("loti_contracts.vocabulary").joinpath(name).read_text(encoding="utf-8"))
    assert "Open Government Licence v3.0" in document["attribution"]
    assert "Open Government Licence v3.0" in document["licence"]
    assert "Open Government Licence v3.0" in ATTRIBUTION
