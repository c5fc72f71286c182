"""Ingest's tables from what it said: nothing is said anew of boards that show what they showed, nothing is closed wrongly,
and no job gets a second role. With the sample boards over HTTP and a real database."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from loti_contracts.events import Envelope, Role, decode
from services.ingest.recovery import RECOVERY
from services.ingest.store import register
from tests.ingest.polling_world import DIGITAL, World, advert_of, open_world
from tests.ingest.test_seen_twice import AGAIN, JOB, OWN, SHARED, advert_of_or_none, on_another_board

DERIVED = "sightings, sighting_keys, roles, sources"


@pytest.fixture
async def world(postgres: Any) -> AsyncIterator[World]:
    """Camden's board and one that several boroughs share, on which one of Camden's jobs is as well; both polled."""
    async with open_world(postgres, lambda source: source.id in (OWN.board, SHARED)) as world:
        await world.poll()
        await world.change({"add": [on_another_board(OWN)]}, SHARED)
        whole(world)
        await world.poll()
        yield world


def whole(world: World) -> None:
    """From now on boards are read from end to end each time."""
    world.polling = replace(world.polling, whole_every=0)


async def on_topics(world: World) -> list[Envelope[Any]]:
    """What compacted topics hold of what was said."""
    rows = await world.pool.fetch("SELECT topic, key, value, headers FROM outbox ORDER BY position")
    newest = {}
    for row in rows:
        headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
        newest[row["topic"], row["key"]] = decode(row["key"], row["value"], headers)
    return [one for one in newest.values() if isinstance(one, Envelope)]


async def adopt(world: World, said: list[Envelope[Any]]) -> None:
    """Take it over, board by board and role by role, in the order in which topics are adopted."""
    for topic in RECOVERY.says:
        async with world.pool.acquire() as tx, tx.transaction():
            await RECOVERY.adopt([one for one in said if one.event.topic == topic.name], tx)


async def lose(world: World) -> None:
    """The tables that are had from topics are empty, and polling starts anew."""
    await world.pool.execute(f"TRUNCATE {DERIVED}")
    world.polling.rests.clear()


async def rebuild(world: World) -> None:
    """Empty the derived tables, and have them again from what was said."""
    said = await on_topics(world)
    await lose(world)
    await adopt(world, said)
    await register(world.pool, list(world.polling.sources.values()))


async def compared(world: World) -> dict[str, list[Any]]:
    """What must be equal of each table."""
    return {
        table: [tuple(row) for row in await world.pool.fetch(query)]
        for table, query in RECOVERY.compared.items()
    }


async def shown(world: World) -> list[tuple[Any, ...]]:
    """Which adverts are known to be shown, by their ids and keys."""
    rows = await world.pool.fetch(
        "SELECT id, source, posting_key, role_id, reading->'links'->>0, stands_in FROM sightings"
        " WHERE reading->>'status' = 'open' ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_boards_that_show_what_they_showed_say_nothing_anew(world: World) -> None:
    """Rebuilt, the table of roles is what it was; read again, every advert is known under its own key, nothing is said,
    also of the job that two boards show. Twice, since what is missing is closed the second time."""
    roles, known, facts = await world.stored(), await shown(world), await compared(world)
    assert any(len(role.links) == 2 for role in roles.values())
    polls = await world.pool.fetchval("SELECT max(run) FROM runs")
    await rebuild(world)
    assert await world.stored() == roles
    assert await compared(world) == facts
    assert await shown(world) != known
    for _ in range(3):
        assert await world.poll() == []
        assert await world.stored() == roles
        assert await shown(world) == known
    assert await compared(world) == facts
    assert await world.pool.fetchval("SELECT max(run) FROM runs") == polls + 3


@pytest.mark.parametrize("first", [OWN.board, SHARED])
async def test_whichever_board_is_read_first(world: World, first: str) -> None:
    """The job on two boards is not said changed between the reading of the one and of the other."""
    await rebuild(world)
    for id_ in (first, *({OWN.board, SHARED} - {first})):
        await world.due()
        await world.pool.execute(
            "UPDATE sources SET next_poll_at = now() + interval '1 hour' WHERE id <> $1", id_
        )
        assert await world.polling.poll_due(world.pool) == 1
        assert await world.said() == []


async def test_what_changed_in_between_is_said_changed(world: World) -> None:
    """Of the same role, one revision on."""
    name = next(id_ for id_ in DIGITAL if id_ != JOB)
    (before,) = (one for one in (await world.stored()).values() if name == advert_of_or_none(one))
    await rebuild(world)
    await world.change({"replace": [{"id": name, "pay": "£61,000 to £62,000"}]})
    ((kind, role, changed),) = await world.poll()
    assert (kind, role.id, role.revision, changed) == ("changed", before.id, before.revision + 1, ("pay",))
    assert await world.poll() == []


async def test_what_went_in_between_is_closed_as_ever(world: World) -> None:
    """After two complete readings without it, and not before; a job that another board still shows stays open."""
    name = next(id_ for id_ in DIGITAL if id_ != JOB)
    await rebuild(world)
    await world.change({"remove": [name, JOB]})
    assert await world.poll() == []
    told = await world.poll()
    assert sorted((kind, advert_of(role)) for kind, role, _ in told if role.source == OWN.board) == [
        ("closed", name)
    ]
    ((kind, role),) = ((kind, role) for kind, role, _ in told if role.source == SHARED)
    assert (kind, role.status, len(role.links)) == ("changed", "open", 1)
    await world.change({"remove": [AGAIN]}, SHARED)
    assert await world.poll() == []
    ((kind, role, _),) = await world.poll()
    assert (kind, role.status) == ("closed", "closed")
    assert await world.stored() == await world.last_said()


async def test_a_closed_role_that_is_there_again_is_the_same_role(world: World) -> None:
    """By its posting's key, also when it was closed before the rebuild."""
    name = next(id_ for id_ in DIGITAL if id_ != JOB)
    (before,) = (one for one in (await world.stored()).values() if name == advert_of_or_none(one))
    await world.change({"remove": [name]})
    await world.poll()
    await world.poll()
    await rebuild(world)
    await world.change({"add": [facts_of(name)]})
    ((kind, role, _),) = await world.poll()
    assert (kind, role.id, role.status, role.revision) == ("changed", before.id, "open", before.revision + 2)


