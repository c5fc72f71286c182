"""Choices: what each contact wants, kept, and said to others as it changes. The SQL is in `queries.sql`.

Whatever changes a choice holds its contact's row first, so that a statement, a page and the clock come one after the
other. Every change that others can see counts a revision and says SubscriptionsChanged.
"""

import uuid
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Envelope, QuietHours, Subscription, SubscriptionsChanged
from services.notify.people import consent
from services.notify.people.choice import Choice, Terms, changed_since, numbered
from services.notify.sending import ledger
from services.notify.settings import NotifySettings

_queries = queries_beside(__file__)
_SUBSCRIPTIONS: Final = TypeAdapter(tuple[Subscription, ...])


class NoSuchContact(LookupError):
    """There is no contact of that id, or it is erased."""


def terms_of(settings: NotifySettings) -> Terms:
    """For how long a yes counts, as the service is told."""
    return Terms(settings.consent_days, settings.remind_days)


async def look(tx: Connection, contact_id: str) -> Choice | None:
    """What a contact chose; None where it never stated anything."""
    row = await _queries.look_at_choice(tx, contact_id=contact_id)
    return read(row) if row else None


async def hold(tx: Connection, contact_id: str) -> Choice | None:
    """The same, this transaction's to change; its contact is held already."""
    row = await _queries.choice(tx, contact_id=contact_id)
    return read(row) if row else None


async def choose(
    tx: Connection,
    contact_id: str,
    *,
    subscriptions: tuple[Subscription, ...],
    quiet_hours: QuietHours | None,
    most_a_day: int | None,
    now: datetime,
    terms: Terms,
    ask: UUID | None = None,
) -> Choice:
    """The person chose on its page; `ask` is the question whose link it followed, if any. To choose nothing is a no.

    The choice is `asked` afterwards where the contact moved to another address and has not said yes there yet: a mail
    goes out. Raises NoSuchContact.
    """
    known = await _held(tx, contact_id)
    after = consent.chose(
        known, contact_id, subscriptions, quiet_hours, most_a_day, now=now, terms=terms, ask=ask
    )
    return await _saved(tx, known, after)


async def confirm(tx: Connection, contact_id: str, ask: UUID, *, now: datetime, terms: Terms) -> Choice:
    """The person said yes to a question that was mailed: the first yes, or another year.

    Raises NoSuchContact, and consent.NotAsked with what to tell the person.
    """
    known = await _held(tx, contact_id)
    if known is None:
        raise consent.NotAsked("There is nothing that waits for your yes.")
    return await _saved(tx, known, consent.said_yes(known, ask, now=now, terms=terms))


async def withdraw(tx: Connection, contact_id: str, *, now: datetime) -> Choice:
    """The person unsubscribed from everything. Raises NoSuchContact."""
    known = await _held(tx, contact_id)
    return await _saved(tx, known, consent.said_no(known, contact_id, now=now))


async def propose(
    tx: Connection, contact_id: str, subscriptions: tuple[Subscription, ...], *, now: datetime
) -> Choice:
    """The staff proposes; the person is asked. Raises NoSuchContact, and consent.NotAsked where it chose itself."""
    known = await _held(tx, contact_id)
    return await _saved(tx, known, consent.proposed(known, contact_id, subscriptions, now=now))


async def save(
    tx: Connection, before: Choice | None, after: Choice | None, *, cause: Envelope[Any] | None = None
) -> Choice | None:
    """Keep a choice that may have changed and, where others can see it, say so; gives it back with its revision."""
    if after is None or after == before:
        return before
    changed = changed_since(before, after)
    kept = numbered(before, after)
    caused_by, correlation_id = await _chain(tx, before, cause)
    await _queries.save_choice(
        tx, **columns(kept), judged=not changed, caused_by=caused_by, correlation_id=correlation_id
    )
    if before is not None and kept.ask != before.ask:
        await _drop_other_questions(tx, kept)
    if changed:
        event = SubscriptionsChanged(
            subscriptions=kept.said, changed=tuple(sorted(changed)) if before else ()
        )
        await outbox.add(tx, event, caused_by=cause, correlation_id=None if cause else correlation_id)
    return kept


def read(row: Any) -> Choice:
    """A choice as it was kept."""
    return Choice(
        contact_id=row["contact_id"],
        revision=row["revision"],
        status=row["status"],
        chosen_at=row["chosen_at"],
        subscriptions=_SUBSCRIPTIONS.validate_json(row["subscriptions"]),
        quiet_hours=QuietHours.model_validate_json(row["quiet_hours"]) if row["quiet_hours"] else None,
        most_a_day=row["most_a_day"],
        spoke_at=row["spoke_at"],
        confirmed_at=row["confirmed_at"],
        renew_by=row["renew_by"],
        ask=row["ask"],
        asked_at=row["asked_at"],
        next_at=row["next_at"],
        moved=row["moved"],
    )


def columns(choice: Choice) -> dict[str, Any]:
    """A choice as it is kept."""
    return {name: getattr(choice, name) for name in Choice.__slots__} | {
        "subscriptions": _SUBSCRIPTIONS.dump_json(choice.subscriptions).decode(),
        "quiet_hours": choice.quiet_hours.model_dump_json() if choice.quiet_hours else None,
    }


async def _held(tx: Connection, contact_id: str) -> Choice | None:
    contact = await _queries.contact_for_change(tx, id=contact_id)
    if contact is None or contact["erased_at"] is not None:
        raise NoSuchContact(f"there is no contact {contact_id!r}, or it is erased")
    return await hold(tx, contact_id)


async def _saved(tx: Connection, before: Choice | None, after: Choice) -> Choice:
    return await save(tx, before, after) or after


async def _chain(tx: Connection, before: Choice | None, cause: Envelope[Any] | None) -> tuple[str, str]:
    """The id of what led here, and what all that comes of it is correlated by."""
    if cause is not None:
        return cause.id, cause.correlation_id
    row = await _queries.look_at_choice(tx, contact_id=before.contact_id) if before else None
    if row and row["caused_by"]:
        return row["caused_by"], row["correlation_id"]
    new = str(uuid.uuid4())
    return new, new


async def _drop_other_questions(tx: Connection, choice: Choice) -> None:
    rows = _queries.other_questions(
        tx, contact_id=choice.contact_id, ask=str(choice.ask) if choice.ask else None
    )
    why = "It was answered, or something else is asked now."
    await ledger.withhold(tx, {row["id"]: why async for row in rows})
