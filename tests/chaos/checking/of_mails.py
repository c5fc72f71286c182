"""Notify: everyone is told what they chose, once; each mail is in the mailbox once, but those that were in doubt. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from loti_contracts.events import (
    TOPICS,
    Contact,
    Erasure,
    Match,
    Notification,
    PaySignal,
    Role,
    Subscriptions,
)
from loti_contracts.events.topics import CONTACTS, NOTIFICATIONS, ROLES, SUBSCRIPTIONS
from services.notify.identity import about_of
from services.notify.telling import audience
from services.notify.telling.audience import Reader
from services.notify.telling.introductions import NobodyToIntroduce
from services.notify.telling.news import is_current, news, over
from services.notify.telling.timing import Digests
from services.notify.things import MODELS, Thing
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import World


def check_people(world: World) -> Iterator[Finding]:
    """Contacts and what they chose are kept as they were said; of who was erased nothing is left but the id."""
    rows = {str(row["id"]): row for row in world.rows("notify", "contact")}
    for id_, contact in world.states(CONTACTS, Contact).items():
        row = rows.get(id_)
        if (
            row is None
            or row["erased_at"]
            or (row["revision"], row["email"]) != (contact.revision, contact.email)
        ):
            yield Finding("lost", "notify's contacts", id_, f"revision {contact.revision} was heard")
    for one in world.first:
        if (
            isinstance(one.said.event, Erasure)
            and one.topic == CONTACTS.name
            and one.thing not in world.newest
        ):
            row = rows.get(one.said.subject)
            if row is not None and row["email"] is not None:
                yield Finding("stuck", "notify's contacts", one.said.subject, "who was erased has no address")
    said = world.states(SUBSCRIPTIONS, Subscriptions)
    for row in world.rows("notify", "choice"):
        known = said.get(str(row["contact_id"]))
        if known is None or known.revision != row["revision"] or known.status != row["status"]:
            yield Finding(
                "lost", SUBSCRIPTIONS.name, str(row["contact_id"]), f"revision {row['revision']} was said"
            )


def check_things(world: World) -> Iterator[Finding]:
    """Whatever mails may tell of is kept as it was said last."""
    kinds = {model: kind for kind, model in MODELS.items()}
    hears = {topic.name for topic in TOPICS if "notify" in topic.heard_by}
    kept = {(str(row["kind"]), str(row["id"])): row["revision"] for row in world.rows("notify", "thing")}
    for one in world.newest.values():
        kind = kinds.get(type(one.said.event.state))
        if kind is not None and one.topic in hears and kept.get((kind, one.said.subject)) != one.revision:
            yield Finding(
                "lost", "notify's things", f"{kind} {one.said.subject}", f"revision {one.revision} was heard"
            )


def check_told(world: World, now: datetime) -> Iterator[Finding]:
    """Whoever wants what is worth telling at the end has a notification of it; each is there once; what became of it
    was said as it is."""
    kept = {
        (str(row["kind"]), str(row["about"]), str(row["contact_id"]))
        for row in world.rows("notify", "notification")
    }
    for kind, about, contact_id in _wanted(world, now):
        if (kind, about, contact_id) not in kept:
            yield Finding(
                "lost", "notify's notifications", f"{kind} about {about} to {contact_id}", "they asked for it"
            )
    times = Counter(
        (row["kind"], row["about"], row["contact_id"]) for row in world.rows("notify", "notification")
    )
    for what, number in times.items():
        if number > 1:
            yield Finding("doubled", "notify's notifications", " ".join(map(str, what)), "once for ever")
    mails = {str(row["id"]): row for row in world.rows("notify", "mail")}
    said = world.states(NOTIFICATIONS, Notification)
    for row in world.rows("notify", "notification"):
        mail = mails.get(str(row["mail_id"]))
        over_ = row["withheld"] is not None or (
            mail is not None and mail["status"] in ("sent", "refused", "returned")
        )
        if over_ and str(row["id"]) not in said:
            yield Finding("lost", NOTIFICATIONS.name, str(row["id"]), "what became of it was said")
    known = {str(row["id"]) for row in world.rows("notify", "notification")}
    for id_ in said.keys() - known:
        yield Finding("wrong", NOTIFICATIONS.name, id_, "notify keeps what it told")


def _wanted(world: World, now: datetime) -> Iterator[tuple[str, str, str]]:
    contacts = world.states(CONTACTS, Contact)
    chosen = world.states(SUBSCRIPTIONS, Subscriptions)
    readers = [
        Reader(
            id_,
            choice.subscriptions,
            choice.status == "confirmed",
            contacts[id_].borough,
            contacts[id_].roles,
        )
        for id_, choice in chosen.items()
        if id_ in contacts
    ]
    roles = world.states(ROLES, Role)
    for one in world.newest.values():
        thing: Any = one.said.event.state
        if isinstance(thing, Match):
            yield from _parts(thing)
        elif isinstance(thing, Thing) and is_current(thing):
            role = roles.get(thing.role_id or "") if isinstance(thing, PaySignal) else None
            told = news(thing, role) if over(thing, now, role) is None else None
            for reader in readers if told is not None else ():
                if told is not None and (found := audience.telling(reader, told, now, Digests())) is not None:
                    yield found.kind, found.about, found.contact_id


def _parts(match: Match) -> Iterator[tuple[str, str, str]]:
    """Who takes part in a match as it is now; nobody has to have chosen it."""
    try:
        parts = list(audience.parts(match))
    except NobodyToIntroduce:
        return
    for part in parts:
        yield part.kind, about_of(match.id, part.occurrence), part.contact_id


def check_mails(world: World, domain_mails: frozenset[str]) -> Iterator[Finding]:
    """Each mail that was sent is in the mailbox; more than once only as often as it was in doubt; and no other is, but
    those that the portal sends to `domain_mails`, which are sign-in links."""
    caught = {_mail_id(str(mail["message_id"])): mail for mail in world.mails}
    for row in world.rows("notify", "mail"):
        mail = caught.pop(str(row["id"]), None)
        what = f"{row['kind']} mail {row['id']}"
        if row["status"] in ("due", "sending"):
            yield Finding(
                "stuck", "notify's mails", what, f"it is sent, not {row['status']} ({row['answer']})"
            )
        elif row["status"] == "sent" and mail is None:
            yield Finding("lost", "the mailbox", what, "it was marked sent")
        elif row["status"] == "refused":
            yield Finding("lost", "the mailbox", what, f"nothing refuses it: {row['answer']}")
        if mail is not None and mail["deliveries"] - 1 > row["doubts"]:
            why = f"{mail['deliveries']} deliveries, in doubt {row['doubts']} times"
            yield Finding("doubled", "the mailbox", what, why)
    for id_, mail in caught.items():
        if not domain_mails.issuperset(mail["to"]):
            yield Finding("wrong", "the mailbox", id_, "each mail is in notify's ledger")


def in_doubt(world: World) -> Iterator[str]:
    """Each mail that came again, and why it may."""
    caught = {_mail_id(str(mail["message_id"])): mail for mail in world.mails}
    for row in world.rows("notify", "mail"):
        mail = caught.get(str(row["id"]))
        if row["doubts"] or (mail is not None and mail["deliveries"] > 1):
            times = mail["deliveries"] if mail else 0
            yield (
                f"{row['kind']} mail {row['id']}: in doubt {row['doubts']} times (what sent it ended, or the relay did, before "
                f"the answer was written down), delivered {times} times under one Message-ID"
            )


def _mail_id(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]
