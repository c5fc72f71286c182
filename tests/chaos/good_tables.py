"""What every database holds in a good world: rows made from its log, as the services keep them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from loti_contracts.events import TOPICS, Benchmark, Contact, Match, Request, Role, Supporter
from services.matching.cases import match_id
from services.notify.identity import mail_id, notification_id
from services.notify.things import MODELS
from services.portal.heard.columns import TABLES
from services.salaries.observations import observe
from tests.chaos.checking.of_inboxes import HEARERS
from tests.chaos.checking.world import World, plain

REQUEST, READER, LEFT = "request-1", "contact-1", "contact-3"


def public_events(world: World) -> list[dict[str, Any]]:
    public = {topic.name for topic in TOPICS if not topic.restricted}
    return [{"position": one.offset, "id": one.said.id, "type": one.said.event.type, "topic": one.topic, "key": one.said.subject}
            for one in world.log if one.topic in public]  # fmt: skip


def tables(
    world: World, roles: Sequence[Role], told: Sequence[tuple[Any, str, str]]
) -> dict[str, dict[str, Any]]:
    newest = [one.said.event.state for one in world.newest.values()]
    of: dict[type, list[dict[str, Any]]] = defaultdict(list)
    for state in newest:
        of[type(state)].append({"id": state.id, "revision": state.revision, "state": plain(state)})
    heard = {topic.name: topic.heard_by for topic in TOPICS}
    inbox = {s: [{"event_id": one.said.id} for one in world.log if s in heard[one.topic]] for s in HEARERS}
    portal: dict[str, Any] = {table.name: of[kind] for kind, table in TABLES.items()}
    portal["role_history"] = [{"id": role.id, "revision": role.revision} for role in roles]
    portal["benchmark_history"] = of[Benchmark]
    now = {role.id: role for role in roles}
    people = [one["state"] | {"erased_at": None} for one in of[Contact]] + [
        {"id": LEFT, "revision": 1, "email": None, "erased_at": "x"}
    ]
    kinds = {model: kind for kind, model in MODELS.items()}
    events = public_events(world)
    ids = [(kind, about, who, notification_id(kind, about, who)) for kind, about, who in told]
    own: dict[str, dict[str, Any]] = {
        "ingest": {
            "roles": [{"id": role.id, "role": plain(role)} for role in now.values()],
            "sightings": [{"id": role.id, "role_id": role.id} for role in now.values()],
        },
        "salaries": {
            "observations": [{name: getattr(observe(role), name) for name in
                              ("role_id", "revision", "standard_role", "level", "bottom", "top", "why_left_out")} for role in now.values()],
            "superseded_observations": [{"role_id": role.id, "revision": role.revision} for role in roles],
            "benchmarks": [{"id": row["id"], "benchmark": row["state"]} for row in of[Benchmark]],
        },
        "matching": {
            "requests": of[Request],
            "supporters": of[Supporter],
            "matches": of[Match],
            "roles": of[Role],
            "answers": [{"match_id": match_id(REQUEST), "revision": 1}],
        },
        "library": {
            "adverts": [{"role_id": role.id, "revision": role.revision, "open": role.status == "open", "level": role.level}
                        for role in now.values()],
        },
        "portal": portal,
        "webhooks": {
            "events": events,
            "deliveries": [{"endpoint": "flow", "event_id": row["id"], "state": "delivered", "attempts": 1} for row in events],
        },
        "notify": {
            "contact": people,
            "choice": [{"contact_id": READER, "revision": 1, "status": "confirmed"}],
            "thing": [{"kind": kinds[type(s)], "id": s.id, "revision": s.revision, "judged": True} for s in newest if type(s) in kinds],
            "notification": [{"id": str(id_), "kind": kind, "about": about, "contact_id": who, "withheld": None,
                              "mail_id": str(mail_id([id_]))} for kind, about, who, id_ in ids],
            "mail": [{"id": str(mail_id([id_])), "kind": "digest", "status": "sent", "doubts": 0, "answer": None} for *_, id_ in ids],
        },
    }  # fmt: skip
    return {service: {"inbox": inbox.get(service, []), **rows} for service, rows in own.items()}
