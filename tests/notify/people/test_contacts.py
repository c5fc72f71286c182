"""Contacts on a real database: what is kept, what is asked, and what others are told."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Consent, QuietHours, SubscriptionsChanged
from services.notify.people import choices, store
from services.notify.people.consent import NotAsked
from tests.notify.making import contact, erased, stated
from tests.notify.people.making import NEWS, ROLES, TERMS, chosen, hear, questions, turn

A_DAY = timedelta(days=1)


def consent(at: datetime | None = None) -> Consent:
    """A yes, just now unless said."""
    return Consent(given_at=at or datetime.now(UTC), how="Signed in on the portal.")


async def said(tx: Any) -> list[SubscriptionsChanged]:
    """What was said of subscriptions, in order."""
    rows = await tx.fetch("SELECT value FROM outbox WHERE topic = 'loti.subscriptions.v1' ORDER BY position")
    return [SubscriptionsChanged.model_validate_json(row["value"]) for row in rows if row["value"]]


async def test_double_opt_in(db: Any) -> None:
    """A stated subscription is asked for by one mail, however often it is restated; the yes starts it, once, and each
    change is said with the next revision, without an address."""
    await hear(
        db, stated(contact("contact-1", 1, ROLES)), stated(contact("contact-1", 2, ROLES, name="Other"))
    )
    await turn(db)
    await hear(db, stated(contact("contact-1", 3, ROLES)))
    await turn(db)
    assert await questions(db) == [("confirmation", "due")]
    ask = (await chosen(db)).ask
    assert ask is not None
    for _ in range(2):
        async with db.transaction():
            await choices.confirm(db, "contact-1", ask, now=datetime.now(UTC), terms=TERMS)
    events = await said(db)
    assert [(event.subscriptions.revision, event.subscriptions.status) for event in events] == [
        (1, "asked"),
        (2, "confirmed"),
    ]
    assert events[1].subscriptions == (await chosen(db)).said
    told = {"status", "chosen_at", "confirmed_at", "renew_by", "spoke_at", "question"}
    assert set(events[1].changed) == told
    text = json.dumps([event.model_dump(mode="json") for event in events])
    assert "@" not in text
    assert "eatherstone" not in text


async def test_the_question_leads_back_to_the_event(db: Any) -> None:
    """The ledger says by which event a confirmation was caused; the change it led to is correlated with it."""
    envelope = stated(contact("contact-1", 1, ROLES))
    await hear(db, envelope)
    await turn(db)
    row = await db.fetchrow("SELECT caused_by, correlation_id, about, thing_kind FROM notification")
    assert (row["caused_by"], row["correlation_id"]) == (envelope.id, envelope.correlation_id)
    assert row["about"] == str((await chosen(db)).ask)
    headers = json.loads(
        await db.fetchval("SELECT headers FROM outbox WHERE topic = 'loti.subscriptions.v1'")
    )
    assert headers["ce_causationid"] == envelope.id


async def test_something_else_is_asked_anew_and_the_old_question_is_void(db: Any) -> None:
    """Where other subscriptions are stated before the yes, what was not sent yet is withheld, another mail asks, and
    the yes to the first question is refused with a reason for the person."""
    await hear(db, stated(contact("contact-1", 1, ROLES)))
    await turn(db)
    first = (await chosen(db)).ask
    await hear(db, stated(contact("contact-1", 2, ROLES, NEWS)))
    await turn(db)
    assert await questions(db) == [("confirmation", "withheld"), ("confirmation", "due")]
    assert first is not None
    with pytest.raises(NotAsked, match="last email"):
        async with db.transaction():
            await choices.confirm(db, "contact-1", first, now=datetime.now(UTC), terms=TERMS)
    assert (await chosen(db)).status == "asked"


async def test_roles_without_subscriptions_suggest_some(db: Any) -> None:
    """A contact that states what it is, but not what it wants, is asked for what such people usually want; one that
    states neither is asked nothing."""
    await hear(db, stated(contact("contact-1", 1, roles=("HR director",))), stated(contact("contact-2", 1)))
    await turn(db)
    assert {one.topic for one in (await chosen(db)).subscriptions} == {
        "offer below market", "benchmark moved", "shared demand", "newsletter",
    }  # fmt: skip
    assert await questions(db) == [("confirmation", "due")]
    assert await choices.look(db, "contact-2") is None
    assert await questions(db, "contact-2") == []


async def test_what_the_person_chose_stays(db: Any) -> None:
    """A restated contact overrides neither what the person chose on its page nor its no, with or without the consent
    that was there before; a later consent does."""
    early = consent()
    await hear(db, stated(contact("contact-1", 1, ROLES, consent=early)))
    quiet = QuietHours(start="18:00", end="08:00")  # type: ignore[arg-type]  # pydantic reads it
    async with db.transaction():
        await choices.choose(
            db,
            "contact-1",
            subscriptions=(NEWS,),
            quiet_hours=quiet,
            most_a_day=2,
            now=datetime.now(UTC),
            terms=TERMS,
        )
    await hear(
        db, stated(contact("contact-1", 2, ROLES, consent=early)), stated(contact("contact-1", 3, ROLES))
    )
    after = await chosen(db)
    assert (after.status, after.subscriptions, after.most_a_day) == ("confirmed", (NEWS,), 2)
    assert after.quiet_hours == quiet
    async with db.transaction():
        await choices.withdraw(db, "contact-1", now=datetime.now(UTC))
    await hear(db, stated(contact("contact-1", 4, ROLES, consent=early)))
    assert (await chosen(db)).status == "withdrawn"
    await hear(db, stated(contact("contact-1", 5, ROLES, consent=consent())))
    assert (await chosen(db)).status == "confirmed"
    assert [event.subscriptions.revision for event in await said(db)] == [1, 2, 3, 4]


async def test_a_new_address_says_yes_itself(db: Any) -> None:
    """Whoever is at a new address is asked before anything goes there, and whoever still reads the old mailbox cannot
    say yes for it, by no link that was sent there."""
    await hear(db, stated(contact("contact-1", 1, ROLES, consent=consent())))
    await hear(db, stated(contact("contact-1", 2, ROLES, email="another@featherstone.example")))
    await turn(db)
    before = await chosen(db)
    assert (before.status, await questions(db)) == ("asked", [("confirmation", "due")])
    known = await store.load(db, "contact-1")
    assert known is not None
    assert known.contact.email == "another@featherstone.example"
    assert known.address_since is not None
    async with db.transaction():
        after = await choices.choose(
            db,
            "contact-1",
            subscriptions=(NEWS,),
            quiet_hours=None,
            most_a_day=None,
            now=datetime.now(UTC),
            terms=TERMS,
        )
    assert (after.status, after.subscriptions) == ("asked", (NEWS,))
    assert after.ask not in (None, before.ask)
    async with db.transaction():
        assert after.ask is not None
        yes = await choices.confirm(db, "contact-1", after.ask, now=datetime.now(UTC), terms=TERMS)
    assert yes.status == "confirmed"


async def test_a_year_goes_by(db: Any) -> None:
    """A yes is asked for again a month before its end, and once more a week before it; then it lapses, and what was
    chosen is said to be lapsed. Each is done once, however often the clock is looked at."""
    await hear(db, stated(contact("contact-1", 1, ROLES, consent=consent())))
    renew_by = (await chosen(db)).renew_by
    assert renew_by is not None
    noon = datetime(renew_by.year, renew_by.month, renew_by.day, 12, tzinfo=UTC)
    for days, asked, status in ((31, 0, "confirmed"), (30, 1, "confirmed"), (8, 1, "confirmed"), (7, 2, "confirmed"),
                                (0, 2, "confirmed"), (-1, 2, "lapsed"), (-100, 2, "lapsed")):  # fmt: skip
        for _ in range(2):
            await turn(db, noon - days * A_DAY)
        assert await questions(db) == [("renewal", "due")] * asked
        assert (await chosen(db)).status == status
    assert [event.subscriptions.status for event in await said(db)] == ["confirmed", "lapsed"]


@pytest.mark.parametrize("reminder", [1, 2])
async def test_either_reminder_renews(db: Any, reminder: int) -> None:
    """The link of the first reminder still counts after the second went out; another year begins with the yes, and what
    was not sent is withheld."""
    await hear(db, stated(contact("contact-1", 1, ROLES, consent=consent())))
    renew_by = (await chosen(db)).renew_by
    assert renew_by is not None
    noon = datetime(renew_by.year, renew_by.month, renew_by.day, 12, tzinfo=UTC)
    asks = []
    for days in (30, 7):
        await turn(db, noon - days * A_DAY)
        asks.append((await chosen(db)).ask)
    async with db.transaction():
        ask = asks[reminder - 1]
        assert ask is not None
        after = await choices.confirm(db, "contact-1", ask, now=noon - 5 * A_DAY, terms=TERMS)
    assert after.renew_by == (noon - 5 * A_DAY).date() + 365 * A_DAY
    assert await questions(db) == [("renewal", "withheld")] * 2
    await turn(db, noon + 10 * A_DAY)
    assert (await chosen(db)).status == "confirmed"


async def test_a_stale_contact_changes_nothing(db: Any) -> None:
    """A revision that is not newer is dropped with all that it says."""
    await hear(db, stated(contact("contact-1", 2)), stated(contact("contact-1", 1, ROLES, consent=consent())))
    assert await choices.look(db, "contact-1") is None
    assert await db.fetchval("SELECT revision FROM contact") == 2


async def test_a_consent_from_the_future_is_set_aside(db: Any) -> None:
    """A yes that is later than the statement that carries it would outrank every no: the message is parked, with what
    to do about it."""
    with pytest.raises(Park, match="state it anew"):
        await hear(db, stated(contact("contact-1", 1, ROLES, consent=consent(datetime.now(UTC) + A_DAY))))
    assert await db.fetchval("SELECT count(*) FROM contact") == 0


async def test_two_processes_ask_once(pool: Any) -> None:
    """Senders that look at the same moment take different questions; each is mailed once."""
    async with pool.acquire() as tx:
        await hear(tx, *(stated(contact(f"contact-{number}", 1, ROLES)) for number in range(40)))
    connections = [await pool.acquire() for _ in range(4)]
    try:
        await asyncio.gather(*(turn(connection) for connection in connections))
    finally:
        for connection in connections:
            await pool.release(connection)
    rows = await pool.fetch("SELECT contact_id, count(*) AS mails FROM notification GROUP BY contact_id")
    assert [row["mails"] for row in rows] == [1] * 40
    assert await pool.fetchval("SELECT count(*) FROM mail WHERE status = 'due' AND urgency = 0") == 40


async def test_nobody_chooses_for_who_is_not_there(db: Any) -> None:
    """A page of an erased or unknown contact is refused, and nothing is kept."""
    await hear(db, stated(contact("contact-1", 1, ROLES)), erased("contact-1"))
    for contact_id in ("contact-1", "nobody"):
        with pytest.raises(choices.NoSuchContact, match=contact_id):
            async with db.transaction():
                await choices.withdraw(db, contact_id, now=datetime.now(UTC))
    assert await db.fetchval("SELECT count(*) FROM choice") == 0
