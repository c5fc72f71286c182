"""Loading: claimed mails with all that is needed to write them, a whole batch in a few statements."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Contact, Match, PaySignal, QuietHours, Role, Subscription, Subscriptions
from services.notify.identity import occurrence_of
from services.notify.mails import About, Item, Mail
from services.notify.things import Thing, read

_log = structlog.get_logger("sending")

_queries = queries_beside(__file__)
_SUBSCRIPTIONS: Final = TypeAdapter(tuple[Subscription, ...])
_Key = tuple[str, str]


class KnownThings:
    """The things that mails told of last, read once for all the mails that tell of them.

    A match is read anew each time: an erasure takes words out of it without a new revision.
    """

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._known: OrderedDict[_Key, Thing] = OrderedDict()

    async def load(self, tx: Connection, wanted: dict[_Key, int | None]) -> dict[_Key, Thing]:
        """These things; `wanted` says in which revision each is needed at least, None where that is not known."""
        found: dict[_Key, Thing] = {}
        for key, revision in wanted.items():
            known = self._known.get(key)
            if known is not None and revision is not None and known.revision >= revision:
                self._known.move_to_end(key)
                found[key] = known
        missing = [key for key in wanted if key not in found]
        if missing:
            kinds, ids = zip(*missing, strict=True)
            async for row in _queries.things(tx, kinds=list(kinds), ids=list(ids)):
                key = (row["kind"], row["id"])
                try:
                    found[key] = read(row["kind"], row["state"])
                except (
                    ValidationError
                ) as error:  # kept by a version that said it otherwise: it holds up no other mail
                    _log.error(
                        "thing_not_readable", kind=row["kind"], id=row["id"], flaws=error.error_count()
                    )
                    continue
                if row["kind"] != "match":
                    self._known[key] = found[key]
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found


async def load(
    tx: Connection, claimed: Sequence[Any], known: KnownThings
) -> tuple[list[Mail], dict[UUID, UUID]]:
    """The mails of these claimed rows, in their order; and notifications, with their mail, of which nobody can tell what
    they are about any more."""
    rows = [row async for row in _queries.items_of(tx, mail_ids=[row["id"] for row in claimed])]
    things = await known.load(
        tx,
        {
            (row["thing_kind"], row["thing_id"]): row["thing_revision"]
            for row in rows
            if row["thing_revision"]
        },
    )
    things |= await known.load(tx, _roles_spoken_of(things.values()))
    others = await _others(tx, things.values())
    items: dict[UUID, list[Item]] = {row["id"]: [] for row in claimed}
    lost: dict[UUID, UUID] = {}
    for row in rows:
        item = _item(row, things, others)
        if item is None:
            lost[row["id"]] = row["mail_id"]
        else:
            items[row["mail_id"]].append(item)
    mails = [
        Mail(row["id"], row["kind"], row["attempts"], row["doubts"], tuple(items[row["id"]]))
        for row in claimed
    ]
    return mails, lost


def _item(row: Any, things: dict[_Key, Thing], others: dict[str, Contact]) -> Item | None:
    contact_id = row["contact_id"]
    choice = _choice(row) if row["has_chosen"] else None
    thing = things.get((row["thing_kind"], row["thing_id"]))
    about: About | None = choice if row["thing_kind"] is None else thing
    if about is None:  # the choice that a confirmation asks about went with its contact
        return None
    role = None
    if isinstance(thing, PaySignal) and thing.role_id is not None:
        found = things.get(("role", thing.role_id))
        role = found if isinstance(found, Role) else None
    return Item(
        id=row["id"],
        kind=row["kind"],
        contact_id=contact_id,
        contact=_contact(contact_id, row["contact_revision"], row) if row["email"] is not None else None,
        about=about,
        why=row["why"],
        caused_by=row["caused_by"],
        correlation_id=row["correlation_id"],
        occurrence=occurrence_of(row["about"], row["thing_id"] or ""),
        revision=row["revision"],
        relevance=row["relevance"],
        due_at=row["due_at"],
        held=row["held"],
        known_since=row["address_since"],
        choice=choice,
        suppressed=f"{row['suppressed']}: {row['suppressed_why']}" if row["suppressed"] else None,
        role=role,
        others=tuple(others[id_] for id_ in _named_by(thing) if id_ != contact_id and id_ in others),
    )


def _contact(id_: str, revision: int, row: Any) -> Contact:
    return Contact(
        id=id_,
        revision=revision,
        name=row["name"],
        email=row["email"],
        organisation=row["organisation"],
        borough=row["borough"],
        roles=_words(row["roles"]),
    )


def _choice(row: Any) -> Subscriptions:
    return Subscriptions(
        id=row["contact_id"],
        revision=row["choice_revision"],
        status=row["status"],
        subscriptions=_subscriptions(row["subscriptions"]),
        quiet_hours=_quiet_hours(row["quiet_hours"]) if row["quiet_hours"] else None,
        most_a_day=row["most_a_day"],
        chosen_at=row["chosen_at"],
        confirmed_at=row["confirmed_at"],
        renew_by=row["renew_by"],
    )


@lru_cache(maxsize=1_000)
def _words(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=1_000)
def _subscriptions(text: str) -> tuple[Subscription, ...]:
    return _SUBSCRIPTIONS.validate_json(text)


@lru_cache(maxsize=1_000)
def _quiet_hours(text: str) -> QuietHours:
    return QuietHours.model_validate_json(text)


def _roles_spoken_of(things: Iterable[Thing]) -> dict[_Key, int | None]:
    return {
        ("role", thing.role_id): None for thing in things if isinstance(thing, PaySignal) and thing.role_id
    }


def _named_by(thing: Thing | None) -> tuple[str, ...]:
    """The contacts that a match names, each once: whom it is for, whom the borough chose, who is on the shortlist."""
    if not isinstance(thing, Match):
        return ()
    chosen = (thing.accepted,) if thing.accepted else ()
    named = (thing.requester_contact_id, *(one.contact_id for one in (*chosen, *thing.shortlist)))
    return tuple(dict.fromkeys(named))


async def _others(tx: Connection, things: Iterable[Thing]) -> dict[str, Contact]:
    ids = {id_ for thing in things for id_ in _named_by(thing)}
    if not ids:
        return {}
    return {
        row["id"]: _contact(row["id"], row["revision"], row)
        async for row in _queries.contacts(tx, ids=sorted(ids))
    }
