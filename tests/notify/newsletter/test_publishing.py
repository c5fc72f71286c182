"""An edition's way to its readers, on a real database."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.database import Connection
from services.notify.newsletter import editions
from services.notify.newsletter.publishing import CANCELLED, publish
from services.notify.newsletter.schedule import EditionRefused
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from tests.databases import connected
from tests.notify.newsletter.making import NOW, edition, know

Pool = asyncpg.Pool
ID = edition().id


async def schedule(tx: Connection, now: datetime = NOW, send_at: datetime | None = None) -> None:
    """The edition is to be sent."""
    async with tx.transaction():
        await editions.schedule(tx, edition(), send_at, now)


async def publish_all(tx: Connection, settings: NotifySettings, now: datetime = NOW, page: int = 3) -> int:
    """Until there is no more to do; how many transactions it took."""
    for count in range(1, 100):
        async with tx.transaction():
            if not await publish(tx, settings, now, page=page):
                return count
    raise AssertionError("it never ends")


async def mails(tx: Connection) -> list[Any]:
    """Each reader's mail."""
    return await tx.fetch(
        "SELECT contact_id, mail.status, mail.kind, mail.urgency, mail.due_at, held, caused_by, thing_kind, thing_id, "
        "withheld FROM notification LEFT JOIN mail ON mail.id = mail_id WHERE about = $1 ORDER BY contact_id",
        ID,
    )


async def status(tx: Connection) -> str:
    """The edition's."""
    found: str = await tx.fetchval("SELECT status FROM edition WHERE id = $1", ID)
    return found


async def said(tx: Connection, type_: str) -> list[Any]:
    """Events of a type in the outbox: their ids and values."""
    rows = await tx.fetch(
        "SELECT headers::jsonb ->> 'ce_id' AS id, value FROM outbox WHERE headers::jsonb ->> 'ce_type' LIKE $1",
        f"%{type_}%",
    )
    return [(row["id"], json.loads(row["value"])) for row in rows]


async def test_every_reader_once(dsn: str, settings: NotifySettings) -> None:
    """Each contact who said yes to the newsletter and may be written to has one mail, urgent last, caused by the event that
    says the edition; nobody else has one; pages change nothing about it."""
    async with connected(dsn) as tx:
        await know(tx, [f"reader-{n}" for n in range(7)])
        await know(tx, ["other"], topics=["new role", "event"])
        await know(tx, ["asked"], status="asked")
        await know(tx, ["gone"], status="withdrawn")
        await know(tx, ["bounced"])
        await know(tx, ["late"])
        await tx.execute("UPDATE choice SET renew_by = '2026-11-29' WHERE contact_id = 'late'")
        await tx.execute(
            "INSERT INTO suppression (address_key, reason, why) SELECT address_key, 'bounced', '550' FROM contact WHERE id = 'bounced'"
        )
        await schedule(tx)
        assert await publish_all(tx, settings) == 3
        assert await publish_all(tx, settings) == 1
        found = await mails(tx)
        assert [row["contact_id"] for row in found] == [f"reader-{n}" for n in range(7)]
        [(event_id, value)] = await said(tx, "edition.published")
        assert {
            (row["kind"], row["urgency"], row["status"], row["caused_by"], row["thing_kind"], row["thing_id"])
            for row in found
        } == {("newsletter", 2, "due", event_id, "edition", ID)}
        assert value["edition"]["link"] == SignedLinks(settings).edition(ID)
        assert await status(tx) == "sending"


async def test_a_kill_at_any_instant(dsn: str, settings: NotifySettings) -> None:
    """Whenever a transaction is lost, the next one goes on from there: every reader has one mail, and the edition is said
    once."""
    async with connected(dsn) as tx:
        await know(tx, [f"reader-{n:02}" for n in range(10)])
        await schedule(tx)
        lost = 0
        more = True
        while more:
            transaction = tx.transaction()
            await transaction.start()
            more = await publish(tx, settings, NOW, page=2)
            if lost % 2 == 0:
                await transaction.rollback()
                more = True
            else:
                await transaction.commit()
            lost += 1
        assert [row["contact_id"] for row in await mails(tx)] == [f"reader-{n:02}" for n in range(10)]
        assert await tx.fetchval("SELECT count(*) FROM mail") == 10
        assert len(await said(tx, "edition.published")) == 1


