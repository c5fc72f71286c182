"""A schema and what its references lead to. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

Json: TypeAlias = Any

WORDS: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "discriminator", "$comment",
     "$id", "$schema", "$anchor", "$dynamicAnchor", "$defs", "definitions", "$vocabulary"}
)  # fmt: skip
"""Keywords that forbid nothing."""


class NotASchema(ValueError):
    """The document is no JSON Schema that can be compared; the text says where and why."""


@dataclass(frozen=True)
class Schema:
    """A schema and the document that its references point into."""

    node: Json
    root: Json

    def child(self, node: Json) -> "Schema":
        """A part of it."""
        return Schema(node, self.root)

    def resolved(self) -> Json:
        """The node behind its references, with what stands beside them; a bool for the two simplest schemas."""
        node, seen = self.node, set()
        beside: list[Json] = []
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference in seen:
                raise NotASchema(f"{reference} refers to nothing but itself")
            seen.add(reference)
            rest = {name: value for name, value in node.items() if name != "$ref"}
            if set(rest) - WORDS:
                beside.append(rest)
            node = at(self.root, reference)
        if not isinstance(node, bool | Mapping):
            raise NotASchema(f"a schema is an object or a boolean, not {json.dumps(node)[:60]}")
        return {"allOf": [node, *beside]} if beside else node

    def words(self) -> Mapping[str, Json]:
        """What it says beside what it allows: title, description, default."""
        node = self.node
        found: dict[str, Json] = {}
        while isinstance(node, Mapping):
            found = {name: node[name] for name in ("default", "title", "description") if name in node} | found
            if not isinstance(node.get("$ref"), str):
                break
            node = at(self.root, node["$ref"])
        return found


def canonical(node: Json) -> str:
    """One text for a JSON value, whatever the order of its keys; 1.0 is 1, as in JSON Schema."""
    return json.dumps(_plain(node), sort_keys=True, ensure_ascii=False)


def _plain(node: Json) -> Json:
    if isinstance(node, Mapping):
        return {name: _plain(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    return node


def type_of(value: Json) -> str:
    """The JSON type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "integer" if float(value).is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def at(root: Json, reference: str) -> Json:
    if not reference.startswith("#"):
        raise NotASchema(f"{reference} leads out of the document; bundle what it refers to")
    node = root
    for part in reference[1:].split("/")[1:]:
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(name)] if isinstance(node, list) else node[name]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise NotASchema(f"{reference} refers to nothing") from error
    return node
