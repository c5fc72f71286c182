"""JSON Schemas of the operators' custom resources, made from the crates `kcr_*` (Rust, 0BSD), which the project
kube-custom-resources-rs generates from each operator's own CustomResourceDefinitions.

`python -m tests.deploy.crd_schemas FOLDER` reads the unpacked crates below FOLDER (`cargo vendor`, or cargo's own
`registry/src/…`) and writes tests/deploy/schemas anew. What a crate does not carry is not in them: patterns, ranges, the words
of lists, and rules in CEL. Unknown fields, missing ones, wrong types and wrong words are found.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

SCHEMAS: Final = Path(__file__).parent / "schemas"
KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    # kind: crate, file, API
    "Kafka": ("kcr_kafka_strimzi_io-3.20260604.80828", "v1/kafkas.rs", "kafka.strimzi.io/v1"),
    "KafkaNodePool": ("kcr_kafka_strimzi_io-3.20260604.80828", "v1/kafkanodepools.rs", "kafka.strimzi.io/v1"),
    "KafkaTopic": ("kcr_kafka_strimzi_io-3.20260604.80828", "v1/kafkatopics.rs", "kafka.strimzi.io/v1"),
    "KafkaUser": ("kcr_kafka_strimzi_io-3.20260604.80828", "v1/kafkausers.rs", "kafka.strimzi.io/v1"),
    "Cluster": ("kcr_postgresql_cnpg_io-3.20260607.103612", "v1/clusters.rs", "postgresql.cnpg.io/v1"),
    "ScheduledBackup": (
        "kcr_postgresql_cnpg_io-3.20260607.103612",
        "v1/scheduledbackups.rs",
        "postgresql.cnpg.io/v1",
    ),
    "ScaledObject": ("kcr_keda_sh-3.20260609.65038", "v1alpha1/scaledobjects.rs", "keda.sh/v1alpha1"),
    "TriggerAuthentication": (
        "kcr_keda_sh-3.20260609.65038",
        "v1alpha1/triggerauthentications.rs",
        "keda.sh/v1alpha1",
    ),
}
_INTEGER: Final = {"type": "integer"}
_PLAIN: Final[Mapping[str, dict[str, Any]]] = {
    "String": {"type": "string"},
    "bool": {"type": "boolean"},
    "i32": _INTEGER,
    "i64": _INTEGER,
    "f64": {"type": "number"},
    "IntOrString": {"type": ["integer", "string"]},
    "serde_json::Value": {},
    "Condition": {"type": "object"},
}
_TYPE = re.compile(r"^pub (struct|enum) (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"(?:#\[serde\(([^\n]*)\)\]\n\s*)?pub (?:r#)?(\w+): ([^\n]+),\n")
_WORD = re.compile(r"(?:#\[serde\(([^\n]*)\)\]\n\s*)?(\w+),\n")
_RENAMED = re.compile(r'rename = "([^"]*)"')


def schema_of(source: str, kind: str, api: str) -> dict[str, Any]:
    """The schema of one kind, of what stands in its crate's file."""
    found = {name: (sort, body) for sort, name, body in _TYPE.findall(source)}
    definitions: dict[str, Any] = {}
    wanted = [f"{kind}Spec"]
    while wanted:
        name = wanted.pop()
        if name in definitions:
            continue
        definitions[name] = _described(*found[name])
        wanted += [one for one in _named_in(definitions[name]) if one not in definitions]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "apiVersion": {"const": api},
            "kind": {"const": kind},
            "metadata": {"type": "object"},
            "spec": {"$ref": f"#/$defs/{kind}Spec"},
        },
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _described(sort: str, body: str) -> dict[str, Any]:
    text = re.sub(r"^\s*///.*\n", "", body, flags=re.MULTILINE)
    if sort == "enum":
        return {"enum": [_said_as(marks, name) for marks, name in _WORD.findall(text)]}
    fields = [(_said_as(marks, name), type_) for marks, name, type_ in _FIELD.findall(text)]
    return {
        "type": "object",
        "properties": {name: _type(type_) for name, type_ in fields},
        "required": [name for name, type_ in fields if not type_.startswith("Option<")],
        "additionalProperties": False,
    }


def _said_as(marks: str, name: str) -> str:
    renamed = _RENAMED.search(marks)
    return renamed[1] if renamed else name


def _type(text: str) -> dict[str, Any]:
    if text in _PLAIN:
        return dict(_PLAIN[text])
    outer, _, inner = text.partition("<")
    inner = inner.removesuffix(">")
    if outer == "Option":
        return _type(inner)
    if outer == "Vec":
        return {"type": "array", "items": _type(inner)}
    if outer == "BTreeMap":
        return {"type": "object", "additionalProperties": _type(inner.removeprefix("String, "))}
    return {"$ref": f"#/$defs/{text}"}


def _named_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for value in schema.values():
            yield from _named_in(value)


def main(folder: Path) -> None:
    """Write them all."""
    for kind, (crate, file, api) in KINDS.items():
        source = (folder / crate / "src" / file).read_text(encoding="utf-8")
        text = json.dumps(schema_of(source, kind, api), separators=(",", ":"))
        (SCHEMAS / f"{kind}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{kind}: {len(text):,} characters from {crate}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
