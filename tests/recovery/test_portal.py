"""What is had again of the portal: everything that its pages show, and what people stated on it, on a real database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from loti_contracts.delivery import outbox
from loti_contracts.events import Contact, ContactErased, ContactStated, Event, Supporter, SupporterStated
from loti_contracts.events.supporters import Evidence
from loti_contracts.events.topics import CONTACTS, SUPPORTERS
from services.portal.app import service
from services.portal.heard.recovery import RECOVERY
from tests.databases import connected, database_of
from tests.portal.jobs.making import CAMDEN
from tests.portal.portal import portal_settings
from tests.portal.world import events
from tests.recovery.kept import Kept, MemoryLog, different, things
from tests.servers import Postgres

_made: dict[str, str] = {}
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ADA = Contact(
    id="contact-1",
    revision=1,
    name="Ada",
    email="ada@example.org",
    organisation="Ada Ltd",
    roles=("supporter",),
)
OFFER = Supporter(
    id="supporter-1",
    revision=1,
    kind="recruiter",
    contact_id=ADA.id,
    stated_at=NOW,
    evidence=(Evidence(what="Mornings", good=1, of=2),),
)
AFTERNOONS = (Evidence(what="Afternoons", good=1, of=2),)


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """One database for all of these tests."""
    if not _made:
        _made["dsn"] = await database_of("portal", postgres)
    return _made["dsn"]


async def begun(dsn: str, connection: Any) -> Kept:
    kept = Kept(service(portal_settings(dsn)), connection)
    names = [one.table for one in kept.service.holdings]
    await connection.execute(f"TRUNCATE {', '.join([*names, 'outbox', 'inbox'])}")
    return kept


def erased_and_back() -> list[Event]:
    """Somebody offers help, is erased, and comes back with a new offer."""
    return [
        ContactStated(contact=ADA),
        SupporterStated(supporter=OFFER),
        ContactErased(contact_id=ADA.id),
        ContactStated(contact=ADA),
        SupporterStated(supporter=OFFER.model_copy(update={"revision": 3, "evidence": AFTERNOONS})),
    ]


async def test_a_rebuild_ends_with_the_same_tables_and_signs_nobody_out(dsn: str) -> None:
    """Everything that is shown, after everything that may be said; who is signed in stays so."""
    async with connected(dsn) as connection:
        kept = await begun(dsn, connection)
        member = ADA.model_copy(update={"id": f"contact-member-{CAMDEN}"})
        for event in [ContactStated(contact=member), *events(), *erased_and_back()]:
            await kept.say(event)
        await connection.execute(
            "INSERT INTO portal_session VALUES ('x', $1, 'ada@example.org', now(), now() + interval '1 day')",
            ADA.id,
        )
        done = await kept.rebuilt()
        assert (different(done), done.said, done.parked) == ([], {}, 0)
        assert await connection.fetchval("SELECT contact_id FROM portal_session") == ADA.id


async def test_who_came_back_after_an_erasure_keeps_what_was_stated_since(dsn: str) -> None:
    """In an empty database the old erasure is heard again, and takes nothing of the new offer."""
    async with connected(dsn) as connection:
        kept = await begun(dsn, connection)
        for event in erased_and_back():
            await kept.say(event)
        other = await begun(dsn, connection)
        done = await other.rebuilt(kept.log)
        offer = await connection.fetchval("SELECT state FROM supporter WHERE id = 'supporter-1'")
        assert (Supporter.model_validate_json(offer).evidence, done.said) == (AFTERNOONS, {})


async def test_a_backup_from_before_an_erasure_does_not_bring_the_person_back(dsn: str) -> None:
    """Nor does a broker that lost its log: the erasure is said again, with everything that people stated."""
    async with connected(dsn) as connection:
        kept = await begun(dsn, connection)
        await kept.say(ContactStated(contact=ADA), SupporterStated(supporter=OFFER))
        gone = kept.put(ContactErased(contact_id=ADA.id))
        await (
            kept.restored()
        )  # the tables know nothing of the erasure, which was heard before the backup was restored
        assert await connection.fetchval("SELECT count(*) FROM contact") == 0
        await kept.publish()
        assert gone in kept.log.said
        lost = MemoryLog()
        done = await kept.republished(lost)
        assert done.said == {CONTACTS.name: 1, SUPPORTERS.name: 1}
        kept.log = lost
        await kept.publish()
        assert things(lost, CONTACTS) == {(CONTACTS.name, ADA.id.encode()): None}
        assert "Mornings" not in str(lost.said)


async def test_what_the_backups_outbox_holds_and_was_published_is_not_said_again(dsn: str) -> None:
    """It would be an older state after a newer one; what was never published is said."""
    async with connected(dsn) as connection:
        kept = await begun(dsn, connection)
        async with connection.transaction():
            await outbox.add(connection, SupporterStated(supporter=OFFER), ContactStated(contact=ADA))
        kept.put(SupporterStated(supporter=OFFER.model_copy(update={"revision": 2})))
        done = await kept.restored()
        assert done.dropped == 1
        assert [one.topic for one in await kept.publish()] == [CONTACTS.name]


def test_everything_that_the_portal_owns_can_be_said_again() -> None:
    """Each of its topics is one that it restates."""
    from services.portal.heard.recovery import STATED

    assert {topic.name for topic in RECOVERY.says} == {event.topic for event in STATED.values()}
