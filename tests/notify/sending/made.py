"""Mails in the ledger, made directly: what sending does is tried without what decides about them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Edition, Role, State
from services.notify.identity import about_of, notification_id
from services.notify.sending import ledger
from services.notify.telling import audience
from services.notify.things import ThingKind
from tests.notify.making import candidate, match, role

MARKDOWN = """## New roles

Four boroughs look for data engineers this month. [See them all](https://jobs.camden.example/data).

* Camden: data engineer, senior
* Hackney: data analyst

## What moved

The median for data engineers in inner London rose by **£1,200** to £48,700.
"""
WANTS = '[{"topic": "new role"}, {"topic": "newsletter"}]'


def address(contact_id: str, domain: str = "featherstone.example") -> str:
    """The address of such a contact; it is found again in what must not hold it."""
    return f"wilhelmina.{contact_id}@{domain}"


async def people(tx: Connection, ids: Sequence[str], *, domains: int = 1) -> None:
    """Contacts that said yes to new roles and newsletters, at so many domains in turn."""
    names = (
        ["featherstone.example"] if domains == 1 else [f"d{n}.featherstone.example" for n in range(domains)]
    )
    await tx.executemany(
        "INSERT INTO contact (id, revision, name, email, organisation, address_key) VALUES ($1, 1, $2, $3, $4, $5)",
        [
            (
                id_,
                f"Wilhelmina Featherstone-{id_}",
                address(id_, names[n % len(names)]),
                "Featherstone & Daughters",
                address(id_, names[n % len(names)]).encode(),
            )
            for n, id_ in enumerate(ids)
        ],
    )
    await tx.executemany(
        "INSERT INTO choice (contact_id, revision, status, subscriptions, chosen_at, confirmed_at, renew_by, judged) "
        "VALUES ($1, 1, 'confirmed', $2, $3, $3, $4, true)",
        [(id_, WANTS, datetime.now(UTC), datetime.now(UTC).date() + timedelta(days=300)) for id_ in ids],
    )


async def keep(tx: Connection, kind: ThingKind, thing: State) -> None:
    """A thing that is known and judged."""
    await tx.execute(
        "INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, judged) "
        "VALUES ($1, $2, $3, true, $4, $5, $6, true)",
        kind,
        thing.id,
        thing.revision,
        thing.model_dump_json(),
        f"event of {thing.id}",
        f"correlation of {thing.id}",
    )


async def newsletter(tx: Connection, ids: Sequence[str], edition_id: str = "edition-1") -> list[UUID]:
    """A mail with the edition for each of these."""
    today = datetime.now(UTC)
    await keep(
        tx,
        "edition",
        Edition(
            id=edition_id,
            revision=1,
            title="Data jobs in London, November",
            summary="Four new roles, and pay that rose.",
            markdown=MARKDOWN,
            since=today.date() - timedelta(days=30),
            until=today.date(),
            link=f"https://talent.loti.example/newsletters/{edition_id}",
            sent_at=today,
        ),
    )
    told = await _told_many(tx, "newsletter", "edition", edition_id, ids)
    return await ledger.add_mails(tx, "newsletter", [(one,) for one in told], ledger.NEWSLETTERS)


async def digests(tx: Connection, ids: Sequence[str], *roles: Role) -> list[UUID]:
    """A mail about these roles, or one, for each of these."""
    about = roles or (role(),)
    for one in about:
        if not await tx.fetchval("SELECT true FROM thing WHERE kind = 'role' AND id = $1", one.id):
            await keep(tx, "role", one)
    each = [[await _told(tx, "new role", "role", one.id, id_) for one in about] for id_ in ids]
    return await ledger.add_mails(tx, "digest", each)


async def introduction(
    tx: Connection, id_: str = "match-1", asks: str = "asks", helps: str = "helps"
) -> UUID:
    """A mail to both whom this match introduces."""
    introduces = match(
        requester_contact_id=asks, shortlist=(candidate(helps),), accepted=candidate(helps)
    ).model_copy(update={"id": id_})
    await keep(tx, "match", introduces)
    told = []
    for part in audience.parts(introduces):
        about = about_of(id_, part.occurrence)
        told.append(await _told(tx, "introduction", "match", id_, part.contact_id, about=about))
    return await ledger.add_mail(tx, "introduction", told, ledger.FIRST)


async def _told(
    tx: Connection,
    kind: Any,
    thing_kind: ThingKind,
    thing_id: str,
    contact_id: str,
    *,
    about: str | None = None,
) -> UUID:
    [id_] = await _told_many(tx, kind, thing_kind, thing_id, [contact_id], about=about)
    return id_


async def _told_many(
    tx: Connection,
    kind: Any,
    thing_kind: ThingKind,
    thing_id: str,
    contact_ids: Sequence[str],
    *,
    about: str | None = None,
) -> list[UUID]:
    ids = [notification_id(kind, about or thing_id, contact_id) for contact_id in contact_ids]
    await tx.execute(
        "INSERT INTO notification (id, kind, about, contact_id, caused_by, correlation_id, why, thing_kind, thing_id) "
        "SELECT new.id, $3, $4, new.contact_id, 'event of ' || $6, 'correlation of ' || $6, 'You asked for it.', $5, $6 "
        "FROM unnest($1::uuid[], $2::text[]) AS new (id, contact_id)",
        ids,
        list(contact_ids),
        kind,
        about or thing_id,
        thing_kind,
        thing_id,
    )
    return ids


def as_json(value: Any) -> str:
    """As a column of type jsonb takes it."""
    return json.dumps(value)
