"""An item as a person writes it: a few facts between two lines of dashes, and the text in Markdown below. Pure.

---
kind: case study
title: One data platform for two boroughs
summary: How two boroughs built one platform.
standard_roles: Data engineer; Data architect
boroughs: Hackney; Camden
licence: OGL-UK-3.0
---

## What we did
…
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from loti_contracts.events import Content, Happening, ItemKind
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles

_FENCE: Final = "---"
_KINDS: Final[tuple[str, ...]] = get_args(ItemKind)
_LONDON: Final = ZoneInfo("Europe/London")


class FileRefused(ValueError):
    """The file is no item: `problems` says why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An item as it was written."""

    kind: ItemKind
    content: Content


def read_item_file(text: str) -> ItemFile:
    """What the file says. Raises FileRefused with every problem and its line."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != _FENCE or _FENCE not in [line.strip() for line in lines[1:]]:
        raise FileRefused(
            ["line 1: the file begins with ---, then facts such as `title: …`, then --- again; see "
             "`loti library template item`"]
        )  # fmt: skip
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
    problems: list[str] = []
    facts: dict[str, Any] = {}
    where: dict[str, int] = {}
    for number, line in enumerate(lines[1:end], 2):
        _read_fact(line, number, facts, where, problems)
    if "kind" not in where:
        problems.append(f"kind is missing; it is one of {', '.join(_KINDS)}")
    if not facts.get("title") and "title" not in where:
        problems.append("title is missing")
    happening = _happening(facts, problems)
    kind = facts.pop("kind", None)
    if problems:
        raise FileRefused(problems)
    body = "\n".join(lines[end + 1 :]).strip()
    try:
        content = Content(
            **{"summary": "", **facts, "body": f"{body}\n" if body else None, "happening": happening}
        )
    except ValidationError as error:
        raise FileRefused([_told(one, where) for one in error.errors(include_url=False)]) from error
    return ItemFile(kind, content)


def _read_fact(
    line: str, number: int, facts: dict[str, Any], where: dict[str, int], problems: list[str]
) -> None:
    if not line.strip() or line.lstrip().startswith("#"):
        return
    name, colon, value = (part.strip() for part in line.partition(":"))
    read = _READERS.get(name)
    if not colon or read is None:
        problems.append(f"line {number}: {name!r} is no fact; there are {', '.join(_READERS)}")
        return
    if name in where:
        problems.append(f"line {number}: {name} is on line {where[name]} already; keep one of the two")
        return
    where[name] = number
    try:
        if value:
            facts[name] = read(value)
    except ValueError as error:
        problems.append(f"line {number}: {error}")


def _happening(facts: dict[str, Any], problems: list[str]) -> Happening | None:
    given = {name: facts.pop(name, None) for name in ("starts", "ends", "place", "online")}
    starts, ends = given["starts"], given["ends"]
    if facts.get("kind") != "event":
        if any(given.values()):
            problems.append("starts, ends, place and online belong to a file of kind event")
        return None
    if not (starts and ends):
        problems.append("an event needs starts and ends, such as `starts: 2026-12-03 10:00`")
        return None
    return Happening(starts_at=starts, ends_at=ends, place=given["place"], online=given["online"])


def _told(error: Any, where: Mapping[str, int]) -> str:
    name = str(error["loc"][0]) if error["loc"] else "the file"
    return f"line {where[name]}: {name}: {error['msg']}" if name in where else f"{name}: {error['msg']}"


def _kind(value: str) -> str:
    if value not in _KINDS:
        raise ValueError(f"{value!r} is no kind; it is one of {', '.join(_KINDS)}")
    return value


def _each(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _roles(value: str) -> tuple[str, ...]:
    by_plain = {name.casefold(): name for name in standard_roles()}
    unknown = [name for name in _each(value) if name.casefold() not in by_plain]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no standard role; several are separated by semicolons")
    return tuple(by_plain[name.casefold()] for name in _each(value))


def _levels(value: str) -> tuple[str, ...]:
    unknown = [level for level in _each(value) if level not in LEVELS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no level; it is one of {', '.join(LEVELS)}")
    return tuple(_each(value))


def _boroughs(value: str) -> tuple[str, ...]:
    return tuple(gss_of(name) for name in _each(value))


def gss_of(name: str) -> str:
    """The GSS code of an authority, given by its name or its code. Raises ValueError."""
    for gss, authority in authorities().items():
        if name.casefold() in (gss.casefold(), authority.name.casefold()):
            return gss
    raise ValueError(f"{name!r} is none of the 33 London authorities; several are separated by semicolons")


def _moment(value: str) -> datetime:
    try:
        when = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(
            f"{value!r} is no day and time; write it as 2026-12-03 10:00 (London time)"
        ) from error
    if len(value) == len(date.min.isoformat()):
        raise ValueError(f"{value!r} has no time; write it as {value} 10:00 (London time)")
    return (when if when.tzinfo else when.replace(tzinfo=_LONDON)).astimezone(UTC)


_READERS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        "kind": _kind, "title": str, "summary": str, "link": str, "licence": str, "families": lambda it: tuple(_each(it)),
        "standard_roles": _roles, "levels": _levels, "skills": lambda it: tuple(_each(it)), "boroughs": _boroughs,
        "community": str, "provider": str, "apprenticeship_standard": str, "starts": _moment, "ends": _moment,
        "place": str, "online": str,
    }
)  # fmt: skip

TEMPLATE: Final = """\
---
kind: job description
title: Senior data analyst
summary: What a senior data analyst does in a borough, and what they bring.
standard_roles: Data analyst
levels: senior
skills: Data visualisation; SQL
boroughs: Camden
licence: OGL-UK-3.0
---

## What you will do

- Build dashboards that managers use.
"""
"""A file to start from. Several values are separated by semicolons; an event takes starts, ends, place, online."""
