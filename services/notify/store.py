"""What notify knows: contacts with their subscriptions, roles, accepted matches. The SQL is in `queries.sql`."""

from datetime import datetime
from typing import Any, Final

import asyncpg
from pydantic import TypeAdapter

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Contact, Match, Role, Subscription
from services.notify.alerts import Alert
from services.notify.subscriptions import Subscriber

_queries = queries_beside(__file__)
_SUBSCRIPTIONS: Final = TypeAdapter(tuple[Subscription, ...])
_MOST = 500


async def save_contact(tx: Connection, contact: Contact, *, stated_at: datetime) -> None:
    """Keep a contact as it is now, unless it is stale or stated before its erasure."""
    await _queries.save_contact(
        tx,
        id=contact.id,
        revision=contact.revision,
        name=contact.name,
        email=contact.email,
        organisation=contact.organisation,
        borough=contact.borough,
        subscriptions=_SUBSCRIPTIONS.dump_json(contact.subscriptions).decode(),
        stated_at=stated_at,
    )


async def erase_contact(tx: Connection, contact_id: str, *, erased_at: datetime) -> None:
    """Forget everything personal about a contact."""
    await _queries.erase_contact(tx, id=contact_id, erased_at=erased_at)
    await _queries.erase_notes_of(tx, contact_id=contact_id)


async def save_role(tx: Connection, role: Role, *, event_id: str, correlation_id: str) -> None:
    """Keep a role as it is now, unless it is stale. No mail shows its description."""
    await _queries.save_role(
        tx,
        id=role.id,
        revision=role.revision,
        status=role.status,
        state=role.model_dump_json(exclude={"description"}),
        event_id=event_id,
        correlation_id=correlation_id,
    )


async def save_match(tx: Connection, match: Match) -> bool:
    """Keep an answered match as it is now; whether it was news."""
    state = match.model_dump_json(exclude={"shortlist", "left_out"})
    return await _queries.save_match(tx, id=match.id, revision=match.revision, state=state) is not None


def read_match(state: str) -> Match:
    """A match as it was kept: without the shortlist."""
    return Match.model_validate_json(state.replace("{", '{"shortlist": [],', 1))


def read_subscriptions(text: str) -> tuple[Subscription, ...]:
    """Subscriptions as they were kept."""
    return _SUBSCRIPTIONS.validate_json(text)


async def take_new_roles(tx: Connection) -> list[Role]:
    """Open roles that were not yet held against the subscriptions; they are now, if `tx` commits."""
    rows = [row async for row in _queries.take_unjudged_roles(tx, most=_MOST)]
    return [Role.model_validate_json(row["state"]) for row in rows]


async def take_new_subscribers(tx: Connection) -> list[Subscriber]:
    """Contacts that were not yet held against the roles; they are now, if `tx` commits."""
    rows = [row async for row in _queries.take_unjudged_contacts(tx, most=_MOST)]
    return [_subscriber(row["id"], row["subscriptions"]) for row in rows]


async def subscribers(tx: Connection) -> list[Subscriber]:
    """Every contact that subscribed to something."""
    return [_subscriber(row["id"], row["subscriptions"]) async for row in _queries.subscribers(tx)]


async def open_roles(tx: Connection) -> list[Role]:
    """Every role that is open."""
    return [Role.model_validate_json(row["state"]) async for row in _queries.open_roles(tx)]


async def add_alerts(tx: Connection, alerts: list[Alert]) -> None:
    """These alerts are due, each once for ever."""
    unique = {alert.id: alert for alert in alerts}
    await _queries.add_alerts(
        tx,
        ids=list(unique),
        role_ids=[alert.role_id for alert in unique.values()],
        contact_ids=[alert.contact_id for alert in unique.values()],
        whys=[alert.why for alert in unique.values()],
    )


def _subscriber(contact_id: str, subscriptions: str) -> Subscriber:
    return Subscriber(contact_id, read_subscriptions(subscriptions))


async def progress(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """The figures of the health page."""
    return dict(await _queries.progress(pool))
