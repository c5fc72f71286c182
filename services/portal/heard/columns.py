"""What is looked for in each thing: its table, and the columns that stand beside its state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loti_contracts.events import (
    Benchmark,
    ConsumerState,
    Contact,
    Contribution,
    DeadLetter,
    Draft,
    Edition,
    ExemplarGap,
    HardRole,
    LibraryItem,
    Match,
    Notification,
    NovelRole,
    Outcome,
    PaySignal,
    Replay,
    Request,
    Review,
    Role,
    Round,
    RoundResult,
    SharedDemand,
    SourceState,
    State,
    Subscriptions,
    Supporter,
)
from loti_contracts.events.answers import Answer

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Where a kind of thing is kept. `columns` gives what is looked for, by the columns' names."""

    name: str
    columns: Callable[[Any], Columns]


def _role(role: Role) -> Columns:
    named, pay = role.standard_role, role.pay
    return {
        "status": role.status,
        "title": role.title,
        "employer": role.employer,
        "standard_role": named.name if named else None,
        "family": named.family if named else None,
        "level": role.level,
        "boroughs": [one.gss for one in role.authorities],
        "areas": sorted({one.area for one in role.authorities}),
        "pay_minimum": pay.minimum if pay else None,
        "pay_maximum": pay.maximum if pay else None,
        "pay_period": pay.period if pay else None,
        "posted_on": role.posted_on,
        "closes_on": role.closes_on,
        "found_at": role.found_at,
        "closed_at": role.closed_at,
    }


def _benchmark(cell: Benchmark) -> Columns:
    return {
        "standard_role": cell.standard_role,
        "family": cell.family,
        "level": cell.level,
        "area": cell.area,
        "period": cell.period,
        "adverts": cell.adverts,
    }


def _signal(signal: PaySignal) -> Columns:
    return {
        "kind": signal.kind,
        "standard_role": signal.standard_role,
        "role_id": signal.role_id,
        "benchmark_id": signal.benchmark_id,
    }


def _request(request: Request) -> Columns:
    return {
        "kind": request.kind,
        "status": request.status,
        "borough": request.borough,
        "contact_id": request.contact_id,
    }


def _supporter(supporter: Supporter) -> Columns:
    return {"kind": supporter.kind, "status": supporter.status, "contact_id": supporter.contact_id}


def _match(match: Match) -> Columns:
    who = [*match.shortlist, *([match.accepted] if match.accepted else [])]
    return {
        "request_id": match.request_id,
        "stage": match.stage or match.status,
        "borough": match.borough,
        "requester_contact_id": match.requester_contact_id,
        "supporter_contact_ids": sorted({one.contact_id for one in who}),
    }


def _item(item: LibraryItem) -> Columns:
    return {
        "kind": item.kind,
        "status": item.status,
        "title": item.title,
        "families": list(item.families),
        "standard_roles": list(item.standard_roles),
        "levels": list(item.levels),
        "skills": list(item.skills),
        "boroughs": list(item.boroughs),
        "starts_at": item.happening.starts_at if item.happening else None,
        "ends_at": item.happening.ends_at if item.happening else None,
        "published_at": item.published_at,
    }


def _draft(draft: Draft) -> Columns:
    return {
        "kind": draft.kind,
        "status": draft.status,
        "origin": draft.origin,
        "item_id": draft.item_id,
        "contact_id": draft.contact_id,
    }


def _contact(contact: Contact) -> Columns:
    return {
        "name": contact.name,
        "email": contact.email,
        "email_key": contact.email.casefold(),
        "borough": contact.borough,
        "roles": list(contact.roles),
    }


def _notification(told: Notification) -> Columns:
    return {"contact_id": told.contact_id, "kind": told.kind, "status": told.status}


def _dead_letter(letter: DeadLetter) -> Columns:
    return {"service": letter.service, "status": letter.status or "parked", "parked_at": letter.parked_at}


def _status(thing: Any) -> Columns:
    return {"status": thing.status}


TABLES: Final[Mapping[type[State], Table]] = {
    Role: Table("role", _role),
    Benchmark: Table("benchmark", _benchmark),
    PaySignal: Table("signal", _signal),
    SourceState: Table("source", _status),
    Request: Table("request", _request),
    Supporter: Table("supporter", _supporter),
    Answer: Table("answer", lambda _: {}),
    Outcome: Table("outcome", lambda _: {}),
    Match: Table("match", _match),
    SharedDemand: Table("demand", _status),
    NovelRole: Table("novel_role", _status),
    HardRole: Table("hard_role", _status),
    LibraryItem: Table("item", _item),
    Draft: Table("draft", _draft),
    Contribution: Table("contribution", lambda it: {"contact_id": it.contact_id, "item_id": it.item_id}),
    Review: Table("review", lambda it: {"draft_id": it.draft_id, "item_id": it.item_id}),
    ExemplarGap: Table(
        "exemplar_gap",
        lambda it: {"status": it.status, "standard_role": it.standard_role, "level": it.level},
    ),
    Edition: Table("edition", lambda it: {"sent_at": it.sent_at}),
    Round: Table("round", _status),
    RoundResult: Table("round_result", lambda it: {"status": it.status, "round_revision": it.round_revision}),
    Contact: Table("contact", _contact),
    Subscriptions: Table("subscriptions", _status),
    Notification: Table("notification", _notification),
    DeadLetter: Table("dead_letter", _dead_letter),
    ConsumerState: Table("consumer", _status),
    Replay: Table("replay", lambda it: {"service": it.service}),
}
"""Every thing that the portal keeps."""
