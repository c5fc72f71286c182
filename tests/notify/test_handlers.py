import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.errors import Park
from loti_contracts.events import Envelope, Subscription
from services.notify import prepare
from services.notify.handlers import HANDLERS
from services.notify.mails import Mail
from tests.notify.making import (
    CAMDEN,
    EVERYTHING,
    YESTERDAY,
    answered,
    candidate,
    closed,
    contact,
    erased,
    heard,
    match,
    role,
    stated,
)

Pool = "asyncpg.Pool[Any]"


async def hear(tx: Any, *envelopes: Envelope[Any]) -> None:
    """What the consumer does: the handlers, in order, in one transaction."""
    async with tx.transaction():
        for envelope in envelopes:
            await HANDLERS[type(envelope.event)](envelope, tx)


async def due(tx: Any) -> list[Mail]:
    """The mails that a sender gets now."""
    mails = []
    async with tx.transaction():
        await prepare.prepare(tx)
        while mail := await prepare.claim(tx, today=datetime.now(UTC).date(), lease=20):
            mails.append(mail)
    return mails


def told(mails: list[Mail]) -> set[tuple[str, str]]:
    """(contact, role or match) of what is in these mails."""
    return {(item.contact_id, item.about.id) for mail in mails for item in mail.items}


@pytest.fixture
async def tx(dsn: str) -> Any:
    """One connection."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def test_a_contact_that_joins_is_told_of_what_is_open(tx: Any) -> None:
    """Whether the contact or the role is heard of first, the same pair comes out; a closed role is not told."""
    await hear(tx, heard(role("before")), heard(role("gone")), heard(closed(role("gone"))))
    await hear(tx, stated(contact("contact-1", 1, EVERYTHING)))
    await hear(tx, heard(role("after")))
    assert told(await due(tx)) == {("contact-1", "before"), ("contact-1", "after")}


async def test_once_for_ever(tx: Any) -> None:
    """A role that changes, and a contact that changes, bring no second alert."""
    await hear(tx, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    assert len(await due(tx)) == 1
    await hear(tx, heard(role(revision=2, title="Data Engineer (again)")))
    await hear(tx, stated(contact("contact-1", 2, EVERYTHING, name="Married Name")))
    assert await due(tx) == []


async def test_what_is_due_together_shares_a_mail(tx: Any) -> None:
    """Forty roles at once are two mails to a contact, not forty; and each is in one of them."""
    await hear(
        tx, stated(contact("contact-1", 1, EVERYTHING)), *(heard(role(f"role-{n}")) for n in range(40))
    )
    mails = await due(tx)
    assert sorted(len(mail.items) for mail in mails) == [10, 30]
    assert len(told(mails)) == 40


async def test_a_role_that_comes_to_fit_is_told(tx: Any) -> None:
    """A role that is only in its second revision read as a Data role reaches who asked for those."""
    await hear(tx, stated(contact("contact-1", 1, Subscription(topic="new role", families=("Data",)))))
    await hear(tx, heard(role(standard_role=None)))
    assert await due(tx) == []
    await hear(tx, heard(role(revision=2)))
    assert told(await due(tx)) == {("contact-1", "role-1")}


async def test_a_stale_state_is_dropped(tx: Any) -> None:
    """A revision that is not newer changes nothing: not a role, not a contact."""
    await hear(tx, heard(role(revision=3, status="closed")), heard(role(revision=2)))
    await hear(tx, stated(contact("contact-1", 2)), stated(contact("contact-1", 1, EVERYTHING)))
    await hear(tx, heard(role("other")))
    assert await due(tx) == []


@pytest.mark.parametrize("how", ["closed", "past its date", "narrowed", "erased"])
async def test_what_is_taken_back_before_it_left_is_not_sent(tx: Any, how: str) -> None:
    """A role that closed or passed its date, and a subscription that ended, stop what is still due; the ledger
    says why. Taken up again, it becomes due again."""
    await hear(tx, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    async with tx.transaction():
        await prepare.prepare(tx)
    take_back = {
        "closed": heard(closed(role())),
        "past its date": heard(role(revision=2, closes_on=YESTERDAY)),
        "narrowed": stated(contact("contact-1", 2)),
        "erased": erased("contact-1"),
    }
    await hear(tx, take_back[how])
    assert await due(tx) == []
    row = await tx.fetchrow("SELECT withheld, mail_id FROM notification")
    assert row["withheld"]
    assert await tx.fetchval("SELECT status FROM mail") == "withheld"
    await hear(tx, heard(role(revision=5)))
    await hear(tx, stated(contact("contact-1", 5, EVERYTHING), time=datetime.now(UTC) + timedelta(hours=1)))
    assert told(await due(tx)) == {("contact-1", "role-1")}


async def test_an_introduction_waits_for_both(tx: Any) -> None:
    """An accepted match is not lost when its contacts come later: one mail, to both, when the second is known."""
    await hear(tx, answered(match()))
    assert await due(tx) == []
    await hear(tx, stated(contact("helps")))
    assert await due(tx) == []
    await hear(tx, stated(contact("asks")))
    [mail] = await due(tx)
    assert {one.id for one in mail.contacts} == {"asks", "helps"}
    assert await due(tx) == []


async def test_a_declined_match_introduces_nobody(tx: Any) -> None:
    """Only an accepted match is an introduction, and one that is withdrawn before the mail left is none."""
    await hear(tx, stated(contact("asks")), stated(contact("helps")))
    await hear(tx, answered(match(status="declined", accepted=None)))
    assert await due(tx) == []
    await hear(tx, answered(match(revision=3)), answered(match(revision=4, status="withdrawn")))
    assert await due(tx) == []


@pytest.mark.parametrize("accepted", [None, candidate("asks")])
async def test_a_match_that_introduces_nobody_is_parked(tx: Any, accepted: Any) -> None:
    """An accepted match without a supporter, or of a contact with itself, can never become a mail."""
    with pytest.raises(Park, match="match-1"):
        await hear(tx, answered(match(accepted=accepted)))


async def test_two_processes_at_the_same_moment_do_not_miss_each_other(pool: Any) -> None:
    """A contact and a role written in two transactions that do not see each other become an alert, once,
    whichever commits first, with senders at work between and after."""
    for n in range(10):
        async with pool.acquire() as one, pool.acquire() as two, pool.acquire() as three:
            first, second = one.transaction(), two.transaction()
            await first.start()
            await second.start()
            wants = Subscription(topic="new role", families=(f"Family {n}",))
            standard = {"name": "Data engineer", "family": f"Family {n}"}
            for tx, envelope in (
                (one, stated(contact(f"contact-{n}", 1, wants))),
                (two, heard(role(f"role-{n}", standard_role=standard))),
            ):
                await HANDLERS[type(envelope.event)](envelope, tx)
            await (first if n % 2 else second).commit()
            await due(three)
            await (second if n % 2 else first).commit()
        found = await asyncio.gather(*(_due_in(pool) for _ in range(3)))
        assert [pair for mails in found for pair in told(mails)] == [(f"contact-{n}", f"role-{n}")]


async def _due_in(pool: Any) -> list[Mail]:
    async with pool.acquire() as tx:
        return await due(tx)


async def test_erasure_leaves_no_name_or_address(tx: Any) -> None:
    """After an erasure no table holds the name, the address, the organisation or the contact's own words; what
    was told to whom remains, by id. A statement from before the erasure brings nothing back."""
    before = datetime.now(UTC)
    await hear(tx, *(stated(contact(id_, 1, EVERYTHING, borough=CAMDEN)) for id_ in ("asks", "helps")))
    await hear(tx, heard(role()), answered(match()))
    assert len(await due(tx)) == 3
    await hear(tx, erased("asks"), erased("helps"))
    await hear(tx, stated(contact("asks", 9, EVERYTHING), time=before))
    everything = await dump(tx)
    assert "eatherstone" not in everything
    assert "ilhelmina" not in everything
    assert await tx.fetchval("SELECT count(*) FROM notification WHERE contact_id IN ('asks', 'helps')") == 4


async def dump(tx: Any) -> str:
    """Every row of every table of ours, as text."""
    tables = await tx.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert len(tables) > 5
    rows = [
        await tx.fetch(f'SELECT row_to_json(t)::text AS row FROM "{table["tablename"]}" t')
        for table in tables
    ]
    return json.dumps([row["row"] for found in rows for row in found])
