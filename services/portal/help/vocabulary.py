"""The words that people choose from on these pages. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from loti_contracts.vocabulary import LEVELS, Authority, authorities, standard_roles


def roles_by_family() -> Mapping[str, Sequence[str]]:
    """The standard roles of each family, in the framework's order."""
    found: dict[str, list[str]] = {}
    for role in standard_roles().values():
        found.setdefault(role.family, []).append(role.name)
    return found


def roles_to_choose(also: str | None = None) -> Sequence[str]:
    """Every standard role by the alphabet, and one that is none of them but was named before."""
    return sorted({*standard_roles(), *([also] if also else [])}, key=str.casefold)


def level_options(also: str | None = None) -> Sequence[tuple[str, str]]:
    """Every level, lowest first, and one that is none of them but was named before: what is sent, and what is read."""
    levels = [*LEVELS, *([also] if also and also not in LEVELS else [])]
    return [(level, f"{level[:1].upper()}{level[1:]}") for level in levels]


def by_name() -> Sequence[tuple[str, Authority]]:
    """The 33 authorities by the alphabet."""
    return sorted(authorities().items(), key=lambda one: one[1].name)


def example_day(today: date) -> str:
    """A day some weeks ahead as one types it: 27 3 2027."""
    day = today + timedelta(weeks=6)
    return f"{day.day} {day.month} {day.year}"
