"""Cases: the alternatives of one JSON type, and what two of them allow together. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from loti_contracts.evolution.schema import Json, NotASchema, canonical, type_of

_MOST_CASES = 2_000


@dataclass(frozen=True)
class Case:
    """One alternative of one type. `values`, where it is not None, are all that is allowed, as JSON texts."""

    type: str
    values: frozenset[str] | None = None
    rules: Mapping[str, Json] = field(default_factory=dict)
    beyond: frozenset[str] = frozenset()


def is_a(type_: str, of: str) -> bool:
    return type_ == of or (type_ == "number" and of == "integer")


def both(some: list[Case], others: list[Case]) -> list[Case]:
    """What is allowed by one of these and by one of those."""
    found = [both for one in some for other in others if (both := _narrowed(one, other)) is not None]
    if len(found) > _MOST_CASES:
        raise NotASchema(f"it has more than {_MOST_CASES} alternatives")
    return found


def _narrowed(one: Case, other: Case) -> Case | None:
    if not (is_a(one.type, other.type) or is_a(other.type, one.type)):
        return None
    type_ = "integer" if "integer" in (one.type, other.type) else one.type
    values = (
        one.values
        if other.values is None
        else other.values
        if one.values is None
        else one.values & other.values
    )
    if values is not None:
        values = frozenset(value for value in values if is_a(type_, type_of(json.loads(value))))
        if not values:
            return None
    rules, beyond = dict(one.rules), set(one.beyond | other.beyond)
    for name, value in other.rules.items():
        if name not in rules or canonical(rules[name]) == canonical(value):
            rules[name] = value
        elif (tighter := _TIGHTER.get(name)) is not None:
            rules[name] = tighter(rules[name], value)
        elif name == "properties":
            rules[name] = {
                field_: {"allOf": [both[field_] for both in (rules[name], value) if field_ in both]}
                if field_ in rules[name] and field_ in value
                else (rules[name] | value)[field_]
                for field_ in rules[name] | value
            }
        elif name in ("items", "additionalProperties", "propertyNames", "contains"):
            rules[name] = {"allOf": [rules[name], value]}
        else:
            beyond.add(f"{name} {canonical(value)}")
    return Case(type_, values, rules, frozenset(beyond))


_TIGHTER: Final[Mapping[str, Any]] = {
    "minLength": max, "minItems": max, "minProperties": max, "minimum": max, "exclusiveMinimum": max,
    "maxLength": min, "maxItems": min, "maxProperties": min, "maximum": min, "exclusiveMaximum": min,
    "required": lambda some, others: sorted({*some, *others}),
    "uniqueItems": lambda some, others: some or others,
}  # fmt: skip


def joined(cases: list[Case]) -> list[Case]:
    """Alternatives that only list values become one; a boolean is its two values."""
    found: list[Case] = []
    lists: dict[tuple[str, str, frozenset[str]], frozenset[str]] = {}
    for case in cases:
        if case.type == "boolean" and case.values is None:
            case = Case("boolean", frozenset({"true", "false"}), case.rules, case.beyond)
        if case.type == "null" and case.values is None:
            case = Case("null", frozenset({"null"}), case.rules, case.beyond)
        if case.values is None:
            found.append(case)
        else:
            rest = (case.type, canonical(dict(case.rules)), case.beyond)
            lists[rest] = lists.get(rest, frozenset()) | case.values
            if len(lists[rest]) == len(case.values):
                found.append(Case(case.type, lists[rest], case.rules, case.beyond))
            else:
                found = [
                    Case(c.type, lists[rest], c.rules, c.beyond)
                    if c.values is not None and (c.type, canonical(dict(c.rules)), c.beyond) == rest
                    else c
                    for c in found
                ]
    return found
