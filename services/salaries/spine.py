"""What a spinal column point is worth: the pay spine of an area and a year, as far as it is known.

Where the points come from, and their licence, stands in `spines.json`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from loti_contracts.vocabulary import authorities

Area = Literal["inner", "outer"]


class Spine(BaseModel):
    """The points of one area from 1 April of one year to 31 March of the next, in pounds a year."""

    model_config = ConfigDict(frozen=True)

    area: Area
    begins: date = Field(alias="from")
    points: Mapping[int, int]

    @property
    def ends(self) -> date:
        """Its last day."""
        return date(self.begins.year + 1, 3, 31)


class _Spines(BaseModel):
    spines: tuple[Spine, ...]


@cache
def spines() -> Mapping[tuple[Area, int], Spine]:
    """Every spine by its area and the year in which it begins."""
    text = files("services.salaries").joinpath("spines.json").read_text(encoding="utf-8")
    read = _Spines.model_validate_json(text).spines
    return MappingProxyType({(spine.area, spine.begins.year): spine for spine in read})


def spine_of(gss_codes: Iterable[str], day: date) -> Spine | str:
    """The spine that these authorities pay by on that day, or why it is not known.

    Boroughs choose their spine. One that is inner London (or outer) both by the ONS and by the London Government
    Act 1963 is taken to use that one; of the four on which these differ it is not known.
    """
    known = [authorities().get(gss) for gss in gss_codes]
    areas = {one.area if one and one.area == one.statutory_area else None for one in known}
    area = areas.pop() if len(areas) == 1 else None
    if area is None:
        return "which pay spine its authority uses is not known"
    year = day.year if day >= date(day.year, 4, 1) else day.year - 1
    return spines().get((area, year)) or f"the {area} London pay spine of {year} is not known"