def facts_of(name: str) -> dict[str, Any]:
    """The sample advert as it is added to a board."""
    facts = asdict(DIGITAL[name])
    return {key: value for key, value in facts.items() if value is not None and key != "board"}


async def test_an_older_backup_takes_over_what_was_said_since(world: World) -> None:
    """A database of an hour ago learns that a role changed and another closed; then its boards say nothing anew."""
    backup = {
        table: await world.pool.fetch(f"SELECT * FROM {table}")
        for table in ("sources", "roles", "sightings", "sighting_keys")
    }
    changed, gone = [id_ for id_ in DIGITAL if id_ != JOB][:2]
    await world.change({"replace": [{"id": changed, "pay": "£61,000 to £62,000"}], "remove": [gone]})
    for _ in range(3):
        await world.poll()
    roles, said = await world.stored(), await on_topics(world)
    await lose(world)
    for table, rows in backup.items():
        columns = list(rows[0].keys())
        async with world.pool.acquire() as connection:
            await connection.copy_records_to_table(table, records=map(tuple, rows), columns=columns)
    await adopt(world, said)
    assert await world.stored() == roles
    for _ in range(3):
        assert await world.poll() == []


async def test_what_is_said_again_is_what_was_said(world: World) -> None:
    """Restated, every role and board is as on the topics, whole and with its revision, under an event of its topic."""
    await world.change({"remove": [next(iter(DIGITAL))]})
    await world.poll()
    await world.poll()
    async with world.pool.acquire() as tx, tx.transaction():
        again = {one.subject: one async for one in RECOVERY.restate(tx)}
    said = {one.subject: one.event for one in await on_topics(world)}
    assert {id_: one.state for id_, one in again.items()} == {id_: one.state for id_, one in said.items()}
    closed = [one for one in again.values() if isinstance(one.state, Role) and one.state.status == "closed"]
    assert {one.type for one in closed} == {"london.loti.role.closed.v1"}
