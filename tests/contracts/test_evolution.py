"""The comparison of schemas: every edit is called what it is, and nothing unchanged is flagged."""

import copy
import json
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.documents import documents
from loti_contracts.evolution import NotASchema, Published, breaking, compare, compare_published
from loti_contracts.evolution.changes import NEW, OLD
from tests.contracts.evolution_pairs import EIGHT, PAIRS, TEXT, Pair, field, thing

SCHEMAS = {name: json.loads(text) for name, text in documents().items() if name.startswith("london.")}


@pytest.mark.parametrize("pair", [*EIGHT, *PAIRS], ids=lambda pair: pair.name)
def test_each_edit_is_called_what_it_is(pair: Pair) -> None:
    """Whom it breaks, and where, as was written beforehand; turned round, it breaks the other reader."""
    names = {"old": OLD, "new": NEW}
    found = breaking(compare(pair.old, pair.new))
    assert {reader for change in found for reader in change.breaks} == {names[one] for one in pair.breaks}, (
        found
    )
    if pair.where is not None:
        assert {change.where for change in found} == {pair.where}
    back = breaking(compare(pair.new, pair.old))
    turned = {"old": NEW, "new": OLD}
    assert {reader for change in back for reader in change.breaks} == {turned[one] for one in pair.breaks}, (
        back
    )


def test_there_are_sixty_pairs_and_eight() -> None:
    """The reach."""
    assert len(PAIRS) >= 60
    assert len(EIGHT) == 8
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)


def rewritten(schema: Any, seed: int) -> Any:
    """The same schema in other words: keys in another order, definitions renamed and moved, references inlined, null
    and one value written in the other way."""
    pick = random.Random(seed)
    old = copy.deepcopy(schema)
    definitions = old.pop("$defs", {})
    names = {
        name: f"Part{number}"
        for number, name in enumerate(pick.sample(sorted(definitions), len(definitions)))
    }

    def rewrite(node: Any, depth: int = 0) -> Any:
        if isinstance(node, list):
            return [rewrite(one, depth) for one in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/$defs/"):
            name = node["$ref"].removeprefix("#/$defs/")
            rest = {key: rewrite(value, depth) for key, value in node.items() if key != "$ref"}
            if pick.random() < 0.4 and depth < 3:
                inlined = rewrite(definitions[name], depth + 1)
                return inlined | rest
            return rest | {"$ref": f"#/components/parts/{names[name]}"}
        found = {key: rewrite(value, depth) for key, value in pick.sample(sorted(node.items()), len(node))}
        if isinstance(found.get("type"), str) and "anyOf" not in found and pick.random() < 0.2:
            found["type"] = [found["type"]]
        if "anyOf" in found and isinstance(found["anyOf"], list):
            pick.shuffle(found["anyOf"])
        if isinstance(found.get("enum"), list):
            pick.shuffle(found["enum"])
        if isinstance(found.get("required"), list):
            pick.shuffle(found["required"])
        return found

    new = rewrite(old)
    new["components"] = {"parts": {names[name]: rewrite(part) for name, part in definitions.items()}}
    return new


@pytest.mark.parametrize("seed", range(100))
def test_the_same_in_other_words_is_no_change(seed: int) -> None:
    """A hundred rewrites of our own schemas that mean the same: nothing is named at all."""
    name = sorted(SCHEMAS)[seed % len(SCHEMAS)]
    assert compare(SCHEMAS[name], rewritten(SCHEMAS[name], seed)) == []


VALUES = st.sampled_from([None, True, False, 0, 1, 2, 1.5, "", "x", "xx", "abcdef", [], ["x"], [1], ["x", "x"],
                          {}, {"a": 1}, {"a": "x"}, {"a": None}, {"a": "x", "b": 1}, {"b": 1}])  # fmt: skip


def nodes() -> st.SearchStrategy[Any]:
    """Small schemas of all sorts."""
    leaf = st.one_of(
        st.sampled_from([{}, {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "null"},
                         {"type": "boolean"}, {"type": ["string", "null"]}]),
        st.lists(st.sampled_from([None, True, 1, 2, "x", "xx"]), min_size=1, unique_by=json.dumps).map(lambda v: {"enum": v}),
        st.builds(lambda low, high: {"type": "string", "minLength": low, "maxLength": high}, st.integers(0, 2), st.integers(1, 4)),
        st.builds(lambda low: {"type": "number", "minimum": low}, st.integers(0, 2)),
    )  # fmt: skip
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda i, n: {"type": "array", "items": i, "maxItems": n}, inner, st.integers(0, 2)),
            st.builds(
                lambda fields, required: {
                    "type": "object", "properties": fields, "required": [r for r in required if r in fields],
                },
                st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
                st.lists(st.sampled_from(["a", "b"]), unique=True),
            ),
            st.lists(inner, min_size=1, max_size=3).map(lambda some: {"anyOf": some}),
            st.lists(inner, min_size=1, max_size=2).map(lambda some: {"oneOf": some}),
            st.lists(inner, min_size=1, max_size=2).map(lambda some: {"allOf": some}),
        ),
        max_leaves=5,
    )  # fmt: skip


