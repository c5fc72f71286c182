"""Events are pulled by cursor: nothing skipped, nothing twice, or a clear refusal."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    NotificationSent,
    Outcome,
    OutcomeStated,
    envelop,
)
from services.webhooks import handlers
from services.webhooks.bell import Bell
from services.webhooks.pull.pulling import Pulling, digest_of
from services.webhooks.thinning import thin
from tests.webhooks.hearing import CAMDEN, HACKNEY, NOON, connected, endpoint, hear, role, settings
from tests.webhooks.receiver import Receiver

Ask = Callable[..., Any]
TOKEN = "lr_test"
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


@pytest.fixture
async def ask(dsn: str, db: Connection) -> AsyncIterator[Ask]:
    """`GET /events` with these parameters, as a reader that may."""
    await db.execute("INSERT INTO readers (name, token_digest) VALUES ('r', $1)", digest_of(TOKEN))
    bell, stopping = Bell(dsn), asyncio.Event()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=4) as pool:
        listening = asyncio.create_task(bell.listen(pool, stopping))
        transport = httpx2.ASGITransport(app=Pulling(pool, bell, stopping).app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:

            async def get(token: str = TOKEN, accept: str = "*/*", **asked: Any) -> httpx2.Response:
                headers = {"authorization": f"Bearer {token}", "accept": accept}
                return await client.get("/events", params=asked, headers=headers)

            yield get
        stopping.set()
        await listening


def ids(answer: httpx2.Response) -> list[str]:
    """Of the events in a batch."""
    assert answer.status_code == 200, answer.text
    return [event["id"] for event in answer.json()]


async def everything(ask: Ask, **asked: Any) -> list[str]:
    """All pages from the start, by the cursor of each."""
    found: list[str] = []
    while True:
        answer = await ask(**asked)
        found += ids(answer)
        asked["after"] = answer.headers["loti-cursor"]
        if answer.headers["loti-more"] == "false":
            return found


async def test_all_pages_together_are_the_log(db: Connection, ask: Ask) -> None:
    """In order, whatever the size of a page; the link leads on as the cursor does; both forms say the same."""
    said = [role(f"r{n % 7}", n // 7 + 1) for n in range(25)]
    await hear(db, *said)
    for limit in (1, 4, 25, 500):
        assert await everything(ask, limit=limit) == [one.id for one in said]
    first = await ask(limit=3)
    assert first.headers["content-type"].startswith("application/cloudevents-batch+json")
    linked = re.fullmatch(r'<\?limit=3&after=([\w-]+)>; rel="next"', first.headers["link"])
    assert linked is not None
    assert linked[1] == first.headers["loti-cursor"]
    plain = (await ask(limit=3, accept="application/json")).json()
    assert (plain["events"], plain["next"], plain["more"]) == (first.json(), linked[1], True)
    assert plain["behind"] == int(first.headers["loti-behind"]) == 22


async def test_filters_by_type_and_authority(db: Connection, ask: Ask) -> None:
    """Several types, a whole kind, a name or a code; what left an authority is still told to it; what concerns nobody is
    told to those alone who ask for no authority."""
    outcome = OutcomeStated(outcome=Outcome(id="m1", revision=1, result="hired", stated_at=NOON))
    a = role("r1", of=[CAMDEN])
    b = role("r2", of=[HACKNEY])
    c = role("r1", 2, of=[HACKNEY])
    d = role("r2", 2, closed=True, of=[HACKNEY])
    e = envelop(outcome, source="/test", time=NOON)
    await hear(db, a, b, c, d, e)
    assert await everything(ask, type="role.closed") == [d.id]
    assert await everything(ask, type="role.discovered,role.changed") == [a.id, b.id, c.id]
    assert await everything(ask, type=["role.*", "london.loti.outcome.stated.v1"]) == [
        one.id for one in (a, b, c, d, e)
    ]
    assert await everything(ask, authority="London Borough of Camden") == [a.id, c.id]
    assert await everything(ask, authority=HACKNEY.gss, type="role.*", limit=1) == [b.id, c.id, d.id]
    nothing = await ask(type="match.*")
    assert ids(nothing) == []
    assert ids(await ask(after=nothing.headers["loti-cursor"])) == []


async def test_what_commits_late_is_not_skipped(dsn: str, db: Connection, ask: Ask) -> None:
    """A reader never gets past an event that is in the log but not yet visible: those who add take turns."""
    async with connected(dsn) as slow, connected(dsn) as quick:
        turn = slow.transaction()
        await turn.start()
        first, second = role("r1"), role("r2")
        await handlers.on_events([first], slow)
        other = asyncio.create_task(hear(quick, second))
        before = await ask()
        assert ids(before) == []
        await asyncio.wait([other], timeout=0.1)
        assert not other.done()
        await turn.commit()
        await other
    assert ids(await ask(after=before.headers["loti-cursor"])) == [first.id, second.id]


async def test_many_writers_and_a_reader_at_once(dsn: str, db: Connection, ask: Ask) -> None:
    """What a reader that never stops has read in the end is each event once, in the order of the log."""
    read: list[str] = []

    async def write(writer: int) -> None:
        async with connected(dsn) as connection:
            for n in range(15):
                await hear(connection, role(f"w{writer}-{n}"), role(f"w{writer}-{n}", 2))

    async def reading() -> None:
        after = ""
        while len(read) < 4 * 30:
            answer = await ask(after=after, limit=7, wait=1)
            read.extend(ids(answer))
            after = answer.headers["loti-cursor"]

    async with asyncio.timeout(30):
        await asyncio.gather(reading(), *[write(n) for n in range(4)])
    assert read == [row["id"] for row in await db.fetch("SELECT id FROM events ORDER BY position")]
    assert len(set(read)) == 120


async def test_a_wait_ends_when_something_comes(db: Connection, ask: Ask) -> None:
    """Long poll: the answer comes with the event, and an event of another type does not end it."""
    waiting = asyncio.create_task(ask(type="role.closed", wait=30))
    await hear(db, role("r1"))
    await asyncio.wait([waiting], timeout=0.2)
    assert not waiting.done()
    closed = role("r1", 2, closed=True)
    await hear(db, closed)
    async with asyncio.timeout(5):
        assert ids(await waiting) == [closed.id]


async def test_an_event_that_comes_again_is_not_told_twice(db: Connection, ask: Ask) -> None:
    """By its id, or because its revision is not newer."""
    first, second = role("r1"), role("r1", 2)
    await hear(db, first, first, second)
    await hear(db, second, first)
    await db.execute("DELETE FROM events WHERE id = $1", first.id)
    await hear(db, first)
    assert await everything(ask) == [second.id]


async def test_the_newest_state_stays_and_an_old_cursor_is_refused(
    dsn: str, db: Connection, ask: Ask
) -> None:
    """After the days that events are kept, superseded states are gone: whoever had read up to before them is told so
    (410); whoever had read past them goes on; who starts anew gets the newest of each thing, page by page."""
    said = [role("r1"), role("r2"), role("r1", 2), role("r3"), role("r1", 3)]
    await hear(db, *said)
    early = (await ask(limit=1)).headers["loti-cursor"]
    late = (await ask(limit=3)).headers["loti-cursor"]
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        assert await thin(pool, settings(dsn), now=datetime.now(UTC) + timedelta(days=89)) == 0
        assert await thin(pool, settings(dsn), now=datetime.now(UTC) + timedelta(days=91)) == 2
    refused = await ask(after=early)
    assert refused.status_code == 410
    assert "begin again without `after`" in refused.json()["detail"]
    assert ids(await ask(after=late)) == [said[3].id, said[4].id]
    assert await everything(ask, limit=1) == [said[1].id, said[3].id, said[4].id]


async def test_what_its_topic_forgets_is_forgotten_here(dsn: str, db: Connection, ask: Ask) -> None:
    """Notifications are kept for 400 days and no longer, newest or not."""
    example = json.loads((EXAMPLES / f"{NotificationSent.type}.json").read_text())
    kept = envelop(NotificationSent.model_validate(example["value"]), source="/test", time=NOON)
    await hear(db, kept, role("r1"))
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        assert await thin(pool, settings(dsn), now=NOON + timedelta(days=399)) == 0
        assert await thin(pool, settings(dsn), now=NOON + timedelta(days=401)) == 1
    assert len(await everything(ask)) == 1
    assert await db.fetchval("SELECT count(*) FROM things") == 1


async def test_what_waits_to_be_pushed_is_not_thinned_out(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """However old it is."""
    await endpoint(db, receiver)
    await hear(db, role("r1"), role("r1", 2))
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        assert await thin(pool, settings(dsn), now=datetime.now(UTC) + timedelta(days=500)) == 0
        await db.execute("UPDATE deliveries SET state = 'delivered', ended_at = now()")
        assert await thin(pool, settings(dsn), now=datetime.now(UTC) + timedelta(days=500)) == 1
    assert await db.fetchval("SELECT count(*) FROM deliveries") == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"type": "role.dicovered"}, "perhaps london.loti.role.discovered.v1"),
        ({"type": "contact.stated"}, "restricted"),
        ({"authority": "Hackny"}, "perhaps Hackney"),
        ({"after": "7"}, "not a cursor"),
        ({"after": "AAAA" * 9}, "not a cursor"),
        ({"limit": "0"}, "from 1 to 500"),
        ({"limit": "²"}, "from 1 to 500"),
        ({"wait": "31"}, "from 0 to 30"),
        ({"wait": ["1", "2"]}, "stands 2 times"),
        ({"since": "2026"}, "there is no parameter 'since'"),
    ],
)
async def test_a_question_that_is_not_understood_says_why(
    ask: Ask, asked: dict[str, Any], words: str
) -> None:
    """400, with what stands there and what may."""
    answer = await ask(**asked)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


async def test_a_cursor_of_another_log_is_refused(db: Connection, ask: Ask) -> None:
    """One from before the database was made anew, and one that is ahead of a database restored from a copy."""
    await hear(db, role("r1"))
    cursor = (await ask()).headers["loti-cursor"]
    await db.execute("DELETE FROM events")
    assert (await ask(after=cursor)).status_code == 410
    await hear(db, role("r2"))
    await db.execute("UPDATE event_log SET id = gen_random_uuid()")
    answer = await ask(after=cursor)
    assert answer.status_code == 410
    assert "another log" in answer.json()["detail"]


async def test_only_readers_may_read(db: Connection, ask: Ask) -> None:
    """Without a token or with a wrong one: 401, and how to get one. No token is in the database."""
    for token in ("", "lr_wrong", digest_of(TOKEN).hex()):
        answer = await ask(token=token)
        assert answer.status_code == 401
        assert "reader add" in answer.json()["detail"]
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN.encode() not in (await db.fetchval("SELECT token_digest FROM readers"))
