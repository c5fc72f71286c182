"""Portal, library and webhooks: what they keep of the topics is what the topics say. Pure."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from loti_contracts.events import (
    TOPICS,
    Benchmark,
    Draft,
    Envelope,
    Erasure,
    ExemplarGap,
    FollowUpDue,
    LibraryItem,
    Role,
)
from loti_contracts.events.topics import DRAFTS, EXEMPLAR_GAPS, LIBRARY, MATCHES, ROLES
from services.portal.heard.columns import TABLES
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World, plain
from tests.chaos.ledger import Ledger

_HISTORIES = {Role: "role_history", Benchmark: "benchmark_history", LibraryItem: "item_history"}


def check_portal(world: World) -> Iterator[Finding]:
    """Each thing's newest state is kept, whole; nothing else is; what led to it is there revision by revision; of who was
    erased nothing is left."""
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for one in world.newest.values():
        if type(one.said.event.state) in TABLES and _heard(one.topic):
            wanted[TABLES[type(one.said.event.state)].name, one.said.subject] = plain(one.said.event.state)
    kinds = {table.name: kind for kind, table in TABLES.items()}
    erased = {one.said.subject for one in world.first if isinstance(one.said.event, Erasure)}
    for table, kind in kinds.items():
        for row in world.rows("portal", table):
            state = wanted.pop((table, str(row["id"])), None)
            if state is None:
                yield Finding("wrong", f"portal's {table}", str(row["id"]), "its topic does not say it")
            elif plain(kind.model_validate(row["state"])) != state:
                why = f"it is revision {state['revision']}, as it was said; not {row['revision']}"
                yield Finding("lost", f"portal's {table}", str(row["id"]), why)
    for (table, id_), state in wanted.items():
        if state.get("contact_id") not in erased:  # what was told to who was erased is forgotten with them
            yield Finding("lost", f"portal's {table}", id_, f"revision {state['revision']} was said")
    yield from _histories(world)


def _heard(topic: str) -> bool:
    return any(one.name == topic and "portal" in one.heard_by for one in TOPICS)


def _histories(world: World) -> Iterator[Finding]:
    for kind, table in _HISTORIES.items():
        kept = {(str(row["id"]), int(row["revision"])) for row in world.rows("portal", table)}
        for one in world.first:
            if isinstance(one.said.event, Erasure) or not isinstance(one.said.event.state, kind):
                continue
            if (one.said.subject, one.revision) not in kept:
                yield Finding(
                    "lost",
                    f"portal's {table}",
                    f"{one.said.subject}, revision {one.revision}",
                    "it was said",
                )
    asked = {(str(row["match_id"]), str(row["after"])) for row in world.rows("portal", "follow_up")}
    for event in world.events(MATCHES):
        if isinstance(event, FollowUpDue) and (event.match.id, event.after) not in asked:
            yield Finding(
                "lost", "portal's follow_up", event.match.id, f"the question after {event.after} fell due"
            )


def check_library(world: World) -> Iterator[Finding]:
    """Adverts are the roles; items, drafts and gaps are as they were said."""
    adverts = {str(row["role_id"]): row for row in world.rows("library", "adverts")}
    for id_, role in world.states(ROLES, Role).items():
        row = adverts.pop(id_, None)
        if row is None:
            yield Finding("lost", "library's adverts", id_, f"revision {role.revision} was heard")
        elif (row["revision"], row["open"], row["level"]) != (role.revision, role.status == "open", role.level if role.standard_role else row["level"]):  # fmt: skip
            yield Finding("wrong", "library's adverts", id_, f"it is revision {role.revision}, {role.status}")
    for id_ in adverts:
        yield Finding("wrong", "library's adverts", id_, "no such role was said")
    for topic, kind, table in (
        (LIBRARY, LibraryItem, "items"),
        (DRAFTS, Draft, "drafts"),
        (EXEMPLAR_GAPS, ExemplarGap, "gaps"),
    ):
        said = {id_: plain(state) for id_, state in world.states(topic, kind).items()}
        rows = {
            str(row["id"]): row["state"] for row in world.rows("library", table) if row["state"] is not None
        }
        for id_ in rows.keys() - said.keys():
            yield Finding("lost", topic.name, id_, f"the library keeps it in {table}, so it was said")
        for id_, state in said.items():
            kept = plain(kind.model_validate(rows[id_])) if id_ in rows else None
            if (
                kept is not None and state.get("version", 0) is None
            ):  # what others stated has its first version here
                kept |= {"version": None}
            if kept != state:
                yield Finding(
                    "wrong", f"library's {table}", id_, f"it is revision {state['revision']}, as it was said"
                )


def check_webhooks(world: World, ledger: Ledger) -> Iterator[Finding]:
    """The log has every public event once, each thing's in order; the flow's endpoint took each that came after it."""
    public = {topic.name for topic in TOPICS if not topic.restricted}
    rows = sorted(world.rows("webhooks", "events"), key=lambda row: int(row["position"]))
    kept = {str(row["id"]): int(row["position"]) for row in rows}
    said: dict[str, Envelope[Any]] = {one.said.id: one.said for one in world.first if one.topic in public}
    for id_ in said.keys() - kept.keys():
        yield Finding(
            "lost", "webhooks' events", id_, f"{said[id_].event.type} of {said[id_].subject} was said"
        )
    highest: dict[tuple[str, str], int] = {}
    for row in rows:
        one, thing = said.get(str(row["id"])), (str(row["topic"]), str(row["key"]))
        if one is None:
            continue
        revision = one.event.state.revision
        if revision <= highest.get(thing, 0):
            yield Finding(
                "out of order",
                "webhooks' events",
                f"{row['key']}, revision {revision}",
                f"after {highest[thing]}",
            )
        highest[thing] = max(highest.get(thing, 0), revision)
    queued = {
        str(row["event_id"]): row
        for row in world.rows("webhooks", "deliveries")
        if row["endpoint"] == ledger.endpoint
    }
    for id_ in queued.keys() - ledger.pushed.keys():
        if queued[id_]["state"] != "superseded":
            yield Finding(
                "lost",
                "the flow's endpoint",
                id_,
                "it took what was pushed",
            )
    first = min((kept[id_] for id_ in queued if id_ in kept), default=0)
    for id_, position in kept.items():
        if ledger.endpoint and position >= first and id_ not in queued:
            yield Finding(
                "lost", "webhooks' deliveries", id_, "what comes after an endpoint was added goes to it"
            )
    for id_ in ledger.overtaken:
        yield Finding("out of order", "the flow's endpoint", id_, "no state comes first after a later one")
    if ledger.forged:
        yield Finding(
            "wrong", "the flow's endpoint", f"{ledger.forged} requests", "each is signed with its secret"
        )


def pushed_again(ledger: Ledger) -> Counter[str]:
    """How many events came to the endpoint more than once, each under its own id, as at least once allows."""
    return Counter({"events": sum(number > 1 for number in ledger.pushed.values())})