def pruned(schema: Any, value: Any) -> bool:
    """Whether the value names no field that the schema does not: what a writer of that schema writes."""
    return not isinstance(value, dict) or set(value) <= _named(schema)


def _named(schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {}))
    for key in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(key, ()):
            found |= _named(part)
    return found


def flat(schema: Any) -> bool:
    """Whether the writer's fields are told from the schema alone: objects with one set of fields."""
    return not any(
        key in json.dumps(schema) for key in ('"anyOf"', '"oneOf"', '"allOf"')
    ) or "properties" not in json.dumps(schema)


@given(nodes(), nodes(), VALUES)
def test_what_is_called_compatible_breaks_nobody(old: Any, new: Any, value: Any) -> None:
    """Whatever is valid under one is read by the other, by a validator that was written by others, unless the change
    is called breaking for that reader."""
    readers = {reader for change in breaking(compare(old, new)) for reader in change.breaks}
    for writer, reader, name in ((new, old, OLD), (old, new, NEW)):
        if not (flat(writer) and pruned(writer, value)):
            continue
        if jsonschema.Draft202012Validator(writer).is_valid(value) and not jsonschema.Draft202012Validator(
            reader
        ).is_valid(value):
            assert name in readers


@given(nodes())
def test_nothing_is_a_change_from_itself(schema: Any) -> None:
    """Not a word is said of a schema and itself."""
    assert compare(schema, copy.deepcopy(schema)) == []


def test_whole_contracts() -> None:
    """A new event is compatible, one that went is not, and an event's name stands before what is wrong with it."""
    old, new = (
        Published({"a": field(TEXT, TEXT)[0], "b": TEXT}),
        Published({"a": field(TEXT, {"type": "null"})[1], "c": TEXT}),
    )
    found = compare_published(old, new)
    assert [(name, change.verdict) for name, changes in found.items() for change in changes] == [
        ("a", "breaking"), ("a", "breaking"), ("b", "breaking"), ("c", "compatible"),
    ]  # fmt: skip
    with pytest.raises(NotASchema, match=r"^a: #/nowhere"):
        compare_published(old, Published({"a": thing(a={"$ref": "#/nowhere"})}))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "text"}, "is no type"),
        ({"$ref": "other.json"}, "leads out of the document"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "refers to nothing but itself"),
        (thing(a=3), "a schema is an object or a boolean"),
    ],
)
def test_what_is_no_schema_is_refused(schema: Any, words: str) -> None:
    """With the place and the reason."""
    with pytest.raises(NotASchema, match=words):
        compare(schema, TEXT if schema.get("type") != "object" else thing(a=TEXT))
