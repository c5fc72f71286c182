"""How the cells of a spreadsheet of supporters are read. A ValueError says what is wrong and how to write it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, get_args

from loti_contracts.events import HelpKind, Purpose
from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.matching.names import key

KINDS: tuple[str, ...] = get_args(HelpKind)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in allowed:
            raise ValueError(f"is {cell!r}; it may be {', '.join(allowed)}")
        return cell

    return read


def _each_of(what: str, allowed: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    by_key = {key(name): name for name in allowed}

    def read(cell: str) -> tuple[str, ...]:
        for name in _list(cell):
            if key(name) not in by_key:
                near = get_close_matches(key(name), by_key, n=1)
                like = f"; did you mean {by_key[near[0]]}?" if near else ""
                raise ValueError(f"{name!r} is no {what}{like}")
        return tuple(by_key[key(name)] for name in _list(cell))

    return read


def _borough(cell: str) -> str:
    by_name = {key(one.name): gss for gss, one in authorities().items()} | {
        key(gss): gss for gss in authorities()
    }
    if key(cell) not in by_name:
        near = get_close_matches(key(cell), by_name, n=1)
        like = f"; did you mean {authorities()[by_name[near[0]]].name}?" if near else ""
        raise ValueError(f"{cell!r} is no London authority{like}")
    return by_name[key(cell)]


def _number(cell: str) -> int:
    if not cell.isdigit():
        raise ValueError(f"is {cell!r}; write a whole number")
    return int(cell)


def _spans(cell: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "first": _date(match["first"]),
            "last": _date(match["last"]),
            "capacity": int(match["capacity"]) if match["capacity"] else None,
        }
        for match in _matches(
            cell,
            r"(?P<first>[\d-]*)\s*\.\.\s*(?P<last>[\d-]*)(?:\s*=\s*(?P<capacity>\d+))?",
            "write 2026-12-01..2027-03-31, or 2026-12-01..2027-03-31=2 for two at a time; either end may be left out",
        )
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"{text!r} is no date; write it as 2026-12-01") from error


def _evidence(cell: str) -> tuple[dict[str, Any], ...]:
    found = _matches(
        cell, r"(?P<what>.+?):\s*(?P<good>\d+)\s*/\s*(?P<of>\d+)", "write `roles filled in 2025: 12/15`"
    )
    return tuple({"what": one["what"], "good": int(one["good"]), "of": int(one["of"])} for one in found)


def _ratings(cell: str) -> tuple[dict[str, Any], ...]:
    found = _matches(
        cell,
        r"(?P<by>.+?):\s*(?P<got>\d+(?:\.\d+)?)\s*/\s*(?P<best>\d*[1-9]\d*)(?:\s*of\s*(?P<reviews>\d+))?",
        "write `employers: 3.5/4 of 40`, the rating, the best rating and the number of reviews",
    )
    return tuple(
        {"by": one["by"], "score": float(one["got"]) / int(one["best"]), "reviews": int(one["reviews"] or 1)}
        for one in found
    )


def _departments(cell: str) -> tuple[dict[str, Any], ...]:
    found = _matches(
        cell,
        r"(?P<name>[^\[:]+?)\s*(?:\[(?P<students>\d+)\])?\s*(?::\s*(?P<specialisms>.*))?",
        "write `Statistics [3]: survey design, Bayesian methods`, the PhD students in brackets",
    )
    return tuple(
        {
            "name": one["name"],
            "phd_students": int(one["students"]) if one["students"] else None,
            "specialisms": tuple(
                part.strip() for part in (one["specialisms"] or "").split(",") if part.strip()
            ),
        }
        for one in found
    )


def _matches(cell: str, pattern: str, how: str) -> list[re.Match[str]]:
    found = []
    for part in _list(cell):
        match = re.fullmatch(pattern, part)
        if match is None:
            raise ValueError(f"{part!r} cannot be read; {how}")
        found.append(match)
    return found


_role_names = tuple(standard_roles())
COLUMNS: Mapping[str, Callable[[str], Any]] = {
    "id": str,
    "kind": _one_of(KINDS),
    "status": _one_of(("listed", "withdrawn")),
    "name": str,
    "email": str,
    "organisation": str,
    "contact_id": str,
    "own_borough": _borough,
    "offers": _each_of("purpose", get_args(Purpose)),
    "roles": _each_of("standard role", _role_names),
    "families": _each_of("role family", FAMILIES),
    "skills": _list,
    "level": _one_of(LEVELS),
    "languages": _list,
    "capacity": _number,
    "available": _spans,
    "not_for": lambda cell: tuple(map(_borough, _list(cell))),
    "prefers_boroughs": lambda cell: tuple(map(_borough, _list(cell))),
    "prefers_families": _each_of("role family", FAMILIES),
    "prefers_roles": _each_of("standard role", _role_names),
    "departments": _departments,
    "standards": _list,
    "ratings": _ratings,
    "evidence": _evidence,
}
"""The columns of the file, and how a cell that is not empty is read. Lists are split by `;`."""
