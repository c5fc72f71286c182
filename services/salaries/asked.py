"""Which cell a person asks for: the role, level and area as they were typed, understood or refused with what may be
said instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from loti_contracts.vocabulary import LEVELS, Level, authorities
from services.salaries.names import Understood, understand
from services.salaries.role_names import published, words

AreaAsked: TypeAlias = Literal["inner", "outer", "london"]
LevelAsked: TypeAlias = Level | Literal["all"]

AREAS: Final[tuple[AreaAsked, ...]] = get_args(AreaAsked)
_CALLED: Final = frozenset({"royal", "borough", "council", "london"})
ALL: Final = frozenset({"all", "any", "every"})


class NotUnderstood(ValueError):
    """What was asked for is not known, or could be several things. The message says what there is to choose from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that was asked for. `read_as` says how a role's name was read where it was not the standard one."""

    role: str
    level: LevelAsked
    area: AreaAsked
    read_as: str | None


def asked(role: str, level: str | None, area: str | None) -> Asked:
    """What is asked for; all levels and all London where nothing is said. Raises NotUnderstood."""
    meant = which_role(role)
    said = which_level(level) if level is not None else None
    if said is not None and meant.level is not None and said != meant.level:
        raise NotUnderstood(f"{role!r} says level {meant.level}, --level says {said}: give one of them")
    return Asked(
        role=meant.role,
        level=said or meant.level or "all",
        area=which_area(area) if area is not None else "london",
        read_as=None if meant.as_written else f"{role.strip()!r} is read as {_level_and_role(meant)}",
    )


def which_role(name: str) -> Understood:
    """The one standard role that a name means. Raises NotUnderstood with those that it may mean."""
    meant = understand(name)
    if isinstance(meant, Understood):
        return meant
    if not words(name):
        raise NotUnderstood(
            "a role's name is needed, such as 'Enterprise architect'; `loti salaries roles` lists them"
        )
    if meant.several:
        raise NotUnderstood(f"{name!r} may be {_or(meant.choices)}: say which")
    if meant.choices:
        raise NotUnderstood(
            f"{name!r} is not a standard role; the nearest: {', '.join(meant.choices)}. `loti salaries roles` lists all"
        )
    raise NotUnderstood(f"{name!r} is not a standard role, nor near one; `loti salaries roles` lists them")


def which_level(text: str) -> LevelAsked:
    """A level by its name or by another word for it (junior, snr); `all` for all. Raises NotUnderstood."""
    said = [word for word in words(text) if word != "level"]
    if len(said) == 1 and said[0] in ALL:
        return "all"
    if len(said) == 1 and said[0] in published().levels:
        return published().levels[said[0]]
    raise NotUnderstood(f"{text!r} is not a level; there are {', '.join(('all', *LEVELS))}")


def which_area(text: str) -> AreaAsked:
    """Inner, outer or all London. Raises NotUnderstood; for a borough with the area that it is in."""
    said = [word for word in words(text) if word not in {"london", "area"}]
    if not said and words(text):
        return "london"
    if len(said) == 1 and said[0] in {*ALL, "greater", "both"}:
        return "london"
    for area in AREAS:
        if said == [area]:
            return area
    named = set(words(text)) - _CALLED
    for authority in authorities().values():
        if named == set(words(authority.name)) - _CALLED:
            raise NotUnderstood(
                f"{text!r} is not an area, but it is in {authority.area} London: say --area {authority.area}"
            )
    raise NotUnderstood(f"{text!r} is not an area; there are {', '.join(AREAS)} (inner and outer together)")


def _level_and_role(meant: Understood) -> str:
    return f"{meant.role}, level {meant.level}" if meant.level else meant.role


def _or(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
