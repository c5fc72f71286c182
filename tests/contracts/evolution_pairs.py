"""Pairs of schemas with the verdict written beforehand, by what the words of JSON Schema 2020-12 mean.

`old` fails: a subscriber that still reads OLD can fail on what is valid under NEW. `new`: a reader of NEW can fail on
what was valid under OLD. Neither: compatible.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pair:
    """Two versions of a schema, whom the change breaks, and where."""

    name: str
    old: Any
    new: Any
    breaks: frozenset[str]
    where: str | None = None


def thing(*required: str, **fields: Any) -> dict[str, Any]:
    """An object with these fields."""
    found: dict[str, Any] = {"type": "object", "properties": fields}
    return found | {"required": list(required)} if required else found


def field(old: Any, new: Any) -> tuple[Any, Any]:
    """An event whose field `a` changes."""
    return thing("a", a=old, b={"type": "integer"}), thing("a", a=new, b={"type": "integer"})


def _pair(name: str, sides: tuple[Any, Any], breaks: str, where: str | None = "a") -> Pair:
    return Pair(name, *sides, frozenset(breaks.split()), where if breaks else None)


TEXT, NUMBER, WHOLE, NOTHING = ({"type": type_} for type_ in ("string", "number", "integer", "null"))
LIST = {"type": "array", "items": TEXT}
CAT = thing("kind", "lives", kind={"const": "cat"}, lives=WHOLE)
DOG = thing("kind", "barks", kind={"const": "dog"}, barks={"type": "boolean"})
COW = thing("kind", kind={"const": "cow"})

EIGHT = (
    _pair("enum", field({"enum": ["open", "closed"]}, {"enum": ["open"]}), "new"),
    _pair("const", field({"const": "a"}, {"const": "b"}), "old new"),
    _pair("maxLength", field(TEXT | {"maxLength": 100}, TEXT | {"maxLength": 10}), "new"),
    _pair("format", field(TEXT, TEXT | {"format": "date-time"}), "new"),
    _pair("array items: another type", field(LIST, {"type": "array", "items": WHOLE}), "old new", "a[]"),
    _pair(
        "array items: a bound",
        field(LIST, {"type": "array", "items": TEXT | {"pattern": "^x"}}),
        "new",
        "a[]",
    ),
    _pair(
        "additionalProperties", (thing(a=TEXT), thing(a=TEXT) | {"additionalProperties": False}), "new", ""
    ),
    _pair("oneOf", field({"oneOf": [TEXT, WHOLE]}, {"oneOf": [TEXT]}), "new"),
)
"""The eight kinds of breaking edit that a checker of the field was found to miss."""

PAIRS = (
    # Fields.
    _pair("an optional field came", (thing(a=TEXT), thing(a=TEXT, c=TEXT)), ""),
    _pair("an optional field went", (thing(a=TEXT, c=TEXT), thing(a=TEXT)), ""),
    _pair("a required field came", (thing("a", a=TEXT), thing("a", "c", a=TEXT, c=TEXT)), "new", "c"),
    _pair("a required field went", (thing("a", "c", a=TEXT, c=TEXT), thing("a", a=TEXT)), "old", "c"),
    _pair("required became optional", (thing("a", a=TEXT), thing(a=TEXT)), "old"),
    _pair("optional became required", (thing(a=TEXT), thing("a", a=TEXT)), "new"),
    _pair("a field was renamed", (thing("a", a=TEXT), thing("c", c=TEXT)), "old new", None),
    _pair("an optional field was renamed", (thing(a=TEXT), thing(c=TEXT)), ""),
    _pair("a required field with a default came", (thing("a", a=TEXT), thing("a", "c", a=TEXT, c=TEXT | {"default": ""})), "new", "c"),
    _pair("a field deep inside came", field(thing(x=TEXT), thing(x=TEXT, y=TEXT)), ""),
    _pair("a required field deep inside came", field(thing(x=TEXT), thing("y", x=TEXT, y=TEXT)), "new", "a.y"),
    # Enum and const.
    _pair("enum widened", field({"enum": ["x"]}, {"enum": ["x", "y"]}), "old"),
    _pair("enum reordered", field({"enum": ["x", "y"]}, {"enum": ["y", "x"]}), ""),
    _pair("enum became free", field(TEXT | {"enum": ["x"]}, TEXT), "old"),
    _pair("free became enum", field(TEXT, TEXT | {"enum": ["x"]}), "new"),
    _pair("const became the enum of one", field({"const": "x"}, {"enum": ["x"]}), ""),
    _pair("const became an enum with it", field({"const": "x"}, {"enum": ["x", "y"]}), "old"),
    _pair("an enum's value changed case", field({"enum": ["Open"]}, {"enum": ["open"]}), "old new"),
    _pair("enum of numbers: 1 and 1.0 are one", field({"enum": [1]}, {"enum": [1.0]}), ""),
    _pair("enum of text and number", field({"enum": [1]}, {"enum": ["1"]}), "old new"),
    # Types.
    _pair("type changed", field(TEXT, WHOLE), "old new"),
    _pair("integer widened to number", field(WHOLE, NUMBER), "old"),
    _pair("number narrowed to integer", field(NUMBER, WHOLE), "new"),
    _pair("type widened to a list of types", field(TEXT, {"type": ["string", "integer"]}), "old"),
    _pair("anything became text", field({}, TEXT), "new"),
    _pair("text became anything", field(TEXT, {}), "old"),
    _pair("a boolean's two values listed", field({"type": "boolean"}, {"enum": [True, False]}), ""),
    _pair("a boolean lost a value", field({"type": "boolean"}, {"const": True}), "new"),
    # Nullability.
    _pair("null is allowed", field(TEXT, {"anyOf": [TEXT, NOTHING]}), "old"),
    _pair("null is not allowed any more", field({"type": ["string", "null"]}, TEXT), "new"),
    _pair("null written in the other way", field({"type": ["string", "null"]}, {"anyOf": [NOTHING, TEXT]}), ""),
    # Bounds.
    _pair("maxLength raised", field(TEXT | {"maxLength": 5}, TEXT | {"maxLength": 9}), "old"),
    _pair("maxLength dropped", field(TEXT | {"maxLength": 5}, TEXT), "old"),
    _pair("minLength raised", field(TEXT | {"minLength": 1}, TEXT | {"minLength": 2}), "new"),
    _pair("minLength 0 came", field(TEXT, TEXT | {"minLength": 0}), ""),
    _pair("minimum lowered", field(WHOLE | {"minimum": 1}, WHOLE | {"minimum": 0}), "old"),
    _pair("minimum raised", field(WHOLE | {"minimum": 0}, WHOLE | {"minimum": 1}), "new"),
    _pair("maximum came", field(NUMBER, NUMBER | {"maximum": 1}), "new"),
    _pair("maximum became exclusive", field(NUMBER | {"maximum": 1}, NUMBER | {"exclusiveMaximum": 1}), "new"),
    _pair("exclusiveMinimum became inclusive", field(NUMBER | {"exclusiveMinimum": 0}, NUMBER | {"minimum": 0}), "old"),
    _pair("multipleOf 4 became 2", field(WHOLE | {"multipleOf": 4}, WHOLE | {"multipleOf": 2}), "old"),
    _pair("pattern changed", field(TEXT | {"pattern": "^a"}, TEXT | {"pattern": "^b"}), "old new"),
    _pair("pattern dropped", field(TEXT | {"pattern": "^a"}, TEXT), "old"),
    _pair("format changed", field(TEXT | {"format": "date"}, TEXT | {"format": "date-time"}), "old new"),
    _pair("format dropped", field(TEXT | {"format": "uuid"}, TEXT), "old"),
    _pair("listed values within a new bound", field({"enum": ["ab", "cd"]}, {"enum": ["ab", "cd"], "maxLength": 2}), ""),
    # Lists.
    _pair("a list became a single value", field(LIST, TEXT), "old new"),
    _pair("maxItems came", field(LIST, LIST | {"maxItems": 3}), "new"),
    _pair("minItems dropped", field(LIST | {"minItems": 1}, LIST), "old"),
    _pair("uniqueItems came", field(LIST, LIST | {"uniqueItems": True}), "new"),
    _pair("items gained an optional field", field({"type": "array", "items": thing(x=TEXT)}, {"type": "array", "items": thing(x=TEXT, y=TEXT)}), ""),
    _pair("items lost a required field", field({"type": "array", "items": thing("x", x=TEXT)}, {"type": "array", "items": thing()}), "old", "a[].x"),
    _pair("a pair became a triple", field({"type": "array", "prefixItems": [TEXT, TEXT], "items": False}, {"type": "array", "prefixItems": [TEXT, TEXT, TEXT], "items": False}), "old", "a[2]"),
    # More fields.
    _pair("fields that were refused are allowed", (thing(a=TEXT) | {"additionalProperties": False}, thing(a=TEXT)), "old", ""),
    _pair("a field came to a closed object", (thing(a=TEXT) | {"additionalProperties": False}, thing(a=TEXT, c=TEXT) | {"additionalProperties": False}), "old", "c"),
    _pair("a map's values changed", field({"type": "object", "additionalProperties": WHOLE}, {"type": "object", "additionalProperties": TEXT}), "old new", "a{}"),
    _pair("additionalProperties true came", (thing(a=TEXT), thing(a=TEXT) | {"additionalProperties": True}), ""),
    # Choices.
    _pair("a branch came to anyOf", field({"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, LIST]}), "old"),
    _pair("a branch came to a discriminated oneOf", field({"oneOf": [CAT, DOG]}, {"oneOf": [CAT, DOG, COW]}), "old", None),
    _pair("a branch went from a discriminated oneOf", field({"oneOf": [CAT, DOG]}, {"oneOf": [CAT]}), "new", None),
    _pair("oneOf of what cannot overlap became anyOf", field({"oneOf": [CAT, DOG]}, {"anyOf": [DOG, CAT]}), ""),
    _pair("oneOf of what can overlap became anyOf", field({"oneOf": [TEXT, TEXT | {"maxLength": 3}]}, {"anyOf": [TEXT, TEXT | {"maxLength": 3}]}), "old"),
    _pair("a branch gained an optional field", field({"oneOf": [CAT, DOG]}, {"oneOf": [CAT, thing("kind", "barks", kind={"const": "dog"}, barks={"type": "boolean"}, name=TEXT)]}), ""),
    _pair("allOf gained a required part", field({"allOf": [thing(x=TEXT)]}, {"allOf": [thing(x=TEXT), {"required": ["x"]}]}), "new", "a.x"),
    _pair("not came", field(TEXT, TEXT | {"not": {"const": "x"}}), "new"),
    # References and words.
    _pair("a definition moved", (thing(a={"$ref": "#/$defs/A"}) | {"$defs": {"A": TEXT}}, thing(a={"$ref": "#/$defs/B"}) | {"$defs": {"B": TEXT}}), ""),
    _pair("a definition changed behind its reference", (thing(a={"$ref": "#/$defs/A"}) | {"$defs": {"A": TEXT}}, thing(a={"$ref": "#/$defs/A"}) | {"$defs": {"A": WHOLE}}), "old new"),
    _pair("a definition that nobody uses changed", (thing(a=TEXT) | {"$defs": {"A": TEXT}}, thing(a=TEXT) | {"$defs": {"A": WHOLE}}), ""),
    _pair("a tree that refers to itself gained a required field",
          (thing(t={"$ref": "#/$defs/T"}) | {"$defs": {"T": thing(of={"type": "array", "items": {"$ref": "#/$defs/T"}})}},
           thing(t={"$ref": "#/$defs/T"}) | {"$defs": {"T": thing("n", n=WHOLE, of={"type": "array", "items": {"$ref": "#/$defs/T"}})}}),
          "new", "t.n"),
    _pair("a default changed", field(TEXT | {"default": "x"}, TEXT | {"default": "y"}), ""),
    _pair("a description changed", field(TEXT | {"description": "x"}, TEXT | {"description": "y"}), ""),
)  # fmt: skip
"""Pairs of our own."""
