"""Asking: mails that ask for a yes or for another year of it, when they are due; and what ran out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import SubscriptionsChanged
from services.notify.identity import mail_id, notification_id
from services.notify.people import choices, erasure, questions, store
from services.notify.people.address_keys import hash_keys
from services.notify.people.choice import Choice, numbered
from services.notify.sending import ledger
from services.notify.settings import NotifySettings
from services.notify.telling.timing import quiet_until

_queries = queries_beside(__file__)
_MOST = 500
_WHY = {
    "confirmation": "Somebody asked for these emails at this address; they begin only with a yes.",
    "renewal": "A yes to these emails counts for a year, and that year is nearly over.",
}


@dataclass(frozen=True, slots=True)
class _Question:
    kind: Literal["confirmation", "renewal"]
    choice: Choice
    due_at: datetime
    caused_by: str
    correlation_id: str


async def ask(tx: Connection, settings: NotifySettings, now: datetime) -> bool:
    """Mail the questions that are due, and end what ran out; whether there is more to do at once."""
    more = await store.key_contacts(tx, hash_keys(settings.link_keys.get_secret_value()))
    await erasure.sweep(tx, now)
    rows = [row async for row in _queries.take_due_choices(tx, now=now, most=_MOST)]
    terms = choices.terms_of(settings)
    due, after, lapsed = [], [], []
    for row in rows:
        before = choices.read(row)
        choice = numbered(before, questions.asked_now(before, now=now, terms=terms))
        after.append(choice)
        if choice.status != before.status:
            event = SubscriptionsChanged(subscriptions=choice.said, changed=("status",))
            lapsed.append((event, row["correlation_id"] or choice.contact_id, row["caused_by"] or None))
        if choice.asked_at == now and choice.ask is not None:
            due.append(_question(row, choice, now))
    if after:
        await _queries.asked(
            tx,
            contact_ids=[one.contact_id for one in after],
            revisions=[one.revision for one in after],
            statuses=[one.status for one in after],
            asks=[one.ask for one in after],
            asked_ats=[one.asked_at for one in after],
            next_ats=[one.next_at for one in after],
        )
    await outbox.add_each(tx, lapsed)
    await _add(tx, due)
    return more or len(rows) == _MOST


def _question(row: Any, choice: Choice, now: datetime) -> _Question:
    caused_by, correlation_id = row["caused_by"], row["correlation_id"]
    if choice.status == "confirmed":
        return _Question(
            "renewal", choice, quiet_until(choice.quiet_hours, now).due_at, caused_by, correlation_id
        )
    return _Question("confirmation", choice, now, caused_by, correlation_id)


async def _add(tx: Connection, due: Sequence[_Question]) -> None:
    if not due:
        return
    contacts = [one.choice.contact_id for one in due]
    asks = [str(one.choice.ask) for one in due]
    ids = [
        notification_id(one.kind, ask_, one.choice.contact_id) for one, ask_ in zip(due, asks, strict=True)
    ]
    await _queries.add_questions(
        tx,
        ids=ids,
        mail_ids=[mail_id([id_]) for id_ in ids],
        contact_ids=contacts,
        kinds=[one.kind for one in due],
        asks=asks,
        whys=[_WHY[one.kind] for one in due],
        causes=[one.caused_by for one in due],
        correlations=[one.correlation_id for one in due],
        dues=[one.due_at for one in due],
        urgencies=[ledger.FIRST if one.kind == "confirmation" else ledger.DIGESTS for one in due],
    )
