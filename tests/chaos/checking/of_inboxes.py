"""Inboxes: every event that a service handles had its effect there, and nothing waits anywhere. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from loti_contracts.events import TOPICS
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World

HEARERS: Final = ("salaries", "matching", "notify", "library", "portal", "webhooks")
_TOPICS: Final = {
    service: frozenset(topic.name for topic in TOPICS if service in topic.heard_by) for service in HEARERS
}


def check_inboxes(world: World) -> Iterator[Finding]:
    """Each event of each class that a service handles is remembered in its inbox, where its effects were committed, or is
    among its dead letters; nothing else is."""
    said: Mapping[str, tuple[str, str, str]] = {
        one.said.id: (one.topic, one.said.event.type, one.said.subject) for one in world.first
    }
    for service in HEARERS:
        known = {str(row["event_id"]) for row in world.rows(service, "inbox")}
        heard = {id_: it for id_, it in said.items() if it[0] in _TOPICS[service]}
        handled = {it[1] for id_, it in heard.items() if id_ in known}
        parked = {str(row["key"]) for row in world.rows(service, "dead_letters")}
        for id_, (topic, type_, key) in heard.items():
            if type_ in handled and id_ not in known and key not in parked:
                yield Finding(
                    "lost", f"{service}'s inbox", f"{type_} of {key}", f"event {id_} of {topic} was handled"
                )
        for id_ in known - said.keys():
            if not world.unknown:  # a version that is newer than this one handles what is not known here
                yield Finding("wrong", f"{service}'s inbox", id_, "only what is on a topic is handled")


def check_stuck(world: World) -> Iterator[Finding]:
    """Nothing waits to be published; nothing is parked; no breaker is open; no mail and no push is on its way for ever."""
    for service, tables in world.tables.items():
        by_topic = Counter(str(row["topic"]) for row in tables.get("outbox", ()))
        for topic, number in by_topic.items():
            yield Finding("stuck", f"{service}'s outbox", f"{number} events", f"they are on {topic}")
        for row in tables.get("breaker", ()):
            yield Finding("stuck", f"{service}'s consumer", "its breaker is open", str(row["reason"])[:200])
        for row in tables.get("dead_letters", ()):
            if row.get("replayed_at") is None:
                what = f"{row['topic']} {row['key']}"
                yield Finding(
                    "stuck", f"{service}'s dead letters", what, f"it can be handled: {row['reason']}"[:300]
                )
    for row in world.rows("notify", "thing"):
        if not row["judged"]:
            yield Finding(
                "stuck",
                "notify's things",
                f"{row['kind']} {row['id']}",
                "it is held against what people chose",
            )
    for row in world.rows("webhooks", "deliveries"):
        if row["state"] in ("waiting", "failed"):
            yield Finding(
                "stuck", f"the endpoint {row['endpoint']}", str(row["event_id"]), "it was pushed and taken"
            )
