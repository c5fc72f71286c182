"""Gathering: what is due to one contact at one moment becomes one mail, as far as quiet hours and its limit of a day let
it; what they hold back waits, and says why. Introductions go by themselves, as soon as both are known, at any hour.

A contact's row is locked while it is gathered for, so that of two processes one counts what the other has made.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Match, QuietHours
from services.notify.identity import about_of, notification_id
from services.notify.sending import ledger
from services.notify.settings import NotifySettings
from services.notify.telling import audience, store
from services.notify.telling.introductions import NobodyToIntroduce
from services.notify.telling.relevance import IN_A_MAIL
from services.notify.telling.timing import Digests, When, full_day, quiet_until, start_of_day
from services.notify.things import read

_queries = queries_beside(__file__)
CONTACTS, WINDOW, INTRODUCTIONS = 500, 5_000, 200
"""How much is gathered at once: for so many contacts, looked for among so many rows, and so many halves."""

_OVERFULL: Final = "One email holds so much, and this was less relevant; it waits for the next one."


@dataclass(frozen=True, slots=True)
class Limit:
    """What a contact chose about when and how often, and how many mails of today it has."""

    quiet_hours: QuietHours | None
    most_a_day: int
    mails_today: int


@dataclass(slots=True)
class Gathered:
    """Mails to make, by the ids of their notifications; and what waits, until when. `carried` goes with the next mail."""

    mails: list[tuple[UUID, ...]] = field(default_factory=list)
    quiet: list[tuple[UUID, When]] = field(default_factory=list)
    carried: list[tuple[UUID, When]] = field(default_factory=list)


def gathered(
    due: Mapping[str, Sequence[UUID]], limits: Mapping[str, Limit], now: datetime, digests: Digests
) -> Gathered:
    """What becomes of what is due to each contact, most relevant first. Pure."""
    found = Gathered()
    for contact_id, ids in due.items():
        limit = limits[contact_id]
        quiet = quiet_until(limit.quiet_hours, now)
        tomorrow = full_day(limit.most_a_day, limit.quiet_hours, now, digests)
        if quiet.held is not None:
            found.quiet += [(id_, quiet) for id_ in ids]
        elif limit.mails_today >= limit.most_a_day:
            found.carried += [(id_, tomorrow) for id_ in ids]
        else:
            found.mails.append(tuple(ids[:IN_A_MAIL]))
            found.carried += [(id_, When(tomorrow.due_at, _OVERFULL)) for id_ in ids[IN_A_MAIL:]]
    return found


async def gather(tx: Connection, settings: NotifySettings, now: datetime, digests: Digests) -> bool:
    """Put some of what is due into mails; whether there may be more."""
    more = await _gather_introductions(tx)
    rows = _queries.contacts_due(tx, now=now, window=WINDOW, most=CONTACTS)
    contacts = [row["id"] async for row in rows]
    if not contacts:
        return more
    due: defaultdict[str, list[UUID]] = defaultdict(list)
    async for row in _queries.what_is_due(tx, contact_ids=contacts, now=now):
        due[row["contact_id"]].append(row["id"])
    limits = await _limits(tx, list(due), settings, now)
    found = gathered(due, limits, now, digests)
    await ledger.add_mails(tx, "digest", found.mails)
    await store.hold(tx, found.quiet, carried=False)
    await store.hold(tx, found.carried, carried=True)
    return more or len(contacts) == CONTACTS or sum(map(len, due.values())) >= WINDOW


async def _limits(
    tx: Connection, contact_ids: Sequence[str], settings: NotifySettings, now: datetime
) -> dict[str, Limit]:
    rows = _queries.limits(
        tx,
        contact_ids=contact_ids,
        today=start_of_day(now),
        since=now - timedelta(days=settings.retry_days + 2),
    )
    return {
        row["contact_id"]: Limit(
            quiet_hours=store.quiet_hours(row["quiet_hours"]),
            most_a_day=row["most_a_day"] or settings.most_a_day,
            mails_today=row["mails_today"],
        )
        async for row in rows
    }


async def _gather_introductions(tx: Connection) -> bool:
    """One mail for both halves; a half that its match does not ask for any more is withheld."""
    rows = [row async for row in _queries.introductions_to_make(tx, most=INTRODUCTIONS)]
    pairs: list[tuple[UUID, ...]] = []
    stale: dict[UUID, str] = {}
    for row in rows:
        waiting = set(row["waiting"])
        pair = _pair(row)
        if pair and waiting.issuperset(pair):
            pairs.append(pair)
        stale |= dict.fromkeys(
            waiting.difference(pair), "The match is withdrawn, or was answered differently."
        )
    await ledger.add_mails(tx, "introduction", pairs, ledger.FIRST)
    await ledger.withhold(tx, stale)
    return sum(len(row["waiting"]) for row in rows) >= INTRODUCTIONS


def _pair(row: Any) -> tuple[UUID, ...]:
    """The notifications of the two whom the match introduces now."""
    match = read(row["kind"], row["state"])
    assert isinstance(match, Match)  # noqa: S101 - filed under its kind
    try:
        return tuple(
            notification_id(part.kind, about_of(match.id, part.occurrence), part.contact_id)
            for part in audience.parts(match)
            if part.kind == "introduction"
        )
    except NobodyToIntroduce:
        return ()
