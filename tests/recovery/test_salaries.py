"""What is had again of salaries: benchmarks, signals and every counted step, from topics, on a real database."""

import asyncio
import contextlib
from random import Random
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.recovering import RecoveryRefused
from loti_contracts.events import Event, PaySignal, Role, RoleChanged, RoleClosed, RoleDiscovered
from loti_contracts.events.topics import BENCHMARKS, PAY_SIGNALS, ROLES
from services.salaries import recount
from services.salaries.app import service
from services.salaries.rules import Rules
from tests.databases import database_of
from tests.recovery.kept import Kept, MemoryLog, different, things
from tests.salaries.hearing import a_role, connected, empty
from tests.salaries.test_any_order import delivered, histories
from tests.servers import Postgres

_made: dict[str, str] = {}
SEEDS = range(1)


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """One database for all of these tests."""
    if not _made:
        _made["dsn"] = await database_of("salaries", postgres)
    return _made["dsn"]


def said_of(role: Role) -> Event:
    if role.status == "closed":
        return RoleClosed(role=role)
    return RoleDiscovered(role=role) if role.revision == 1 else RoleChanged(role=role)


async def lived(connection: Any, random: Random) -> Kept:
    """Salaries after some history in some order, with an offer that is below its market and a market that moves."""
    await empty(connection)
    await connection.execute("DELETE FROM inbox")
    kept = Kept(service(), connection)
    for batch in delivered(random, histories(random, roles=10, revisions=3)):
        await kept.say(*map(said_of, batch))
    usual = [a_role(id=f"usual-{n}", pay=(50_000_00, 60_000_00 + n)) for n in range(12)]
    low = [a_role(id="low", pay=(20_000_00, 21_000_00))]
    high = [a_role(id=f"high-{n}", pay=(90_000_00, 99_000_00 + n)) for n in range(14)]
    for roles in (usual, low, high):
        await kept.say(*map(said_of, roles))
    return kept


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_was_heard_a_rebuild_ends_with_the_same_tables(dsn: str, seed: int) -> None:
    """In any order, with corrections and repetitions; and nothing is said by it."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(seed))
        signals = {one.decode() for name, one in things(kept.log, PAY_SIGNALS) if one and name}
        assert any(one.startswith("benchmark-moved") for one in signals)
        done = await kept.rebuilt()
        assert different(done) == []
        assert (done.said, await kept.waiting(), done.heard) == ({}, 0, done.heard)
        assert await recount.differing(connection, Rules()) == []


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_lost_database_is_had_again_and_goes_on_as_the_kept_one_would(dsn: str, seed: int) -> None:
    """Every table is gone, the inbox with them. What is heard next counts on from the revisions that were said, and a move
    of a market that was told is not told again."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(seed))
        await empty(connection)
        await connection.execute("DELETE FROM inbox")
        done = await kept.rebuilt()
        assert not done.said
        before = things(kept.log, BENCHMARKS)
        await kept.say(said_of(a_role(id="next", pay=(50_000_00, 70_000_00))))
        after = things(kept.log, BENCHMARKS)
        for key, state in after.items():
            if state != before.get(key):
                was = before[key]["benchmark"]["revision"] if key in before else 0
                assert state["benchmark"]["revision"] == was + 1
        assert await recount.differing(connection, Rules()) == []


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_compaction_the_current_state_is_the_same(dsn: str, seed: int) -> None:
    """With the newest state of each role alone on the topic, only what earlier revisions offered is gone."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(seed))
        done = await kept.rebuilt(kept.log.compacted())
        assert [one.split(":")[0] for one in different(done)] in ([], ["superseded_observations"])
        assert not done.said


async def test_what_was_not_heard_yet_is_left_for_the_service(dsn: str) -> None:
    """Nothing is swallowed: its effects are said when the service hears it."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(1))
        new = kept.put(said_of(a_role(id="new", pay=(50_000_00, 70_000_00))))
        kept.log.unread = kept.log.said.index(new)
        done = await kept.rebuilt()
        assert (different(done), done.left) == ([], 1)
        await kept.handle([new])
        assert len(things(kept.log, BENCHMARKS)) == await connection.fetchval(
            "SELECT count(*) FROM benchmarks"
        )
        assert await recount.differing(connection, Rules()) == []


