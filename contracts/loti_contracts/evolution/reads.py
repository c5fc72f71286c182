"""Reads: can one who knows a schema read everything that one who keeps to another writes? Pure.

`misreads` finds the places where it cannot. It errs on one side: where it cannot be shown that everything is read, it
says so. A writer writes no fields but those that its schema names (or types by `additionalProperties`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from loti_contracts.evolution.bounds import passed
from loti_contracts.evolution.cases import Case
from loti_contracts.evolution.normal import cases
from loti_contracts.evolution.schema import Schema, canonical
from loti_contracts.evolution.values import takes

_AS_WRITTEN: Final = (
    "pattern", "contentEncoding", "contentMediaType", "contains", "propertyNames", "dependentRequired",
    "dependentSchemas", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_NO_ITEMS: Final[dict[str, Any]] = {"items": True, "prefixItems": []}


@dataclass(frozen=True, slots=True)
class Misread:
    """A place where the reader can fail. `gained` names it as what NEW allows more than OLD, `lost` as what it allows
    less: the same difference seen from its two sides."""

    where: str
    gained: str
    lost: str


def misreads(*, writer: Schema, reader: Schema) -> list[Misread]:
    """Where the reader can fail on what the writer may write; empty where it never does. Raises NotASchema."""
    return list(dict.fromkeys(_schema(writer, reader, "", frozenset())))


def _schema(writer: Schema, reader: Schema, where: str, seen: frozenset[str]) -> Iterator[Misread]:
    here = f"{canonical(writer.node)}\n{canonical(reader.node)}"
    if here in seen:
        return
    seen |= {here}
    known = cases(reader)
    for type_, written in cases(writer).items():
        readable = known.get(type_, []) + (known.get("number", []) if type_ == "integer" else [])
        if not readable:
            if type_ == "number" and "integer" in known:
                yield Misread(where, "whole numbers became any numbers", "any numbers became whole numbers")
            else:
                yield Misread(
                    where,
                    f"{_type(type_, written)} is allowed now",
                    f"{_type(type_, written)} is not allowed any more",
                )
            continue
        for case in written:
            yield from _case(writer, reader, case, readable, where, seen)


def _type(type_: str, written: list[Case]) -> str:
    if type_ == "null":
        return "null"
    values = sorted(value for case in written if case.values is not None for value in case.values)
    if values and all(case.values is not None for case in written):
        return ", ".join(values)
    return f"another type, {type_},"


def _case(
    writer: Schema, reader: Schema, case: Case, readable: list[Case], where: str, seen: frozenset[str]
) -> Iterator[Misread]:
    """One alternative against all that the reader knows of its type: some one must take it all, or of listed values
    each its own."""
    if case.values is not None:
        lost = [
            value
            for value in sorted(case.values)
            if not any(takes(value, replace(case, values=frozenset({value})), other) for other in readable)
        ]
        if lost:
            they, are = ", ".join(lost), "is" if len(lost) == 1 else "are"
            yield Misread(where, f"{they} {are} allowed now", f"{they} {are} not allowed any more")
        return
    best: list[Misread] | None = None
    for other in readable:
        found = list(_one(writer, reader, case, other, where, seen))
        if not found:
            return
        if best is None or len(found) < len(best):
            best = found
    yield from best or ()


def _one(
    writer: Schema, reader: Schema, case: Case, other: Case, where: str, seen: frozenset[str]
) -> Iterator[Misread]:
    if other.values is not None:
        listed = ", ".join(sorted(other.values))
        yield Misread(where, f"other values than {listed} are allowed now", f"only {listed} are allowed now")
        return
    for text in sorted(other.beyond - case.beyond):
        name = text.partition(" ")[0]
        yield Misread(where, f"`{name}` went or reads differently", f"`{name}` came or reads differently")
    for name in passed(case, other):
        yield Misread(where, *_rewritten(name, case, other))
    for name in _AS_WRITTEN:
        if name in other.rules and canonical(case.rules.get(name, ())) != canonical(other.rules[name]):
            yield Misread(where, *_rewritten(name, case, other))
    if "format" in other.rules and case.rules.get("format") != other.rules["format"]:
        yield Misread(where, *_rewritten("format", case, other))
    if other.rules.get("uniqueItems") and not case.rules.get("uniqueItems"):
        yield Misread(where, "items may repeat now", "items must differ now")
    if case.type == "array":
        yield from _items(writer, reader, case, other, where, seen)
    if case.type == "object":
        yield from _fields(writer, reader, case, other, where, seen)


def _items(
    writer: Schema, reader: Schema, case: Case, other: Case, where: str, seen: frozenset[str]
) -> Iterator[Misread]:
    wrote, reads = (_NO_ITEMS | dict(one.rules) for one in (case, other))
    most = case.rules.get("maxItems")
    for number in range(max(len(wrote["prefixItems"]), len(reads["prefixItems"]))):
        if most is not None and number >= most:
            return
        some = wrote["prefixItems"][number] if number < len(wrote["prefixItems"]) else wrote["items"]
        others = reads["prefixItems"][number] if number < len(reads["prefixItems"]) else reads["items"]
        yield from _schema(writer.child(some), reader.child(others), f"{where}[{number}]", seen)
    if most is None or most > len(wrote["prefixItems"]):
        yield from _schema(writer.child(wrote["items"]), reader.child(reads["items"]), f"{where}[]", seen)


def _fields(
    writer: Schema, reader: Schema, case: Case, other: Case, where: str, seen: frozenset[str]
) -> Iterator[Misread]:
    wrote, reads = case.rules.get("properties", {}), other.rules.get("properties", {})
    dot = f"{where}." if where else ""
    required = set(case.rules.get("required", ()))
    for name in sorted(set(other.rules.get("required", ())) - required):
        if name in wrote or name in reads or not _maps(case):
            gone = name not in wrote
            yield Misread(
                f"{dot}{name}",
                "a required field went" if gone else "it may be left out now",
                "a required field came" if gone else "it must be there now",
            )
        else:
            yield Misread(f"{dot}{name}", "it may be left out now", "it must be there now")
    for name in sorted(wrote.keys() & reads.keys()):
        if not _forbidden(writer.child(wrote[name])):
            yield from _schema(writer.child(wrote[name]), reader.child(reads[name]), f"{dot}{name}", seen)
    yield from _more_fields(writer, reader, case, other, where, seen)
    patterns = case.rules.get("patternProperties", {})
    for pattern, node in sorted(other.rules.get("patternProperties", {}).items()):
        if pattern in patterns:
            yield from _schema(
                writer.child(patterns[pattern]), reader.child(node), f"{where}{{{pattern}}}", seen
            )
        else:
            yield Misread(
                where,
                f"fields named like {pattern} are free now",
                f"fields named like {pattern} are bound now",
            )


def _more_fields(
    writer: Schema, reader: Schema, case: Case, other: Case, where: str, seen: frozenset[str]
) -> Iterator[Misread]:
    """What the reader asks of fields that it does not name."""
    asks = other.rules.get("additionalProperties", True)
    if asks is True or asks == {}:
        return
    writes = case.rules.get("additionalProperties", True)
    known = other.rules.get("properties", {})
    dot = f"{where}." if where else ""
    for name, node in sorted(case.rules.get("properties", {}).items()):
        if name in known or _forbidden(writer.child(node)):
            continue
        if asks is False:
            yield Misread(f"{dot}{name}", "a field came that OLD refuses", "a field went that NEW refuses")
        else:
            yield from _schema(writer.child(node), reader.child(asks), f"{dot}{name}", seen)
    if asks is False:
        if writes is not False:
            yield Misread(
                where,
                "fields that are not named are allowed now",
                "fields that are not named are refused now",
            )
    elif writes is True or writes == {}:
        yield Misread(
            where,
            "fields that are not named may hold anything now",
            "fields that are not named are bound now",
        )
    elif writes is not False:
        yield from _schema(writer.child(writes), reader.child(asks), f"{where}{{}}", seen)


def _maps(case: Case) -> bool:
    return isinstance(case.rules.get("additionalProperties"), Mapping)


def _forbidden(schema: Schema) -> bool:
    """Whether the schema allows nothing: a field of it is never there."""
    return not cases(schema)


def _rewritten(name: str, case: Case, other: Case) -> tuple[str, str]:
    wrote, reads = (json.dumps(one.rules[name]) if name in one.rules else "none" for one in (case, other))
    return f"`{name}` was {reads} and is {wrote}", f"`{name}` was {wrote} and is {reads}"