async def test_several_processes_at_once(dsn: str, pool: "Pool[Any]", settings: NotifySettings) -> None:
    """Four processes that publish at the same time make no reader two mails and leave nobody out."""

    async def one() -> None:
        async with pool.acquire() as tx:
            await publish_all(tx, settings, page=5)

    async with connected(dsn) as tx:
        await know(tx, [f"reader-{n:03}" for n in range(60)])
        await schedule(tx)
        await asyncio.gather(*(one() for _ in range(4)))
        await publish_all(tx, settings, page=5)
        assert len(await mails(tx)) == 60
        assert len(await said(tx, "edition.published")) == 1


async def test_not_before_its_time(dsn: str, settings: NotifySettings) -> None:
    """A scheduled edition waits for its moment."""
    later = NOW + timedelta(hours=3)
    async with connected(dsn) as tx:
        await know(tx, ["ada"])
        await schedule(tx, send_at=later)
        await publish_all(tx, settings, now=later - timedelta(seconds=1))
        assert await mails(tx) == []
        await publish_all(tx, settings, now=later)
        assert len(await mails(tx)) == 1


async def test_quiet_hours_and_the_most_a_day(dsn: str, settings: NotifySettings) -> None:
    """A newsletter waits for the end of a reader's quiet hours; and for the next day where a reader had the day's emails."""
    night = datetime(2026, 11, 30, 22, tzinfo=UTC)
    async with connected(dsn) as tx:
        await know(tx, ["awake"])
        await know(tx, ["asleep"], quiet={"start": "18:00:00", "end": "08:00:00"})
        await know(tx, ["had-one"], most_a_day=1)
        await tx.execute(
            "WITH mailed AS (INSERT INTO mail (id, kind, status, sent_at) VALUES (gen_random_uuid(), 'digest', 'sent', $1) "
            "RETURNING id) INSERT INTO notification (id, kind, about, contact_id, caused_by, correlation_id, why, mail_id, mailed_at) "
            "SELECT gen_random_uuid(), 'new role', 'role-1', 'had-one', 'e', 'e', 'w', id, $1 FROM mailed",
            night - timedelta(hours=1),
        )
        await schedule(tx, now=night)
        await publish_all(tx, settings, now=night)
        found = {row["contact_id"]: row for row in await mails(tx)}
        assert found["awake"]["due_at"] == night
        assert found["asleep"]["due_at"] == datetime(2026, 12, 1, 8, tzinfo=UTC)
        assert "quiet hours" in found["asleep"]["held"]
        assert found["had-one"]["due_at"] == datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
        assert "a day at most" in found["had-one"]["held"]


async def test_not_sent_while_one_waits(dsn: str, settings: NotifySettings) -> None:
    """An edition is `sent` when none of its mails waits any more, not while a relay throttles one."""
    async with connected(dsn) as tx:
        await know(tx, ["ada", "bob", "cat"])
        await schedule(tx)
        await publish_all(tx, settings)
        await tx.execute("UPDATE mail SET status = 'sent', sent_at = now()")
        throttled = "UPDATE mail SET status = $1 WHERE id = (SELECT min(id::text)::uuid FROM mail)"
        for waits in ("due", "sending"):
            await tx.execute(throttled, waits)
            await publish_all(tx, settings)
            assert await status(tx) == "sending"
        await tx.execute(throttled, "refused")
        await publish_all(tx, settings)
        assert await status(tx) == "sent"
        shown = await editions.shown(tx, ID)
        assert shown.mails == {"sent": 2, "refused": 1}
        assert (shown.left, shown.all, shown.a_minute) == (0, 3, 2)


