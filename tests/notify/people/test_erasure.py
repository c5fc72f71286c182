"""Erasure on a real database: nothing of the person is left in any table, and everybody is told."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loti_contracts.delivery import parking
from loti_contracts.delivery.forgetting import forgotten
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Consent, Match, Outcome, OutcomeStated, encode
from services.notify.people import choices, erasure, store, suppression
from services.notify.people.address_keys import hash_keys
from tests.notify.making import answered, candidate, contact, erased, match, said, stated
from tests.notify.people.making import ROLES, hear, turn

Hear = Callable[..., Awaitable[None]]
NOTE = "Wilhelmina Featherstone wrote this note herself."


async def dump(tx: Any) -> str:
    """Every row of every table, as text, with bytes as the text that they are."""
    tables = await tx.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert len(tables) > 8
    rows = [dict(row) for table in tables for row in await tx.fetch(f'SELECT * FROM "{table["tablename"]}"')]
    return json.dumps(
        rows, default=lambda value: value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    )


async def said_to(tx: Any) -> list[tuple[str, str, bool]]:
    """(topic, key, whether it is a tombstone) of what waits to be published, in order."""
    rows = await tx.fetch("SELECT topic, key, value IS NULL AS tombstone FROM outbox ORDER BY position")
    return [(row["topic"], row["key"].decode(), row["tombstone"]) for row in rows]


async def park(tx: Any, topic: str, key: bytes, value: bytes, *, reason: str = "It does not fit.") -> None:
    """A message that could not be handled."""
    where = await tx.fetchval("SELECT count(*) FROM dead_letters")
    message = Received(topic, 0, where, 0, key, value, [])
    async with tx.transaction():
        await parking.park(tx, message, service="notify", reason=reason, error=None, attempts=1)


async def a_life(tx: Any, hear_all: Hear) -> None:
    """A contact that took part in everything."""
    yes = Consent(given_at=datetime.now(UTC), how="On the portal.")
    await hear_all(tx, stated(contact("asks", 1, ROLES, consent=yes)), stated(contact("helps", 1, ROLES)))
    await hear_all(tx, answered(match()), said(OutcomeStated(outcome=Outcome(
        id="match-1", revision=1, result="hired", note=NOTE, stated_at=datetime.now(UTC)))))  # fmt: skip
    await turn(tx)
    async with tx.transaction():
        await suppression.suppress(tx, "asks", reason="bounced", why="550 unknown")
    mail = await tx.fetchval("SELECT mail_id FROM notification WHERE mail_id IS NOT NULL")
    await tx.execute("UPDATE mail SET answer = '550 wilhelmina.helps is unknown here'")
    await tx.execute("INSERT INTO soft_bounce (mail_id, contact_id, why) VALUES ($1, 'asks', 'full')", mail)


async def test_nothing_is_left(db: Any, hear_all: Hear) -> None:
    """After the erasure of both, no table holds a name, an address, an organisation, a hash, a choice, a reason or a
    word of theirs; that something was told stays, by id. A statement from before brings nothing back."""
    before = datetime.now(UTC)
    await a_life(db, hear_all)
    assert "eatherstone" in await dump(db)
    notifications = await db.fetchval("SELECT count(*) FROM notification")
    await db.execute("DELETE FROM outbox")
    await hear_all(db, erased("asks"), erased("helps"))
    await hear_all(db, stated(contact("asks", 9, ROLES), time=before))
    everything = await dump(db)
    for trace in ("eatherstone", "ilhelmina", "emails at this address", "You asked"):
        assert trace not in everything
    for table in ("choice", "suppression", "soft_bounce"):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert await db.fetchval("SELECT count(*) FROM notification") == notifications
    assert await said_to(db) == [("loti.subscriptions.v1", id_, True) for id_ in ("asks", "helps")]
    assert await store.load(db, "asks") is None


async def test_a_match_that_is_said_anew_brings_no_note_back(db: Any, hear_all: Hear) -> None:
    """Matching may go on saying the note of a request; of an erased contact it is not kept."""
    await hear_all(
        db, stated(contact("asks", 1)), erased("asks"), answered(match()), answered(match(revision=3))
    )
    assert NOTE not in await dump(db)
    assert await db.fetchval("SELECT revision FROM thing WHERE kind = 'match'") == 3


async def test_parked_messages_go_too(db: Any) -> None:
    """Parked messages of the contact, or with its address anywhere, are deleted, however they were broken; what only
    names its id stays, without its words; the rest is left alone."""
    person = stated(contact("contact-1", 1, name="Zoë Featherstone"))
    await hear(db, person)
    key, value, _ = encode(person)
    assert value is not None
    other_key, other, _ = encode(stated(contact("contact-2", 1, name="Somebody Else")))
    assert other is not None
    contacts = "loti.contacts.v1"
    await park(db, contacts, key, value)
    await park(db, contacts, b"another key", value)
    await park(db, contacts, key, b"{not JSON, Zo\xc3\xab Featherstone")
    await park(db, "loti.requests.v1", b"r", b'{"note": "wilhelmina.contact-1@featherstone.example"}')
    await park(
        db, "loti.roles.v1", b"r", b"{}", reason="no role of wilhelmina.contact-1@featherstone.example"
    )
    await park(db, contacts, other_key, other)
    _, spoken, _ = encode(answered(match(requester_contact_id="contact-1", accepted=candidate("contact-2"))))
    assert spoken is not None
    await park(db, "loti.matches.v1", b"match-1", spoken)
    await park(db, "loti.matches.v1", b"match-2", spoken.replace(b'"contact-1"', b'"contact-3"'))
    await db.execute("DELETE FROM outbox")
    await hear(db, erased("contact-1"))
    left = await db.fetch("SELECT topic, value FROM dead_letters ORDER BY message_offset")
    assert [row["topic"] for row in left] == [contacts, "loti.matches.v1", "loti.matches.v1"]
    assert left[0]["value"] == other
    assert NOTE.encode() not in left[1]["value"]
    assert b'"contact-1"' in left[1]["value"]
    assert NOTE.encode() in left[2]["value"]
    assert "contact-1@" not in await dump(db)


async def test_asked_here_it_is_at_once_and_everybody_learns(db: Any) -> None:
    """An erasure that is asked for here empties the tables in the same transaction and says both tombstones; when they
    come back from the topic, nothing more is said."""
    await hear(db, stated(contact("contact-1", 1, ROLES)))
    await db.execute("DELETE FROM outbox")
    async with db.transaction():
        await erasure.erase_everywhere(db, "contact-1", now=datetime.now(UTC))
    assert "eatherstone" not in await dump(db)
    both = [("loti.subscriptions.v1", "contact-1", True), ("loti.contacts.v1", "contact-1", True)]
    assert await said_to(db) == both
    await hear(db, erased("contact-1"))
    assert await said_to(db) == both


async def test_who_comes_back_begins_anew(db: Any) -> None:
    """A contact that is stated after its erasure is a new one: it is asked, and no link from before answers."""
    await hear(db, stated(contact("contact-1", 1, ROLES)))
    await turn(db)
    before = await choices.look(db, "contact-1")
    await hear(db, erased("contact-1"))
    await hear(db, stated(contact("contact-1", 1, ROLES), time=datetime.now(UTC) + timedelta(seconds=1)))
    await turn(db)
    after = await choices.look(db, "contact-1")
    assert before is not None
    assert after is not None
    assert (after.status, after.revision) == ("asked", 1)
    assert after.ask not in (None, before.ask)
    assert await db.fetchval("SELECT count(*) FROM notification") == 2


async def test_a_shared_address_stays_listed(db: Any) -> None:
    """Where two contacts share a mailbox that complained, the erasure of one does not bring mail to the other."""
    shared = {"email": "team@camden.example"}
    await hear(db, stated(contact("contact-1", 1, **shared)), stated(contact("contact-2", 1, **shared)))
    async with db.transaction():
        await suppression.suppress(db, "contact-1", reason="complained", why="abuse report")
    await hear(db, erased("contact-1"))
    known = await store.load(db, "contact-2")
    assert known is not None
    assert known.suppressed == "complained"
    assert await db.fetchval("SELECT contact_id FROM suppression") is None
    await hear(db, erased("contact-2"))
    assert await suppression.reason_of(db, shared["email"], keys=hash_keys("k" * 32)) is None


async def test_the_topics_are_swept_behind_the_tombstone(db: Any) -> None:
    """When the tombstone has come back from Kafka and its segment is old enough, every partition of both topics gets a
    message, once; hearing those erases nobody and brings no other sweep."""
    await hear(db, erased("contact-1"))
    now = datetime.now(UTC)
    await turn(db, now + erasure.SWEEP_AFTER - timedelta(minutes=1))
    assert await said_to(db) == []
    for _ in range(2):
        await turn(db, now + erasure.SWEEP_AFTER + timedelta(minutes=1))
    sweeps = await said_to(db)
    assert sorted(sweeps) == sorted(
        (topic, id_, True)
        for topic in ("loti.contacts.v1", "loti.subscriptions.v1")
        for id_ in erasure.SWEEPS
    )
    await hear(db, *(erased(id_) for id_ in erasure.SWEEPS))
    await turn(db, now + 10 * erasure.SWEEP_AFTER)
    assert len(await said_to(db)) == len(sweeps)
    assert await db.fetchval("SELECT count(*) FROM contact") == 1


@pytest.mark.parametrize("who", ["asks", "helps"])
def test_a_match_forgets(who: str) -> None:
    """What the erased one wrote goes, and so does what was said of it; what others wrote stays, and it is still a
    match."""
    kept = Match.model_validate_json(forgotten(match().model_dump_json(), who))
    assert (kept.note is None) == (who == "asks")
    assert [bool(one.reasons) for one in kept.shortlist] == [who == "asks"]
    assert forgotten(match().model_dump_json(), "somebody else") == json.dumps(
        json.loads(match().model_dump_json()), ensure_ascii=False
    )
