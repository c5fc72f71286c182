"""Expectations: what one subscriber needs of the events that it reads, and where a contract does not give it. Pure.

A subscriber writes, for each event, the fields that it reads, and what it takes them for:

    system: Workforce dashboard
    events:
      london.loti.role.discovered.v1:
        role.id: string
        role.closes_on: {type: date, optional: true}
        role.status: {values: [open, closed], others: not expected}
        role.authorities[].gss: string

`optional` says that it copes with a field that is missing or null, itself or what it is in. `values` are those that it
acts on: each must be possible; with `others: not expected` nothing else may be said.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loti_contracts.evolution.cases import Case
from loti_contracts.evolution.normal import cases
from loti_contracts.evolution.schema import Schema, canonical

_FORMATS: Final = {"date", "date-time", "time", "uuid"}
_TYPES: Final = {"string", "number", "integer", "boolean", "array", "object"}
_PATH: Final = re.compile(r"\w+(\[\])*(\.\w+(\[\])*)*")


class NotAnExpectation(ValueError):
    """What was written is no expectation; the text says where, and what may stand there."""


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a subscriber reads. `path` is such as `role.authorities[].gss`."""

    path: str
    type: str | None = None
    values: tuple[Any, ...] = ()
    others_expected: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one system needs, by event."""

    system: str
    events: Mapping[str, tuple[Need, ...]]


def read_expectation(written: Any) -> Expectation:
    """An expectation as it was written in YAML or JSON. Raises NotAnExpectation."""
    if not isinstance(written, Mapping) or not isinstance(written.get("system"), str):
        raise NotAnExpectation("`system` must say whose expectation this is")
    if unknown := sorted(set(map(str, written)) - {"system", "about", "events"}):
        raise NotAnExpectation(f"{unknown[0]!r} is unknown; there are system, about, events")
    events = written.get("events")
    if not isinstance(events, Mapping) or not events:
        raise NotAnExpectation("`events` must name at least one event with the fields that are read")
    return Expectation(
        written["system"],
        {str(event): tuple(_needs(str(event), fields)) for event, fields in events.items()},
    )


def _needs(event: str, fields: Any) -> Iterator[Need]:
    if not isinstance(fields, Mapping):
        raise NotAnExpectation(
            f"{event}: the fields that are read must stand below it, such as `role.id: string`"
        )
    for path, asked in fields.items():
        if not _PATH.fullmatch(str(path)):
            raise NotAnExpectation(f"{event}: {path!r} is no path, such as role.authorities[].gss")
        yield _need(f"{event}, {path}", str(path), {"type": asked} if isinstance(asked, str) else asked)


def _need(where: str, path: str, asked: Any) -> Need:
    if not isinstance(asked, Mapping):
        raise NotAnExpectation(f"{where}: a type or {{type, values, others, optional}} must stand there")
    if unknown := sorted(set(map(str, asked)) - {"type", "values", "others", "optional"}):
        raise NotAnExpectation(
            f"{where}: {unknown[0]!r} is unknown; there are type, values, others, optional"
        )
    type_, values = asked.get("type"), asked.get("values", [])
    if type_ is not None and type_ not in _TYPES | _FORMATS:
        raise NotAnExpectation(
            f"{where}: the type {type_!r} is unknown; there are {', '.join(sorted(_TYPES | _FORMATS))}"
        )
    if not isinstance(values, list):
        raise NotAnExpectation(f"{where}: `values` must be a list")
    if asked.get("others", "ignored") not in ("ignored", "not expected"):
        raise NotAnExpectation(f"{where}: `others` may be `ignored` or `not expected`")
    if not isinstance(asked.get("optional", False), bool):
        raise NotAnExpectation(f"{where}: `optional` may be true or false")
    return Need(
        path, type_, tuple(values), asked.get("others") != "not expected", asked.get("optional", False)
    )


def unmet(expectation: Expectation, schemas: Mapping[str, Any]) -> list[str]:
    """Each need that the contract (event → JSON Schema) does not meet, as a sentence that names the system."""
    found = []
    for event, needs in expectation.events.items():
        if event not in schemas:
            found.append(f"{expectation.system} reads {event}, which is not published")
            continue
        schema = Schema(schemas[event], schemas[event])
        for need in needs:
            found += [
                f"{expectation.system} reads {need.path} of {event}: {why}" for why in _unmet(need, schema)
            ]
    return found


def _unmet(need: Need, schema: Schema) -> Iterator[str]:
    places, missing = [schema], False
    for part in re.findall(r"\w+|\[\]", need.path):
        places, sometimes = _step(places, part)
        missing = missing or sometimes
        if not places:
            yield "there is no such field"
            return
    leaves = [case for place in places for some in cases(place).values() for case in some]
    missing = missing or any(case.type == "null" for case in leaves)
    if missing and not need.optional:
        yield "it may be missing or null (say `optional: true` if that is well)"
    yield from _of_type(need, [case for case in leaves if case.type != "null"])
    yield from _of_values(need, [case for case in leaves if case.type != "null"])


def _step(places: Iterable[Schema], part: str) -> tuple[list[Schema], bool]:
    """One part of a path further; and whether there may be nothing there."""
    found, missing = [], False
    for place in places:
        for type_, some in cases(place).items():
            for case in some:
                if part == "[]" and type_ == "array":
                    inner = [*case.rules.get("prefixItems", ()), case.rules.get("items", True)]
                    found += [place.child(one) for one in inner if one is not False]
                elif part != "[]" and type_ == "object" and part in case.rules.get("properties", {}):
                    found.append(place.child(case.rules["properties"][part]))
                    missing = missing or part not in case.rules.get("required", ())
                else:
                    missing = True
    return found, missing


def _of_type(need: Need, leaves: Iterable[Case]) -> Iterator[str]:
    if need.type is None:
        return
    wanted = "string" if need.type in _FORMATS else need.type
    for case in leaves:
        if case.type != wanted and not (wanted == "number" and case.type == "integer"):
            yield f"it may be of type {case.type}, not {need.type}"
        elif need.type in _FORMATS and case.rules.get("format") != need.type:
            yield f"it may be a string that is no {need.type}"


def _of_values(need: Need, leaves: list[Case]) -> Iterator[str]:
    if not need.values:
        return
    said = {value for case in leaves for value in case.values or ()}
    free = any(case.values is None for case in leaves)
    wanted = {canonical(value) for value in need.values}
    for value in sorted(wanted - said) if not free else ():
        yield f"{json.loads(value)!r} is never said"
    if not need.others_expected:
        if free:
            yield "any other value may be said"
        for value in sorted(said - wanted):
            yield f"{json.loads(value)!r} may be said, which is not expected"