async def test_an_edition_without_readers(dsn: str, settings: NotifySettings) -> None:
    """It is published all the same, and sent at once."""
    async with connected(dsn) as tx:
        await schedule(tx)
        await publish_all(tx, settings)
        assert await status(tx) == "sent"
        assert len(await said(tx, "edition.published")) == 1


async def test_cancelled_midway(dsn: str, settings: NotifySettings) -> None:
    """What has not left of a cancelled edition stays here and is said to be suppressed; what left or is in hand is left
    alone; it cannot be sent again under its id."""
    async with connected(dsn) as tx:
        await know(tx, [f"reader-{n}" for n in range(6)])
        await schedule(tx)
        await publish_all(tx, settings)
        await tx.execute(
            "UPDATE mail SET status = 'sent', sent_at = now() WHERE id = (SELECT min(id::text)::uuid FROM mail)"
        )
        await tx.execute(
            "UPDATE mail SET status = 'sending' WHERE id = (SELECT max(id::text)::uuid FROM mail)"
        )
        async with tx.transaction():
            assert "what has not left stays here" in await editions.cancel(tx, ID)
        await publish_all(tx, settings, page=2)
        assert await status(tx) == "cancelled"
        assert sorted(row["status"] or row["withheld"] for row in await mails(tx)) == [CANCELLED] * 4 + [
            "sending",
            "sent",
        ]
        suppressed = await said(tx, "notification.suppressed")
        assert {
            (value["notification"]["why_not"], value["notification"]["revision"]) for _, value in suppressed
        } == {(CANCELLED, 1)}
        assert len(suppressed) == 4
        with pytest.raises(EditionRefused, match="some readers have it"):
            await schedule(tx)


async def test_cancelled_before_its_time(dsn: str, settings: NotifySettings) -> None:
    """Nobody gets it; it may be scheduled again."""
    async with connected(dsn) as tx:
        await know(tx, ["ada"])
        await schedule(tx, send_at=NOW + timedelta(hours=1))
        async with tx.transaction():
            await editions.cancel(tx, ID)
        await publish_all(tx, settings, now=NOW + timedelta(hours=2))
        assert await mails(tx) == []
        await schedule(tx)
        await publish_all(tx, settings)
        assert len(await mails(tx)) == 1


async def test_who_can_get_a_test(dsn: str, settings: NotifySettings) -> None:
    """A test goes to a known contact who reads the newsletter and may be written to, to nobody else."""
    refused = {
        "nobody": "no contact",
        "erased": "no contact",
        "other": "has not said yes",
        "bounced": "must not be written to",
    }
    async with connected(dsn) as tx:
        await know(tx, ["other"], topics=["event"])
        await know(tx, ["bounced"])
        await tx.execute(
            "INSERT INTO suppression (address_key, reason, why) SELECT address_key, 'bounced', '550' "
            "FROM contact WHERE id = 'bounced'"
        )
        await tx.execute("INSERT INTO contact (id, revision, erased_at) VALUES ('erased', 1, now())")
        for contact_id, why in refused.items():
            with pytest.raises(editions.NotAReader, match=why):
                await editions.add_test(tx, edition(), contact_id, SignedLinks(settings), NOW)
        assert await tx.fetchval("SELECT count(*) FROM mail") == 0


async def test_a_test_is_no_edition(dsn: str, settings: NotifySettings) -> None:
    """Each test is one mail more, marked in its title; the edition itself still goes to that reader afterwards."""
    async with connected(dsn) as tx:
        await know(tx, ["ada"])
        tests = [await editions.add_test(tx, edition(), "ada", SignedLinks(settings), NOW) for _ in range(2)]
        assert len(set(tests)) == 2
        shown = await editions.read_published(tx, tests[0])
        assert shown is not None
        assert shown.title == "[Test] Digital jobs, November 2026"
        assert await tx.fetchval("SELECT count(*) FROM mail WHERE urgency = 0") == 2
        assert await said(tx, "edition") == []
        assert await editions.archive(tx) == []
        await schedule(tx)
        await publish_all(tx, settings)
        assert len(await mails(tx)) == 1
