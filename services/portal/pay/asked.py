"""What somebody looks for in the pay explorer, and how it stands in an address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar
from urllib.parse import urlencode

from loti_contracts.vocabulary import LEVELS, standard_roles

Area = Literal["inner", "outer", "london"]
Period = Literal["year", "day"]
T = TypeVar("T", bound=str)

EVERY_LEVEL: Final[Mapping[str, str]] = {"all": "All levels"} | {
    level: level.capitalize() for level in LEVELS
}
AREAS: Final[Mapping[Area, str]] = {"london": "All London", "inner": "Inner London", "outer": "Outer London"}
PERIODS: Final[Mapping[Period, str]] = {"year": "Salaries, £ a year", "day": "Day rates, £ a day"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`role` None: every role, at `level`. With a role, `level` None: every level of it. `hints` say what could not be
    read, and was left out."""

    role: str | None = None
    level: str | None = None
    area: Area = "london"
    period: Period = "year"
    hints: tuple[str, ...] = ()

    @property
    def complaint(self) -> str:
        """The same, said to a program, which gets nothing instead."""
        return " ".join(hint.replace(", so it was left out", "") for hint in self.hints)

    def address(self, path: str = "/pay", *, whole: bool = False, **other: str) -> str:
        """The address of the same question, or of one that differs in `other`. `whole`: what is usual is named too."""
        words = {
            "role": self.role or "",
            "level": self.level or "",
            "area": self.area,
            "period": self.period,
        } | other
        told = {
            name: value
            for name, value in words.items()
            if value and (whole or value not in ("london", "year"))
        }
        return f"{path}?{urlencode(told)}" if told else path


def asked(query: Mapping[str, str]) -> Asked:
    """Read it from an address. What is unknown there is left out, and a hint says so."""
    hints: list[str] = []
    role = _one_of("role", query, {name.casefold(): name for name in standard_roles()}, hints)
    level = _one_of("level", query, {name: name for name in EVERY_LEVEL}, hints)
    area = _one_of("area", query, {name: name for name in AREAS}, hints)
    period = _one_of("period", query, {name: name for name in PERIODS}, hints)
    return Asked(role, level, area or "london", period or "year", tuple(hints))


def _one_of(name: str, query: Mapping[str, str], known: Mapping[str, T], hints: list[str]) -> T | None:
    said = query.get(name, "").strip()
    if not said:
        return None
    found = known.get(said.casefold())
    if found is None:
        what = {"role": "standard role"}.get(name, name)
        hints.append(f"There is no {what} “{said[:60]}”, so it was left out.")
    return found
