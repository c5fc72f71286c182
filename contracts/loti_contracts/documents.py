"""The contract as documents: a JSON Schema for each event and one AsyncAPI 3.0 document, made from the models.

They are committed under `contracts/schemas/`, so that a change of the contract is a diff that somebody reads.
"""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic.json_schema import DEFAULT_REF_TEMPLATE

from loti_contracts.events import EVENTS, TOPICS, Erasure, Event, Topic

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def documents(examples: Mapping[str, Any] = MappingProxyType({})) -> Mapping[str, str]:
    """File name → text, for everything under `contracts/schemas/`.

    `examples` are messages by event: `{"headers": {…}, "value": …}`.
    """
    found = {f"{type_}.json": _text(schema_of(event)) for type_, event in EVENTS.items()}
    found["asyncapi.json"] = _text(asyncapi(examples))
    return found


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's data. A tombstone has none but null."""
    if issubclass(event, Erasure):
        return {
            "$schema": DIALECT,
            "$id": event.type,
            "title": event.__name__,
            "description": event.__doc__,
            "type": "null",
        }
    return {"$schema": DIALECT, "$id": event.type} | _of_model(event, DEFAULT_REF_TEMPLATE)


def _of_model(event: type[Event], ref_template: str) -> dict[str, Any]:
    """The model's own schema, whoever asks a copy of his own."""
    found: dict[str, Any] = json.loads(_as_text(event, ref_template))
    return found


@cache
def _as_text(event: type[Event], ref_template: str) -> str:
    return json.dumps(event.model_json_schema(mode="validation", ref_template=ref_template))


def asyncapi(examples: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """All topics: channels, messages, keys, headers, retention, who says and who hears, and what it looks like."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Talent Exchange",
            "version": "1.0.0",
            "description": "What the services say to each other and to any other system that listens. "
            "CloudEvents 1.0 in binary mode on Kafka; every event carries the whole state after it.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": _operations(),
        "components": {
            "messages": {type_: _message(event, examples.get(type_)) for type_, event in EVENTS.items()},
            "schemas": _parts() | {"headers": _headers()},
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    types = [type_ for type_, event in EVENTS.items() if event.topic == topic.name]
    configuration: dict[str, Any] = {"cleanup.policy": ["compact" if topic.compacted else "delete"]}
    if topic.keep_for is not None:
        configuration["retention.ms"] = int(topic.keep_for.total_seconds() * 1000)
    return {
        "address": topic.name,
        "title": topic.what,
        "description": f"Key: {topic.key}. Said by {topic.owner}."
        + (" Restricted: it carries personal data." if topic.restricted else ""),
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in types},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for topic in TOPICS:
        channel = {"$ref": f"#/channels/{topic.name}"}
        found[f"{topic.owner} says {topic.name}"] = {"action": "send", "channel": channel}
        for service in topic.heard_by:
            found[f"{service} hears {topic.name}"] = {
                "action": "receive",
                "channel": channel,
                "bindings": {"kafka": {"groupId": {"type": "string"} | _group(service)}},
            }
    return found


def _group(service: str) -> dict[str, str]:
    return {"pattern": r"^loti\..+$"} if service == "every service" else {"const": f"loti.{service}"}


def _message(event: type[Event], example: Any) -> dict[str, Any]:
    said = {"examples": [{"headers": example["headers"], "payload": example["value"]}]} if example else {}
    return said | {
        "name": event.type,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip(),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": _payload(event),
        },
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
    }


_PART = "#/components/schemas/{model}"


def _payload(event: type[Event]) -> dict[str, Any]:
    """An event's schema with its parts by reference: within one document, every $ref starts at its root."""
    if issubclass(event, Erasure):
        return {"type": "null"}
    schema = _of_model(event, _PART)
    schema.pop("$defs", None)
    return schema


def _parts() -> dict[str, Any]:
    """The things that events carry, each once."""
    found: dict[str, Any] = {}
    for event in EVENTS.values():
        found |= _of_model(event, _PART).get("$defs", {})
    return found


def _headers() -> dict[str, Any]:
    said = {
        "ce_specversion": "CloudEvents version, 1.0.",
        "ce_id": "Unique for ever; the same event redelivered has the same.",
        "ce_source": "Who said it.",
        "ce_type": "Which event, with its version.",
        "ce_subject": "The key: the id of the thing spoken of.",
        "ce_time": "When it was said, RFC 3339, UTC.",
        "ce_correlationid": "The same on everything that one first cause led to.",
        "ce_causationid": "The ce_id of the event that this one answers; absent on a first cause.",
        "content-type": "application/json",
        "traceparent": "Its place in a trace (W3C Trace Context), where the sender tells traces; the trace's id is the "
        "correlation id without its hyphens.",
    }
    return {
        "type": "object",
        "required": [name for name in said if name not in ("ce_causationid", "traceparent")],
        "properties": {name: {"type": "string", "description": text} for name, text in said.items()},
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
