"""The standard roles: the UK Government Digital and Data Profession Capability Framework (GDaD).

Crown copyright, Open Government Licence v3.0. The text is verbatim and lives in `gdad_roles.json`, which
also says what was added here: our level names and the SOC 2020 unit groups.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from loti_contracts.vocabulary.levels import Level

ATTRIBUTION: Final = "Crown copyright, Open Government Licence v3.0"


class RoleLevel(BaseModel):
    """One rung of a standard role: the framework's name for it and the level it stands for."""

    model_config = ConfigDict(frozen=True)

    name: str
    level: Level


class StandardRole(BaseModel):
    """One role of the framework, the thing that pay and skills are compared by."""

    model_config = ConfigDict(frozen=True)

    name: str
    family: str
    soc2020: str | None
    """The SOC 2020 unit group, four digits; None where more than one fits."""
    description: str
    skills: tuple[str, ...]
    levels: tuple[RoleLevel, ...]
    """Empty for the four chief roles, which the framework does not divide."""


@cache
def standard_roles() -> Mapping[str, StandardRole]:
    """Every standard role by its exact name, in the framework's order."""
    text = files(__package__).joinpath("gdad_roles.json").read_text(encoding="utf-8")
    document = TypeAdapter(dict[str, object]).validate_json(text)
    families = TypeAdapter(list[dict[str, object]]).validate_python(document["families"])
    roles = [
        StandardRole.model_validate({**role, "family": family["family"]})
        for family in families
        for role in TypeAdapter(list[dict[str, object]]).validate_python(family["roles"])
    ]
    return MappingProxyType({role.name: role for role in roles})


FAMILIES: Final[tuple[str, ...]] = tuple(dict.fromkeys(role.family for role in standard_roles().values()))
"""The role families, in the framework's order."""
