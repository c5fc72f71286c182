"""Adopting: what notify said that contacts chose, and of what it told, is what it knows, where it is newer."""

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import is_sweep
from loti_contracts.events import (
    Edition,
    EditionPublished,
    Envelope,
    Notification,
    Subscriptions,
    SubscriptionsChanged,
    SubscriptionsErased,
)
from services.notify.people import choices
from services.notify.people.choice import Choice, Terms
from services.notify.people.questions import remind_at
from services.notify.recovery.told import Mailed, Told, mailed, told

_people = queries_beside(choices.__file__)
_queries = queries_beside(__file__)
_A_QUESTION: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def adopt(said: Sequence[Envelope[Any]], tx: Connection, *, terms: Terms) -> None:
    """Take over these states, each if it is newer than what is known; says nothing, and tells nobody."""
    await _adopt_choices(tx, [one for one in said if isinstance(one.event, SubscriptionsChanged)], terms)
    erased = [
        one
        for one in said
        if isinstance(one.event, SubscriptionsErased) and not is_sweep(one.event.contact_id)
    ]
    await _queries.forget_choices(tx, ids=[one.subject for one in erased], times=[one.time for one in erased])
    for one in said:
        if isinstance(one.event, EditionPublished):
            await _adopt_edition(tx, one, one.event.edition)
    told_ = [one for one in said if _is_told(one)]
    rows = _queries.told(tx, ids=[UUID(one.subject) for one in told_])
    known = {str(row["id"]): row["revision"] async for row in rows}
    newer = [one for one in told_ if known.get(one.subject, 0) < one.event.state.revision]
    await _adopt_mails(tx, mailed([one.event.state for one in newer]))
    await _adopt_told(tx, list({one.id: one for one in map(told, newer)}.values()))


def choice_of(said: Subscriptions, *, now: datetime, terms: Terms) -> Choice:
    """What a contact chose, as it was said; of a renewal that was asked for the ledger tells (see `settling`).

    A question that waits is due: whether it was mailed the ledger knows, and mails it no second time. What was said
    before it named the question and when the person spoke is taken for the person's word, so that no older yes counts.
    """
    named = said.question is not None and _A_QUESTION.fullmatch(said.question) is not None
    ask = UUID(said.question) if named and said.question else None
    full = said.spoke_at is not None or (said.status == "asked" and (named or not said.subscriptions))
    due = now if ask else None
    if said.status == "confirmed" and said.renew_by is not None:
        due = remind_at(said.renew_by, terms)
    return Choice(
        contact_id=said.id,
        revision=said.revision,
        status=said.status,
        chosen_at=said.chosen_at,
        subscriptions=said.subscriptions,
        quiet_hours=said.quiet_hours,
        most_a_day=said.most_a_day,
        spoke_at=said.spoke_at if full else max(said.chosen_at, said.confirmed_at or said.chosen_at),
        confirmed_at=said.confirmed_at,
        renew_by=said.renew_by,
        ask=ask,
        next_at=due,
        moved=said.moved,
    )


async def _adopt_choices(tx: Connection, said: Sequence[Envelope[Any]], terms: Terms) -> None:
    if not said:
        return
    ids = [one.subject for one in said]
    known = {row["contact_id"]: row["revision"] async for row in _queries.choice_revisions(tx, ids=ids)}
    now = datetime.now(UTC)
    for one in said:
        if known.get(one.subject, 0) < one.event.state.revision:
            await _people.save_choice(
                tx,
                **choices.columns(choice_of(one.event.state, now=now, terms=terms)),
                caused_by=one.causation_id or one.correlation_id,
                correlation_id=one.correlation_id,
                judged=False,
            )


async def _adopt_edition(tx: Connection, said: Envelope[Any], edition: Edition) -> None:
    facts = {
        name: getattr(edition, name) for name in ("id", "title", "summary", "markdown", "since", "until")
    }
    await _queries.adopt_edition(tx, **facts, sent_at=edition.sent_at)
    await _queries.adopt_edition_thing(
        tx,
        id=edition.id,
        state=edition.model_dump_json(),
        event_id=said.id,
        correlation_id=said.correlation_id,
        at=edition.sent_at,
    )


def _is_told(one: Envelope[Any]) -> bool:
    state = getattr(one.event, one.event.about, None)
    return isinstance(state, Notification) and _A_QUESTION.fullmatch(state.id) is not None


async def _adopt_mails(tx: Connection, mails: Sequence[Mailed]) -> None:
    if mails:
        columns = {field.name: [getattr(one, field.name) for one in mails] for field in fields(Mailed)}
        await _queries.adopt_mails(
            tx,
            ids=columns["id"],
            kinds=columns["kind"],
            statuses=columns["status"],
            attempts=columns["attempts"],
            doubts=columns["doubts"],
            sent_ats=columns["sent_at"],
            answers=columns["answer"],
        )


async def _adopt_told(tx: Connection, rows: Sequence[Told]) -> None:
    if rows:
        columns = {field.name: [getattr(one, field.name) for one in rows] for field in fields(Told)}
        await _queries.adopt_notifications(
            tx,
            ids=columns["id"],
            revisions=columns["revision"],
            kinds=columns["kind"],
            abouts=columns["about"],
            thing_kinds=columns["thing_kind"],
            thing_ids=columns["thing_id"],
            contact_ids=columns["contact_id"],
            causes=columns["caused_by"],
            correlations=columns["correlation_id"],
            whys=columns["why"],
            dues=columns["due_at"],
            withhelds=columns["withheld"],
            returneds=columns["returned"],
            mail_ids=columns["mail_id"],
        )
