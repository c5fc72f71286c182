"""Notify's tables from topics: after any history they are what they were, and nothing that was sent is sent again."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.recovering import rebuild, republish, restored
from loti_contracts.events.topics import NOTIFICATIONS
from tests.notify.recovery.history import LATER, OWN, SERVICE, Notify, live
from tests.remembered_log import RememberedLog

on_a_database = settings(
    # A history takes a second or two: few in the suite, some eighty of each with LOTI_TEST_EXAMPLES=thorough.
    max_examples=settings().max_examples // 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.integers(0, 2**32)


def states(log: RememberedLog) -> dict[Any, Any]:
    """The newest that notify said of each thing; a tombstone is None. Why erased contacts were told is nobody's any more."""
    names = {topic.name for topic in OWN}
    found = {}
    for one in log.told:
        if one.topic in names:
            read = json.loads(one.value) if one.value else None
            for part in (read or {}).values():
                if isinstance(part, dict):
                    for name in ("why", "mail_id", "attempts"):
                        part.pop(name, None)
            found[one.topic, one.key] = {k: v for k, v in read.items() if k != "changed"} if read else None
    return found


@on_a_database
@given(seeds)
async def test_any_history_heard_again_ends_in_the_same_tables(db: Any, seed: int) -> None:
    """Every derived table is as it was; nothing is said but that contacts are erased; nothing leaves, not now and not when
    every digest was due, that had left before, and no question is asked twice."""
    notify = Notify(db)
    await notify.empty()
    await live(notify, seed)
    before = await db.fetch("SELECT * FROM choice ORDER BY contact_id")
    done = await rebuild(SERVICE, db, notify.log, even_if_lost=True)
    assert [table for table in done.tables if not table.same] == []
    assert done.parked == 0
    rows = await db.fetch("SELECT value FROM outbox")
    assert [row["value"] for row in rows if row["value"] is not None] == []
    after = await db.fetch("SELECT * FROM choice ORDER BY contact_id")
    assert [row["ask"] for row in after] == [row["ask"] for row in before]
    assert await notify.turn() == []
    await notify.turn(datetime.now(UTC) + LATER)
    assert len(set(notify.sent)) == len(notify.sent)


@on_a_database
@given(seeds)
async def test_a_database_that_is_lost_with_its_ledger_sends_nothing_twice(db: Any, seed: int) -> None:
    """From the topics alone, also when they were compacted: what was told is known, whoever was asked is not asked again,
    and what was only found and had not left leaves once."""
    notify = Notify(db)
    await notify.empty()
    await live(notify, seed)
    said = states(notify.log)
    await notify.empty()
    await rebuild(SERVICE, db, notify.log.compacted(), even_if_lost=True)
    await notify.log.publish(db)
    sent = set(notify.sent)
    assert not sent & set(await notify.turn())
    assert not sent & set(await notify.turn(datetime.now(UTC) + LATER))
    assert {
        key: part for key, part in states(notify.log).items() if key in said and "loti.subscr" in key[0]
    } == {key: part for key, part in said.items() if "loti.subscr" in key[0]}


@on_a_database
@given(seeds)
async def test_what_is_said_again_is_what_was_said(db: Any, seed: int) -> None:
    """Topics that were lost are said again: the same states in the same revisions, and the tombstones; but of what was
    withheld and is due again it is not said that it was withheld."""
    notify = Notify(db)
    await notify.empty()
    await live(notify, seed)
    rows = await db.fetch(
        "SELECT notification.id FROM notification LEFT JOIN mail ON mail.id = mail_id WHERE withheld IS NULL"
        " AND returned IS NULL AND (mail.id IS NULL OR mail.status IN ('due', 'sending'))"
    )
    waiting = {(NOTIFICATIONS.name, str(row["id"]).encode()) for row in rows}
    said = states(notify.log)
    lost = RememberedLog()
    await republish(SERVICE, db, lost)
    await lost.publish(db)
    again = states(lost)
    assert not waiting & again.keys()
    assert {key: part for key, part in again.items() if part is not None} == {
        key: part for key, part in said.items() if part is not None and key not in waiting
    }
    assert {key for key, part in said.items() if part is None} <= again.keys()


@on_a_database
@given(seeds)
async def test_an_older_backup_sends_nothing_that_was_sent_since(db: Any, seed: int) -> None:
    """Mails that are due in the backup and were sent after it do not leave; choices and erasures of since hold."""
    notify = Notify(db)
    await notify.empty()
    await live(notify, seed)
    backup = {one.table: await db.fetch(f"TABLE {one.table}") for one in SERVICE.holdings}
    await live(notify, seed + 1)
    now = await db.fetch("SELECT contact_id, revision, status FROM choice ORDER BY contact_id")
    known = await db.fetch("SELECT id, revision, email, erased_at IS NULL FROM contact ORDER BY id")
    await notify.empty()
    await db.execute("SET session_replication_role = replica")  # as a restored backup, table by table
    for holding in SERVICE.holdings:
        rows = backup[holding.table]
        if rows:
            columns = [name for name in dict(rows[0]) if name != "wanted"]
            records = [tuple(row[name] for name in columns) for row in rows]
            await db.copy_records_to_table(holding.table, records=records, columns=columns)
    await db.execute("RESET session_replication_role")
    await restored(SERVICE, db, notify.log)
    await notify.log.publish(db)
    assert await db.fetch("SELECT contact_id, revision, status FROM choice ORDER BY contact_id") == now
    assert await db.fetch("SELECT id, revision, email, erased_at IS NULL FROM contact ORDER BY id") == known
    sent = set(notify.sent)
    assert not sent & set(await notify.turn())
    assert not sent & set(await notify.turn(datetime.now(UTC) + LATER))