async def test_tables_are_not_emptied_because_the_broker_lost_its_log(dsn: str) -> None:
    """It is refused, with what to do, and changes nothing; unless it is meant."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(2))
        before = await connection.fetch("SELECT * FROM benchmarks ORDER BY id")
        with pytest.raises(RecoveryRefused, match="loti republish"):
            await kept.rebuilt(kept.log.without(ROLES))
        assert await connection.fetch("SELECT * FROM benchmarks ORDER BY id") == before
        await kept.rebuilt(MemoryLog(), even_if_lost=True)
        assert await connection.fetchval("SELECT count(*) FROM observations") == 0


async def test_a_rebuild_that_is_interrupted_has_changed_nothing(dsn: str) -> None:
    """Its session is ended in the middle; then it is given again."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(3))
        before = await connection.fetch("SELECT * FROM observations ORDER BY role_id")
        async with connected(dsn) as other:
            theirs = Kept(kept.service, other, _Ending(kept.log.said, other))
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                await theirs.rebuilt()
                pytest.fail("it was not interrupted")
        assert await connection.fetch("SELECT * FROM observations ORDER BY role_id") == before
        assert different(await kept.rebuilt()) == []


class _Ending(MemoryLog):
    """Ends the session in the middle of the roles."""

    def __init__(self, said: Any, connection: Any) -> None:
        super().__init__(said)
        self._connection = connection

    async def messages(self, topics: Any) -> Any:
        topics = list(topics)
        async for heard in super().messages(topics):
            if topics == [ROLES] and heard.message.offset > 40:
                self._connection.terminate()
                await asyncio.sleep(0)
            yield heard


async def test_a_backup_of_any_moment_catches_up_with_what_was_said_since(dsn: str) -> None:
    """The backup holds less than was said, and in its outbox what has been published: it ends as the kept tables were, and
    says nothing again."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(4))
        wanted = await _current(connection)
        end = len(kept.log.said)
        await empty(connection)
        await connection.execute("DELETE FROM inbox")
        backup = Kept(service(), connection)
        roles = [one for one in kept.log.said if one.topic == ROLES.name]
        await backup.handle(roles[: len(roles) // 2])  # what the backup had heard and said, under other ids
        kept.log.said[end:] = []
        done = await kept.restored()
        assert await _current(connection) == wanted
        assert (dict(done.said), await kept.waiting()) == ({}, 0)


async def test_lost_topics_are_filled_again_once(dsn: str) -> None:
    """Every benchmark and every signal, with the revision that it had; a second time there is nothing to say."""
    async with connected(dsn) as connection:
        kept = await lived(connection, Random(5))
        before = things(kept.log, BENCHMARKS, PAY_SIGNALS)
        lost = kept.log.without(BENCHMARKS, PAY_SIGNALS)
        await kept.republished(lost)
        assert not (await kept.republished(lost)).said  # it waits in the outbox already
        kept.log = lost
        await kept.publish()
        assert things(lost, BENCHMARKS, PAY_SIGNALS) == before
        assert not (await kept.republished(lost)).said
        assert all(PaySignal.model_validate(one["signal"]) for one in things(lost, PAY_SIGNALS).values())


async def _current(connection: Any) -> tuple[Any, Any, Any]:
    return (
        await connection.fetch("SELECT id, benchmark, adverts, moves FROM benchmarks ORDER BY id"),
        await connection.fetch("SELECT * FROM observations ORDER BY role_id"),
        await connection.fetch("SELECT id, signal FROM pay_signals ORDER BY id"),
    )
