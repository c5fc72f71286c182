"""What is committed for others to read is what the code says."""

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import SecretStr

from deploy.contract_files import examples, files
from loti_contracts.documents import asyncapi, schema_of
from loti_contracts.events import EVENTS, TOPICS, Envelope, Erasure, decode, encode, topic_named
from services.ingest.settings import IngestSettings
from services.library.app import service as library
from services.matching.app import service as matching
from services.notify.app import service as notify
from services.notify.settings import NotifySettings
from services.portal.app import service as portal
from services.portal.settings import PortalSettings
from services.salaries.app import service as salaries
from services.webhooks.app import service as webhooks
from services.webhooks.settings import WebhooksSettings

ROOT = Path(__file__).parents[2] / "contracts"
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


def test_the_committed_documents_are_what_the_models_say() -> None:
    """A change of the contract shows as a diff. If this fails: `make contracts`, and read the diff."""
    made = [*(ROOT / "schemas").glob("*"), *(ROOT / "catalogue").glob("*")]
    assert {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in made} == files()


def test_the_asyncapi_document_is_one() -> None:
    """By the schema that the AsyncAPI Initiative publishes for 3.0.0; every reference leads somewhere, every message has
    an example that fits its schema, and made twice it is the same."""
    document = asyncapi(examples())
    official = json.loads((Path(__file__).parents[1] / "data" / "asyncapi-3.0.0.json").read_text())
    jsonschema.Draft7Validator(official).validate(document)
    for type_, message in document["components"]["messages"].items():
        [example] = message["examples"]
        schema = message["payload"]["schema"] | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(example["payload"])
        jsonschema.Draft202012Validator(document["components"]["schemas"]["headers"]).validate(
            example["headers"]
        )
        assert example["headers"]["ce_type"] == type_
    assert json.dumps(asyncapi(examples())) == json.dumps(document)


def test_every_event_has_a_page() -> None:
    """With its meaning, every field, its example, its history and who listens; the list names each of them."""
    pages = {name.removeprefix("catalogue/"): text for name, text in files().items() if "catalogue/" in name}
    for type_, event in EVENTS.items():
        page = pages[f"{type_}.md"]
        assert " ".join((event.__doc__ or "").split()) in page
        assert f"({type_}.md)" in pages["README.md"]
        assert "## Example" in page
        assert "## History" in page
        for name in event.model_fields if not issubclass(event, Erasure) else ():
            assert f"`{name}`" in page
    assert "example subscriber" in pages["london.loti.role.discovered.v1.md"]


@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_every_schema_is_a_schema(type_: str) -> None:
    """Valid JSON Schema 2020-12, with a description for people."""
    schema = schema_of(EVENTS[type_])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["description"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_and_valid(path: Path) -> None:
    """Real messages of the running system, some older than the newest fields: read by the models, valid by the schema,
    and whatever they say is said again to the letter."""
    example = json.loads(path.read_text(encoding="utf-8"))
    value = None if example["value"] is None else json.dumps(example["value"], ensure_ascii=False).encode()
    headers = [(name, text.encode()) for name, text in example["headers"].items()]
    said = decode(example["key"].encode(), value, headers)
    assert isinstance(said, Envelope)
    assert (said.event.type, said.event.topic) == (path.stem, example["topic"])
    jsonschema.Draft202012Validator(schema_of(type(said.event))).validate(example["value"])
    key, again, attributes = encode(said)
    assert key.decode() == example["key"]
    assert _still_says(again and json.loads(again), example["value"])
    assert {name: text.decode() for name, text in attributes} == example["headers"]


def _still_says(now: object, before: object) -> bool:
    """Whether all that was said before is said now; fields that were added since do not count."""
    if isinstance(now, dict) and isinstance(before, dict):
        return all(name in now and _still_says(now[name], value) for name, value in before.items())
    if isinstance(now, list) and isinstance(before, list):
        return len(now) == len(before) and all(map(_still_says, now, before))
    return now == before


def test_every_event_has_an_example_and_no_example_is_an_orphan() -> None:
    """Nothing is published without showing what it looks like."""
    assert {path.stem for path in EXAMPLES} == set(EVENTS)


def test_the_table_of_topics_names_those_who_hear() -> None:
    """Who hears a topic, by the table, is who subscribes to it, by the wiring."""
    services = (
        matching(),
        salaries(),
        notify(NotifySettings(link_keys=SecretStr("k" * 32))),
        library(),
        portal(PortalSettings(session_keys=SecretStr("k" * 32))),
        webhooks(WebhooksSettings(webhook_keys=SecretStr("k" * 32))),
    )
    wired = {service.name: {topic.name for topic in service.hears} for service in services}
    wired["ingest"] = set()
    told = {name: {topic.name for topic in TOPICS if name in topic.heard_by} for name in wired}
    assert told == wired
    assert IngestSettings().poll_every > 0


def test_every_event_is_on_a_topic_and_every_topic_has_events() -> None:
    """No event without a home, no topic without a voice, in the code and in the AsyncAPI document."""
    assert {event.topic for event in EVENTS.values()} == {topic.name for topic in TOPICS}
    document = asyncapi()
    assert set(document["channels"]) == {topic.name for topic in TOPICS}
    for name, channel in document["channels"].items():
        said = {type_ for type_, event in EVENTS.items() if event.topic == name}
        assert set(channel["messages"]) == said
        assert channel["bindings"]["kafka"]["partitions"] == topic_named(name).partitions


def test_people_are_on_restricted_topics_alone() -> None:
    """No public event has a field for a name of a person, an address or a telephone number."""
    private = ("email", "address", "telephone", "phone", "first_name", "surname")
    for type_, event in EVENTS.items():
        if not topic_named(event.topic).restricted:
            text = json.dumps(schema_of(event)["properties"] | schema_of(event).get("$defs", {}))
            fields = [name for name in private if f'"{name}":' in text]
            assert not fields, f"{type_} has {fields}"


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    """A tool that resolves references from the document's root, as AsyncAPI's own parser does, finds them all."""
    document = asyncapi()

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    found = references(document)
    assert len(found) > 40
    for reference in found:
        place: object = document
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(place, dict)
            assert step in place, reference
            place = place[step]
