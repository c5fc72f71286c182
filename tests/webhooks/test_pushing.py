"""Events are pushed, signed and in order, whatever the receiver does."""

import asyncio

from loti_contracts.delivery.database import Connection
from services.webhooks.push import endpoint_changes
from tests.webhooks.hearing import endpoint, hear, hurry, pushing, role, states, until_states
from tests.webhooks.receiver import OK, Receiver, Taken, says

Writer = asyncio.StreamWriter


async def test_an_event_reaches_its_endpoint_signed(dsn: str, db: Connection, receiver: Receiver) -> None:
    """As a CloudEvent in structured JSON, with the id that it has on Kafka, verified by Standard Webhooks' own library."""
    await endpoint(db, receiver)
    said = role("r1")
    async with pushing(dsn):
        await hear(db, said)
        await until_states(db, [("delivered", 1)])
    [taken] = receiver.taken
    assert taken.id == taken.event["id"] == said.id
    assert taken.content_type == "application/cloudevents+json"
    assert taken.event["data"]["role"]["title"] == "Senior Data Analyst – “Größe”"
    assert (taken.event["specversion"], taken.event["type"]) == ("1.0", "london.loti.role.discovered.v1")
    assert receiver.forged == 0
    log = await db.fetchrow("SELECT status, said FROM attempts")
    assert log is not None
    assert tuple(log) == (200, "thank you")


async def test_events_of_one_thing_go_one_after_another(dsn: str, db: Connection, receiver: Receiver) -> None:
    """However many are on their way at once: the next state starts once the one before it was taken."""
    on_their_way: set[str] = set()
    together = []

    async def slow(taken: Taken, writer: Writer) -> None:
        key = taken.event["subject"]
        together.append(key in on_their_way)
        on_their_way.add(key)
        await asyncio.sleep(0.01)
        on_their_way.discard(key)
        await OK(taken, writer)

    receiver.reply = slow
    await endpoint(db, receiver)
    await hear(db, *[role(f"r{n}", revision) for revision in range(1, 6) for n in range(4)])
    async with pushing(dsn, webhook_at_once=8):
        await until_states(db, [("delivered", 1)] * 20)
    assert not any(together)
    for n in range(4):
        came = [one.revision for one in receiver.taken if one.event["subject"] == f"r{n}"]
        assert came == [1, 2, 3, 4, 5]


