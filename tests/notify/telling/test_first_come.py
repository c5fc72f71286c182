"""What came first is told first, however much waits."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.notify.telling import store
from services.notify.telling.gathering import _queries
from tests.notify.making import contact, role


async def test_things_are_judged_in_the_order_in_which_they_came(tx: Any) -> None:
    """Whatever they are called. One that changes again while it waits keeps its turn; one that changes after it was judged
    waits at the end."""
    for name in ("z", "a", "m", "b"):
        await _heard(tx, name, 1)
    await _heard(tx, "a", 2)
    async with tx.transaction():
        first = await store.take_things(tx, 2)
        assert [(thing.id, thing.revision) for thing in first] == [("z", 1), ("a", 2)]
        await store.judged(tx, things=first)
    await _heard(tx, "z", 2)
    async with tx.transaction():
        assert [thing.id for thing in await store.take_things(tx, 5)] == ["m", "b", "z"]


async def test_contacts_are_written_to_in_the_order_in_which_something_was_due(tx: Any) -> None:
    """Of more contacts than are gathered for at once, those come first whose first thing has waited longest."""
    await _heard(tx, "role-1", 1)
    now = datetime.now(UTC)
    for seconds, name in enumerate(("z", "a", "m")):
        stated = contact(name)
        await tx.execute(
            """INSERT INTO contact (id, revision, name, email, organisation) VALUES ($1, 1, $2, $3, $4)""",
            stated.id,
            stated.name,
            stated.email,
            stated.organisation,
        )
        for later in (0, 30):
            await tx.execute(
                """INSERT INTO notification (id, kind, about, thing_kind, thing_id, contact_id, caused_by, correlation_id,
                                             why, due_at)
                   VALUES ($1, 'new role', $2, 'role', 'role-1', $3, 'event-1', 'event-1', 'so', $4)""",
                uuid4(),
                f"role-{later}",
                name,
                now - timedelta(seconds=60 - seconds - later),
            )
    async with tx.transaction():
        rows = [row["id"] async for row in _queries.contacts_due(tx, now=now, window=100, most=2)]
    assert rows == ["z", "a"]


async def _heard(tx: Any, name: str, revision: int) -> None:
    thing = role(name, revision)
    await store.save_thing(
        tx, thing, current=True, event_id=f"{name}-{revision}", correlation_id=f"{name}-{revision}"
    )
