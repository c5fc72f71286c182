"""Normal form: the many ways to write one JSON Schema become one. Pure.

A schema becomes its cases: for each JSON type the alternatives that it allows, each with the constraints that bear on
that type alone. `anyOf: [A, B]`, `type: [a, b]`, a `$ref`, an `allOf` of one, a `const` and an `enum` of one value all
end as the same. Children (properties, items) stay schemas, to be normalised when somebody looks at them, since
definitions may refer to themselves.

Source of the keywords: JSON Schema 2020-12, Core and Validation. `format` is taken as an assertion, as pydantic and
most validators do.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from loti_contracts.evolution.cases import Case, both, is_a, joined
from loti_contracts.evolution.schema import Json, NotASchema, Schema, at, canonical, type_of

TYPES: Final = ("null", "boolean", "integer", "number", "string", "array", "object")
BEARS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"),
    "array": (
        "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
        "unevaluatedItems",
    ),
    "object": (
        "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
        "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
    ),
    "null": (),
    "boolean": (),
}  # fmt: skip
BEYOND: Final = ("not", "if", "then", "else")
"""Keywords that are compared as they are written: what they allow cannot be told from their parts."""


def cases(schema: Schema) -> dict[str, list[Case]]:
    """For each type the alternatives that are allowed. Raises NotASchema."""
    found: dict[str, list[Case]] = {}
    for case in joined(_cases(schema)):
        if case not in found.setdefault(case.type, []):
            found[case.type].append(case)
    return found


def _cases(schema: Schema) -> list[Case]:
    """The cases of a schema: those of its own keywords, narrowed by each of its `anyOf`, `oneOf` and `allOf`."""
    node = schema.resolved()
    if isinstance(node, bool):
        return [Case(type_) for type_ in TYPES if type_ != "integer"] if node else []
    found = list(_own(node))
    for part in node.get("allOf", ()):
        found = both(found, _cases(schema.child(part)))
    for name in ("anyOf", "oneOf"):
        if name in node:
            branches = [_cases(schema.child(part)) for part in node[name]]
            together = [case for branch in branches for case in branch]
            if name == "oneOf" and not _apart(branches, schema):
                mark = frozenset(
                    {f"oneOf {canonical(sorted(map(canonical, map(_expanded(schema), node[name]))))}"}
                )
                together = [Case(c.type, c.values, c.rules, c.beyond | mark) for c in together]
            found = both(found, together)
    return found


def _expanded(schema: Schema) -> Any:
    def expand(node: Json, depth: int = 0) -> Json:
        if isinstance(node, Mapping):
            if isinstance(node.get("$ref"), str) and depth < 12:
                rest = {name: value for name, value in node.items() if name != "$ref"}
                target = expand(at(schema.root, node["$ref"]), depth + 1)
                return target | expand(rest, depth) if isinstance(target, Mapping) else target
            return {
                n: expand(v, depth) for n, v in node.items() if n not in ("title", "description", "$defs")
            }
        if isinstance(node, list):
            return [expand(value, depth) for value in node]
        return node

    return expand


def _own(node: Mapping[str, Json]) -> Iterator[Case]:
    """What the keywords beside `anyOf` and its like allow."""
    types = node.get("type", list(TYPES))
    types = [types] if isinstance(types, str) else list(types)
    if unknown := [type_ for type_ in types if type_ not in TYPES]:
        raise NotASchema(f"{unknown[0]!r} is no type of JSON Schema; there are {', '.join(TYPES)}")
    if "number" in types and "integer" in types:
        types.remove("integer")
    beyond = frozenset(f"{name} {canonical(node[name])}" for name in BEYOND if name in node)
    values = _values(node)
    for type_ in types:
        if values is not None:
            mine = frozenset(v for v in values if is_a(type_, type_of(json.loads(v))))
            if not mine:
                continue
        else:
            mine = None
        bearing = BEARS_ON["number" if type_ == "integer" else type_]
        rules = {name: node[name] for name in bearing if name in node}
        yield Case(type_, mine, rules, beyond)


def _values(node: Mapping[str, Json]) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    if "enum" in node:
        found = frozenset(map(canonical, node["enum"]))
    if "const" in node:
        only = frozenset({canonical(node["const"])})
        found = only if found is None else found & only
    return found


def _apart(branches: list[list[Case]], schema: Schema) -> bool:
    """Whether no value fits two of these branches, as far as can be told: by type, by value, by a constant field."""
    return all(
        not _overlap(one, other, schema)
        for number, branch in enumerate(branches)
        for later in branches[number + 1 :]
        for one in branch
        for other in later
    )


def _overlap(one: Case, other: Case, schema: Schema) -> bool:
    if not (is_a(one.type, other.type) or is_a(other.type, one.type)):
        return False
    if one.values is not None and other.values is not None:
        return bool(one.values & other.values)
    if one.type != "object":
        return True
    shared = set(one.rules.get("required", ())) & set(other.rules.get("required", ()))
    for name in shared:
        sides = [
            _only(schema.child(case.rules.get("properties", {}).get(name, True))) for case in (one, other)
        ]
        if sides[0] is not None and sides[1] is not None and not sides[0] & sides[1]:
            return False
    return True


def _only(schema: Schema) -> frozenset[str] | None:
    """All values that a schema allows, where it lists them."""
    cases = _cases(schema)
    if not cases or any(case.values is None for case in cases):
        return None
    return frozenset().union(*(case.values or frozenset() for case in cases))