async def test_a_newer_state_takes_the_place_of_one_that_was_not_taken(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """It waits for the older one's turn rather than overtake it, and the older one is not sent after it; other things go
    on. The same holds where the newer one comes later."""

    async def refuses_first(taken: Taken, writer: Writer) -> None:
        await (says(500) if taken.revision == 1 and taken.event["subject"] == "r1" else OK)(taken, writer)

    receiver.reply = refuses_first
    await endpoint(db, receiver)
    await hear(db, role("r1"), role("r1", 2), role("r1", 3), role("r2"))
    async with pushing(dsn):
        await until_states(db, [("superseded", 1), ("superseded", 0), ("waiting", 0), ("delivered", 1)])
        await hear(db, role("r1", 4))
        await until_states(
            db,
            [("superseded", 1), ("superseded", 0), ("superseded", 0), ("delivered", 1), ("waiting", 0)],
        )
        await hurry(db)
        await receiver.until(lambda one: len(one.taken) == 3)
    assert [
        (one.event["subject"], one.revision) for one in receiver.taken if one.event["subject"] == "r1"
    ] == [
        ("r1", 1),
        ("r1", 4),
    ]


async def test_what_failed_comes_again_with_its_id_and_a_new_timestamp(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """Ten attempts; after the last one it has failed, and the log has them all."""
    receiver.reply = says(500, b"no\x00room \x1b[31m")
    await endpoint(db, receiver)
    said = role("r1")
    await hear(db, said)
    async with pushing(dsn):
        for attempt in range(1, 10):
            await until_states(db, [("waiting", attempt)])
            await hurry(db)
        await until_states(db, [("failed", 10)])
    assert [one.id for one in receiver.taken] == [said.id] * 10
    told = await db.fetch("SELECT DISTINCT status, said FROM attempts")
    assert [tuple(row) for row in told] == [(500, "no room [31m")]


async def test_gone_disables_at_once_and_enabling_catches_up(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """410: nothing more is sent, the newest state of each thing waits, and comes when the endpoint is enabled."""
    receiver.reply = says(410)
    await endpoint(db, receiver)
    await hear(db, role("r1"))
    async with pushing(dsn):
        await receiver.until(lambda one: len(one.taken) == 1)
        async with asyncio.timeout(10):
            while not await db.fetchval("SELECT disabled_because FROM endpoints"):
                await asyncio.sleep(0.02)
        await hear(db, role("r1", 2), role("r1", 3), role("r2"))
        assert [one[0] for one in await states(db)] == ["superseded", "superseded", "waiting", "waiting"]
        receiver.reply = OK
        async with db.transaction():
            assert await endpoint_changes.enable(db, "dashboard") == 2
        await receiver.until(lambda one: len(one.taken) == 3)
        await until_states(db, [("superseded", 1), ("superseded", 0), ("delivered", 1), ("delivered", 1)])
    assert sorted((one.event["subject"], one.revision) for one in receiver.taken) == [
        ("r1", 1),
        ("r1", 3),
        ("r2", 1),
    ]


async def test_an_endpoint_that_fails_for_days_is_disabled_with_the_reason(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """And loses nothing: what was not taken goes on waiting."""
    receiver.reply = says(502, b"bad gateway")
    await endpoint(db, receiver)
    await db.execute("UPDATE endpoints SET failing_since = now() - interval '73 hours'")
    await hear(db, role("r1"))
    async with pushing(dsn):
        await until_states(db, [("waiting", 1)])
    because = await db.fetchval("SELECT disabled_because FROM endpoints")
    assert "nothing was taken since" in because
    assert "502" in because


async def test_retry_after_holds_the_whole_endpoint(dsn: str, db: Connection, receiver: Receiver) -> None:
    """429 with Retry-After: nothing is sent to it before then, not even of other things."""
    receiver.reply = says(429, retry_after="3600")
    await endpoint(db, receiver)
    await hear(db, role("r1"))
    async with pushing(dsn):
        await until_states(db, [("waiting", 1)])
        await hear(db, role("r2"))
        await endpoint(db, receiver, "other")
        await hear(db, role("r3"))
        await until_states(db, [("waiting", 1)], "other")
        assert await states(db) == [("waiting", 1), ("waiting", 0), ("waiting", 0)]
    seconds = await db.fetchval(
        "SELECT extract(epoch FROM due_at - now()) FROM deliveries WHERE attempts = 1 AND endpoint = 'dashboard'"
    )
    assert 3500 < seconds < 3700
    assert len(receiver.of("/dashboard")) == 1


async def test_a_slow_endpoint_holds_up_no_other(dsn: str, db: Connection, receiver: Receiver) -> None:
    """Twenty that never answer, and one that does: its events come while the others' are still on their way."""
    never = asyncio.Event()

    async def silent(_: Taken, __: Writer) -> None:
        await never.wait()

    for n in range(20):
        receiver.by_path[f"/slow-{n}"] = silent
        await endpoint(db, receiver, f"slow-{n}")
    await endpoint(db, receiver, "zz-quick")
    await hear(db, *[role(f"r{n}") for n in range(10)])
    async with pushing(dsn, webhook_timeout=2.0):
        await until_states(db, [("delivered", 1)] * 10, "zz-quick")
        assert await states(db, "slow-0") == [("waiting", 0)] * 10
        never.set()


async def test_other_misbehaviour_is_a_failure_with_its_reason(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """No answer in time, a connection cut off, nonsense, a redirect, a huge answer, and a body that never ends behind a
    status that is good: only that last one and the huge one are taken."""

    async def cut(_: Taken, writer: Writer) -> None:
        writer.close()

    async def nonsense(_: Taken, writer: Writer) -> None:
        writer.write(b"\x00\xff nothing like HTTP\r\n\r\n")

    async def silent(_: Taken, __: Writer) -> None:
        await asyncio.sleep(60)

    async def endless(_: Taken, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nwell")
        await writer.drain()
        await asyncio.sleep(60)

    receiver.by_path = {
        "/cut": cut,
        "/nonsense": nonsense,
        "/silent": silent,
        "/redirect": says(302, location=f"{receiver.url}/elsewhere"),
        "/huge": says(200, b"x" * 3_000_000),
        "/endless": endless,
    }
    for path in receiver.by_path:
        await endpoint(db, receiver, path[1:])
    await hear(db, role("r1"))
    async with pushing(dsn, webhook_timeout=1.0):
        async with asyncio.timeout(20):
            while await db.fetchval("SELECT count(*) FROM attempts") < len(receiver.by_path):
                await asyncio.sleep(0.05)
        rows = await db.fetch(
            "SELECT endpoint, state, status, said FROM deliveries JOIN attempts ON delivery = id"
        )
    told = {row["endpoint"]: (row["state"], row["status"], row["said"]) for row in rows}
    assert told["huge"][:2] == ("delivered", 200)
    assert len(told["huge"][2]) <= 200
    assert told["endless"] == ("delivered", 200, "well [not complete]")
    assert told["silent"] == ("waiting", None, "no answer within 1 seconds")
    assert told["redirect"][:2] == ("waiting", 302)
    assert "redirects are not followed" in told["redirect"][2]
    assert told["cut"][:2] == told["nonsense"][:2] == ("waiting", None)
    assert "Error" in told["cut"][2]
    assert not receiver.of("/elsewhere")


async def test_private_addresses_are_not_reached(dsn: str, db: Connection, receiver: Receiver) -> None:
    """Whatever the address is called: the guard is the one that boards are read through."""
    port = receiver.url.rpartition(":")[2]
    for n, host in enumerate(("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0")):  # noqa: S104
        await endpoint(db, receiver, f"inside-{n}", at=f"http://{host}:{port}/inside-{n}")
    await hear(db, role("r1"))
    async with pushing(dsn, allow_private=False):
        for n in range(5):
            await until_states(db, [("waiting", 1)], f"inside-{n}")
    said = [row["said"] for row in await db.fetch("SELECT said FROM attempts")]
    assert all("private or reserved address" in one for one in said)
    assert not receiver.taken


async def test_after_a_rotation_both_secrets_verify(dsn: str, db: Connection, receiver: Receiver) -> None:
    """Until the old one ends; then the new one alone signs."""
    await endpoint(db, receiver)
    new = "whsec_" + "bmV3IHNlY3JldCBuZXcgc2VjcmV0IG5ldyBzZWNyZXQ="
    async with db.transaction():
        until = await db.fetchval("SELECT now() + interval '1 day'")
        assert await endpoint_changes.rotate(db, "dashboard", new, until=until)
    async with pushing(dsn):
        await hear(db, role("r1"))
        await receiver.until(lambda one: len(one.taken) == 1)  # the receiver still verifies with the old one
        receiver.secrets["/dashboard"] = new
        await hear(db, role("r2"))
        await receiver.until(lambda one: len(one.taken) == 2)
        await db.execute("UPDATE endpoints SET old_secret_until = now()")
        await hear(db, role("r3"))
        await receiver.until(lambda one: len(one.taken) == 3)
    assert [len(one.signatures) for one in receiver.taken] == [2, 2, 1]
    assert receiver.forged == 0
