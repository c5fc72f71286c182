"""The catalogue: a page in Markdown for each event, for people who want to know what they will get. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.documents import schema_of
from loti_contracts.events import EVENTS, Erasure, Event, Topic, topic_named
from loti_contracts.evolution.cases import Case
from loti_contracts.evolution.normal import cases
from loti_contracts.evolution.schema import Schema


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an event's history: in which release, and what changed."""

    release: str
    what: str


def pages(
    examples: Mapping[str, Any], history: Mapping[str, Sequence[Entry]], readers: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """File name → Markdown: `README.md` lists the events by topic, and each event has a page.

    `examples` and `history` are by event; `readers` are the systems that said which fields of an event they read.
    """
    found = {
        f"{type_}.md": page(event, examples.get(type_), history.get(type_, ()), readers.get(type_, ()))
        for type_, event in EVENTS.items()
    }
    found["README.md"] = _index()
    return found


def page(event: type[Event], example: Any, history: Sequence[Entry], readers: Sequence[str]) -> str:
    """One event: what it means, where it is said, every field, an example, its history, who listens."""
    topic = topic_named(event.topic)
    parts = [f"# {event.type}", _means(event), _where(topic, readers)]
    if issubclass(event, Erasure):
        parts.append("The message is a tombstone: a key and headers, and no value.")
    else:
        parts.append("## Fields\n\n" + "\n".join(_table(event)))
    if example is not None:
        parts.append(f"## Example\n\n```json\n{json.dumps(example, indent=2, ensure_ascii=False)}\n```")
    if history:
        parts.append(
            "## History\n\n" + "\n".join(f"* **{entry.release}**: {entry.what}" for entry in history)
        )
    return "\n\n".join(parts) + "\n"


def _means(event: type[Event]) -> str:
    said = " ".join((event.__doc__ or "").split())
    state = event.model_fields.get(event.about)
    about = getattr(state.annotation, "__doc__", "") if state else ""
    return "\n\n".join(filter(None, (said, " ".join((about or "").split()))))


def _where(topic: Topic, readers: Sequence[str]) -> str:
    kept = f"for {topic.keep_for.days} days" if topic.keep_for else "the newest of each key, for ever"
    rows = [
        ("Topic", f"`{topic.name}`: {topic.what}"),
        ("Key", topic.key),
        ("Kept", kept),
        ("Partitions", str(topic.partitions)),
        ("Said by", topic.owner),
        ("Heard by", ", ".join((*topic.heard_by, *readers)) or "nobody yet"),
    ]
    if topic.restricted:
        rows.append(("Restricted", "it is about people; only the services that need it may read it"))
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {_cell(text)} |" for name, text in rows)])


def _table(event: type[Event]) -> Iterator[str]:
    root = schema_of(event)
    yield "| field | is | always there | |"
    yield "|---|---|---|---|"
    for path, schema, required in _fields(Schema(root, root), "", ()):
        node = schema.node if isinstance(schema.node, Mapping) else {}
        said = " ".join(str(node.get("description", "")).split())
        yield f"| `{path}` | {_cell(_kind(schema))} | {'yes' if required else 'no'} | {_cell(said)} |"


def _fields(schema: Schema, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, Schema, bool]]:
    """Every field below, in the order in which the models name them; one that contains itself is told once."""
    for case in _of_type(schema, "object"):
        mark = json.dumps(case.rules.get("properties", {}), sort_keys=True)
        if mark in above:
            return
        for name, node in case.rules.get("properties", {}).items():
            inner = schema.child(node)
            here = f"{path}.{name}" if path else name
            yield here, inner, name in case.rules.get("required", ())
            yield from _fields(inner, here, (*above, mark))
    for case in _of_type(schema, "array"):
        if isinstance(case.rules.get("items"), Mapping):
            yield from _fields(schema.child(case.rules["items"]), f"{path}[]", above)


def _of_type(schema: Schema, type_: str) -> Sequence[Case]:
    return cases(schema).get(type_, [])


def _kind(schema: Schema) -> str:
    """In words: `text, 1 to 200 characters`, `"open" or "closed"`, `list of object, or null`."""
    if schema.resolved() in (True, {}):
        return "anything"
    words = [_words(schema, case) for some in cases(schema).values() for case in some if case.type != "null"]
    words = list(dict.fromkeys(words))
    if _of_type(schema, "null"):
        words.append("null")
    return ", or ".join(words) or "nothing"


def _words(schema: Schema, case: Case) -> str:
    if case.values is not None:
        listed = sorted(case.values)
        return (
            "true or false" if listed == ["false", "true"] else " or ".join(f"`{value}`" for value in listed)
        )
    match case.type:
        case "string":
            return _text(case.rules)
        case "integer" | "number":
            name = "whole number" if case.type == "integer" else "number"
            return name + _between(case.rules, "minimum", "maximum", "")
        case "array":
            items = case.rules.get("items", True)
            return f"list of {_kind(schema.child(items))}" + _between(
                case.rules, "minItems", "maxItems", " items"
            )
    return case.type


def _text(rules: Mapping[str, Any]) -> str:
    formats = {"date": "date", "date-time": "time, RFC 3339", "time": "time of day", "uuid": "UUID"}
    words = formats.get(str(rules.get("format")), "text")
    if "pattern" in rules:
        words += f" like `{rules['pattern']}`"
    return words + _between(rules, "minLength", "maxLength", " characters")


def _between(rules: Mapping[str, Any], low: str, high: str, of: str) -> str:
    least, most = rules.get(low), rules.get(high)
    if least is not None and most is not None:
        return f", {least} to {most}{of}"
    if least is not None:
        return f", {least} or more{of}" if least else ""
    return f", {most} at most{of}" if most is not None else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _index() -> str:
    lines = [
        "# What is said",
        "",
        "Every event of Talent Exchange, by its topic. Each is a CloudEvent in binary mode on Kafka and carries the whole "
        "state after it. Made from the models by `make contracts`.",
    ]
    topics: dict[str, list[type[Event]]] = {}
    for event in EVENTS.values():
        topics.setdefault(event.topic, []).append(event)
    for name, events in topics.items():
        topic = topic_named(name)
        restricted = " (restricted)" if topic.restricted else ""
        lines += [
            "",
            f"## `{name}`{restricted}",
            "",
            f"{topic.what[0].upper()}{topic.what[1:]}. Key: {topic.key}.",
            "",
        ]
        lines += [
            f"* [{event.type}]({event.type}.md): {' '.join((event.__doc__ or '').split())}"
            for event in events
        ]
    return "\n".join(lines) + "\n"
