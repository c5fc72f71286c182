"""Compare: two schemas, and what became of each part. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from loti_contracts.evolution.cases import Case
from loti_contracts.evolution.changes import NEW, OLD, Change, Reader
from loti_contracts.evolution.normal import cases
from loti_contracts.evolution.reads import Misread, misreads
from loti_contracts.evolution.schema import Schema, canonical

_WHY: Mapping[Reader, str] = {
    OLD: "valid under NEW, and OLD does not expect it",
    NEW: "valid under OLD and perhaps kept on the topic, and NEW does not expect it",
}


def compare(old: Any, new: Any) -> list[Change]:
    """Every change from one JSON Schema to the other, by its place. Raises NotASchema.

    What only says something (titles, descriptions, defaults) is compatible, and named; what is written differently
    and means the same is not named at all.
    """
    before, after = Schema(old, old), Schema(new, new)
    found: dict[tuple[str, str], list[tuple[Reader, Misread]]] = {}
    for reader, misread in [
        *((OLD, one) for one in misreads(writer=after, reader=before)),
        *((NEW, one) for one in misreads(writer=before, reader=after)),
    ]:
        what = misread.gained if reader == OLD else misread.lost
        found.setdefault((misread.where, what), []).append((reader, misread))
    changes = [
        Change(where, what, "; ".join(dict.fromkeys(_WHY[reader] for reader, _ in both)), _readers(both))
        for (where, what), both in found.items()
    ]
    broken = {change.where for change in changes}
    changes += [change for change in _said(before, after, "", frozenset()) if change.where not in broken]
    return sorted(set(changes))


def _readers(both: list[tuple[Reader, Misread]]) -> tuple[Reader, ...]:
    return tuple(reader for reader in (OLD, NEW) if any(one == reader for one, _ in both))


def _said(before: Schema, after: Schema, where: str, seen: frozenset[str]) -> Iterator[Change]:
    """The compatible changes: fields that came or went, and words."""
    here = f"{canonical(before.node)}\n{canonical(after.node)}"
    if here in seen:
        return
    seen |= {here}
    was, is_ = before.words(), after.words()
    for name in ("default", "title", "description"):
        if canonical(was.get(name, "")) != canonical(is_.get(name, "")):
            yield Change(where, _reworded(name, was, is_), "nobody fails on it")
    for one, other in _pairs(before, after):
        yield from _of_objects(before, after, one, other, where, seen)
        if one.type == "array":
            for place, some, others in _members(one, other):
                yield from _said(before.child(some), after.child(others), f"{where}{place}", seen)


def _reworded(name: str, was: Mapping[str, Any], is_: Mapping[str, Any]) -> str:
    if name != "default":
        return f"the {name} reads differently"
    if name not in is_:
        return f"the default {json.dumps(was[name])} is gone"
    if name not in was:
        return f"the default is {json.dumps(is_[name])} now"
    return f"the default was {json.dumps(was[name])} and is {json.dumps(is_[name])}"


def _of_objects(
    before: Schema, after: Schema, one: Case, other: Case, where: str, seen: frozenset[str]
) -> Iterator[Change]:
    if one.type != "object":
        return
    had, has = one.rules.get("properties", {}), other.rules.get("properties", {})
    dot = f"{where}." if where else ""
    for name in sorted(has.keys() - had.keys()):
        yield Change(
            f"{dot}{name}",
            "an optional field came",
            "readers of OLD ignore it, readers of NEW can do without",
        )
    for name in sorted(had.keys() - has.keys()):
        yield Change(
            f"{dot}{name}",
            "an optional field went",
            "readers of OLD can do without, readers of NEW ignore it",
        )
    for name in sorted(had.keys() & has.keys()):
        yield from _said(before.child(had[name]), after.child(has[name]), f"{dot}{name}", seen)
    for some, others in ((one.rules.get("additionalProperties"), other.rules.get("additionalProperties")),):
        if isinstance(some, Mapping) and isinstance(others, Mapping):
            yield from _said(before.child(some), after.child(others), f"{where}{{}}", seen)


def _pairs(before: Schema, after: Schema) -> Iterator[tuple[Case, Case]]:
    """Alternatives of one type that belong together: the same, else those with most fields in common."""
    ours, theirs = cases(before), cases(after)
    for type_ in ours.keys() & theirs.keys():
        left = list(theirs[type_])
        for one in ours[type_]:
            if left:
                best = max(left, key=lambda other, one=one: _alike(one, other))  # type: ignore[misc]
                left.remove(best)
                yield one, best


def _alike(one: Case, other: Case) -> tuple[bool, int]:
    shared = one.rules.get("properties", {}).keys() & other.rules.get("properties", {}).keys()
    return canonical(dict(one.rules)) == canonical(dict(other.rules)), len(shared)


def _members(one: Case, other: Case) -> Iterator[tuple[str, Any, Any]]:
    for number, (some, others) in enumerate(
        zip(one.rules.get("prefixItems", ()), other.rules.get("prefixItems", ()), strict=False)
    ):
        yield f"[{number}]", some, others
    if "items" in one.rules and "items" in other.rules:
        yield "[]", one.rules["items"], other.rules["items"]
