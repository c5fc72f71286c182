"""The 33 London local authorities, by the GSS code that names each for ever.

ONS geography codes, Open Government Licence v3.0; `authorities.json` carries the attribution and the notes on
the two definitions of inner and outer London.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

Area = Literal["inner", "outer"]


class Authority(BaseModel):
    """One London borough, or the City of London Corporation."""

    model_config = ConfigDict(frozen=True)

    gss: str
    name: str
    area: Area
    """Inner or outer London as the ONS draws it; it does not settle which pay spine the borough uses."""
    statutory_area: Area | None
    """As the London Government Act 1963 draws it; None for the City of London, which is in neither list."""


@cache
def authorities() -> Mapping[str, Authority]:
    """Every authority by GSS code, E09000001 to E09000033."""
    text = files(__package__).joinpath("authorities.json").read_text(encoding="utf-8")
    document = TypeAdapter(dict[str, object]).validate_json(text)
    rows = TypeAdapter(list[Authority]).validate_python(document["authorities"])
    return MappingProxyType({authority.gss: authority for authority in rows})
