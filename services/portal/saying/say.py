"""Says what a person said on a page: into the tables that pages read, the outbox and the audit log, all or nothing."""

from datetime import UTC, datetime
from typing import TypeVar

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import ContactErased, Event, State
from services.portal.heard import forgetting, store
from services.portal.heard.columns import TABLES
from services.portal.signin.visitor import Visitor

_queries = queries_beside(__file__)
S = TypeVar("S", bound=State)


class Stale(Exception):
    """Somebody else changed the thing meanwhile; the page must be looked at again."""


async def say(tx: Connection, visitor: Visitor, event: Event, *, what: str) -> None:
    """Say it as of now. `what` goes into the audit log, in words: "asked for help".

    The state's revision must be one more than what is kept (`next_revision`). Raises Stale where it is not.
    """
    state = event.state
    before = await store.newest(tx, type(state), state.id, to_change=True)
    if state.revision != (before.revision if before else 0) + 1:
        raise Stale(f"{state.id} was changed by somebody else meanwhile")
    await store.keep(tx, [(event, datetime.now(UTC))])
    await store.ring(tx, [TABLES[type(state)].name])
    await outbox.add(tx, event, source="/loti/portal")
    await audit(tx, visitor, what, event_type=event.type, subject=event.subject)


async def next_revision(tx: Connection, kind: type[S], id_: str) -> tuple[S | None, int]:
    """The thing as it is, locked until `tx` ends, and the revision that follows it."""
    before = await store.newest(tx, kind, id_, to_change=True)
    return before, (before.revision if before else 0) + 1


async def audit(
    tx: Connection, visitor: Visitor, what: str, *, event_type: str | None = None, subject: str | None = None
) -> None:
    """Write down who did what."""
    await _queries.add_audit(
        tx, contact_id=visitor.contact_id, what=what, event_type=event_type, subject=subject
    )


async def forget(tx: Connection, visitor: Visitor, contact_id: str, *, what: str) -> None:
    """Say that a contact is forgotten. Here it is at once, with its sessions; elsewhere when they hear of it."""
    await forgetting.forget(tx, contact_id, now=datetime.now(UTC))
    event = ContactErased(contact_id=contact_id)
    await outbox.add(tx, event, source="/loti/portal")
    await audit(tx, visitor, what, event_type=event.type, subject=contact_id)
