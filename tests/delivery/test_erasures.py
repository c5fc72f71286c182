"""An erasure that was set aside, and what is said of the same person before and after it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.delivery import replaying
from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Contact, ContactErased, ContactStated, Envelope, encode
from loti_contracts.events.envelope import envelop
from tests.servers import Postgres

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TOPIC = ContactStated.topic


class People:
    """A service that keeps the newest state of each contact, and all its dead letters clean of who is erased; `broken`:
    which offsets it cannot handle yet."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self.broken: set[str] = set()
        self.handling = BatchHandling(
            service="people",
            pool=pool,
            handle=each({ContactStated: self._state, ContactErased: self._erase}),
            handles=frozenset({ContactStated, ContactErased}),
            breaker=Breaker(service="people", pool=pool, limit=1_000),
            hold=0.0,
            bug_attempts=2,
            stopping=asyncio.Event(),
        )
        self.handling.stopping.set()  # its waits are skipped

    async def _state(self, said: Envelope[ContactStated], tx: Connection) -> None:
        self._fail(said)
        await tx.execute(
            """INSERT INTO contact AS kept VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision
               WHERE kept.revision < excluded.revision""",
            said.subject,
            said.event.contact.revision,
        )

    async def _erase(self, said: Envelope[ContactErased], tx: Connection) -> None:
        self._fail(said)
        await tx.execute("DELETE FROM contact WHERE id = $1", said.subject)
        await tx.execute("DELETE FROM dead_letters WHERE key = convert_to($1, 'UTF8')", said.subject)

    def _fail(self, said: Envelope[Any]) -> None:
        if said.id in self.broken:
            raise KeyError("a bug")

    async def holds(self) -> dict[str, int]:
        """Revision by id."""
        return {row["id"]: row["revision"] for row in await self.handling.pool.fetch("SELECT * FROM contact")}

    async def letters(self) -> list[int]:
        """Offsets of what is still set aside."""
        rows = await self.handling.pool.fetch(
            "SELECT message_offset FROM dead_letters WHERE replayed_at IS NULL ORDER BY message_offset"
        )
        return [row["message_offset"] for row in rows]

    async def ask(self, *offsets: int) -> None:
        """For a replay, and have it done."""
        ids = await self.handling.pool.fetch(
            "SELECT id FROM dead_letters WHERE message_offset = ANY($1)", offsets
        )
        async with self.handling.pool.acquire() as connection:
            await replaying.ask_all(connection, [row["id"] for row in ids])
        while await self.handling.pool.fetchval(
            "SELECT EXISTS (SELECT FROM dead_letters WHERE replay_asked_at IS NOT NULL)"
        ):
            assert await replaying.replay_asked(self.handling)


@pytest.fixture
async def people(postgres: Postgres) -> AsyncIterator[People]:
    async with asyncpg.create_pool(await postgres.create_database(), min_size=0, max_size=4) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
            await connection.execute("CREATE TABLE contact (id text PRIMARY KEY, revision int NOT NULL)")
        yield People(pool)


def messages(*said: int | None, contact: str = "ada", begin: int = 0) -> list[Received]:
    """Of one contact, in order: a revision, or an erasure. Each one's id is its offset."""
    found = []
    for offset, revision in enumerate(said, start=begin):
        event: Any = ContactErased(contact_id=contact)
        if revision is not None:
            event = ContactStated(
                contact=Contact(
                    id=contact,
                    revision=revision,
                    name="Ada",
                    email="ada@hackney.gov.uk",
                    organisation="Hackney",
                )
            )
        envelope = envelop(event, source="/loti/portal", time=NOW, id=f"{contact}-{offset}")
        found.append(Received(TOPIC, 0, offset, 1, *encode(envelope)))
    return found


async def test_nobody_is_lost_who_came_back_after_an_erasure_that_failed(people: People) -> None:
    """What is stated after it is held behind it, also in the same batch, and follows its replay by itself. Afterwards the
    person is there as stated last, and what should be erased is not."""
    people.broken = {"ada-1"}
    await people.handling.process(messages(5, None, 1))
    assert (await people.holds(), await people.letters()) == ({"ada": 5}, [1, 2])
    await people.ask(2)
    assert (await people.holds(), await people.letters()) == ({"ada": 5}, [1, 2])
    people.broken = set()
    await people.ask(1)
    assert (await people.holds(), await people.letters()) == ({"ada": 1}, [])


async def test_others_are_not_held_behind_it(people: People) -> None:
    """Only the contact itself waits."""
    people.broken = {"ada-0"}
    await people.handling.process([*messages(None, 1), *messages(1, contact="bea")])
    assert (await people.holds(), await people.letters()) == ({"bea": 1}, [0, 1])


async def test_what_was_set_aside_before_an_erasure_goes_with_it(people: People) -> None:
    """Replayed later, it would bring the person back; whoever was told of it is told that it is given up."""
    people.broken = {"ada-0"}
    await people.handling.process(messages(1))
    await people.handling.process(messages(1, None))
    people.broken = set()
    assert (await people.holds(), await people.letters()) == ({}, [])
    said = await people.handling.pool.fetch(
        "SELECT convert_from(value, 'UTF8') AS said FROM outbox ORDER BY position"
    )
    assert '"status":"discarded"' in said[-1]["said"]
    assert not any("hackney.gov.uk" in row["said"] for row in said)


async def test_what_cannot_be_read_goes_or_stays_by_its_place(people: People) -> None:
    """In one batch with the erasure: bytes from before it are forgotten, those from after it are kept."""
    before, erasure, after = messages(1, None, 2)
    bent = [Received(m.topic, 0, m.offset, 1, m.key, b"{", m.headers) for m in (before, after)]
    await people.handling.process([bent[0], erasure, bent[1]])
    assert await people.letters() == [2]


@pytest.mark.filterwarnings("ignore")
async def test_whatever_fails_the_end_is_as_if_nothing_had(people: People) -> None:
    """For any history of statements and erasures, cut into batches anywhere, of which any failed and were replayed after
    the repair in any order: the contact is as the history without failures leaves it."""
    number = 0

    async def run(said: Sequence[int | None], broken: set[int], cut: int, order: Sequence[int]) -> None:
        nonlocal number
        number += 1
        contact = f"c{number}"
        history = messages(*said, contact=contact, begin=10 * number)
        people.broken = {f"{contact}-{10 * number + offset}" for offset in broken}
        for part in (history[:cut], history[cut:]):
            if part:
                await people.handling.process(part)
        people.broken = set()
        for offset in order:
            await people.ask(10 * number + offset)
        assert await people.letters() == []
        newest: int | None = None
        for revision in said:
            newest = revision if revision is None else max(revision, newest or 0)
        assert (await people.holds()).get(contact) == newest, (said, broken, cut, order)

    cases: list[Any] = []

    @settings(max_examples=20)
    @given(
        said=st.lists(st.sampled_from([None, 1, 2, 3]), min_size=1, max_size=6),
        broken=st.sets(st.integers(0, 5)),
        cut=st.integers(0, 6),
        order=st.permutations(range(6)),
    )
    def gather(said: Any, broken: Any, cut: int, order: Any) -> None:
        cases.append((said, broken, cut, order))

    gather()
    for case in cases:
        await run(*case)
