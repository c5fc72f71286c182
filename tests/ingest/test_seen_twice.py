"""One job on several boards, with the sample boards over HTTP and a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from deploy.local.boards.adverts import Advert
from loti_contracts.events import Role
from services.ingest import records
from tests.ingest.polling_world import ADVERTS, World, advert_of, open_world

JOB = "research-data-manager"
OWN = next(advert for advert in ADVERTS if advert.id == JOB)
AGAIN = "again-on-a-shared-board"
SHARED = "north-west-london"


def on_another_board(advert: Advert, **differences: Any) -> dict[str, Any]:
    """The same vacancy as a second board shows it."""
    facts = asdict(replace(advert, id=AGAIN, board=SHARED)) | differences
    return {name: value for name, value in facts.items() if value is not None and name != "board"}


@pytest.fixture
async def world(postgres: Any) -> AsyncIterator[World]:
    """Camden's board and one that several boroughs share, both polled."""
    async with open_world(postgres, lambda source: source.id in (OWN.board, SHARED)) as world:
        await world.poll()
        yield world


async def the_role(world: World) -> Role:
    """The role of the job, of which there is one."""
    (role,) = (role for role in (await world.stored()).values() if JOB in {advert_of_or_none(role)})
    return role


def advert_of_or_none(role: Role) -> str | None:
    try:
        return advert_of(role)
    except (KeyError, StopIteration, ValueError):
        return None


async def test_an_advert_on_a_second_board_joins_its_role(world: World) -> None:
    """The second board's link is added, and nothing is discovered; gone from the first board, the role stays open and
    is the second board's; gone from there as well, it is closed. Each step is on record with its reason."""
    before = await the_role(world)
    await world.change({"add": [on_another_board(OWN)]}, SHARED)
    ((kind, role, changed),) = await world.poll(replace(world.polling, whole_every=0))
    assert (kind, role.id, changed) == ("changed", before.id, ("links",))
    assert len(role.links) == 2
    assert role.links[0] == before.links[0]
    assert await world.poll(replace(world.polling, whole_every=0)) == []

    await world.change({"remove": [JOB]}, OWN.board)
    assert await world.poll() == []
    ((kind, role, _),) = await world.poll()
    assert (kind, role.id, role.status, role.source) == ("changed", before.id, "open", SHARED)
    await world.change({"remove": [AGAIN]}, SHARED)
    assert await world.poll() == []
    ((kind, role, _),) = await world.poll()
    assert (kind, role.id, role.status) == ("closed", before.id, "closed")
    assert await world.stored() == await world.last_said()
    async with world.pool.acquire() as connection:
        told = await records.decisions_about(connection, role_id=before.id)
    whys = {row["decision"]: row["why"] for row in told if row["decision"] != "kept"}
    assert set(whys) == {"discovered", "joined", "left", "closed"}
    assert f"the same job as on {OWN.board}: same" in whys["joined"]
    assert f"still on {SHARED}" in whys["left"]


async def test_two_boards_read_at_the_same_moment_say_one_role(postgres: Any) -> None:
    """Both find the job new in the same second, again and again: one role, one after the other."""
    for _ in range(5):
        async with open_world(postgres, lambda source: source.id in (OWN.board, SHARED)) as world:
            await world.change({"add": [on_another_board(OWN)]}, SHARED)
            alone = [
                replace(world.polling, sources={id_: source}) for id_, source in world.polling.sources.items()
            ]
            await asyncio.gather(*(one.poll_due(world.pool) for one in alone))
            told = [(kind, role) for kind, role, _ in await world.said() if role.title == OWN.title]
            assert [kind for kind, _ in told] == ["discovered", "changed"]
            assert len({role.id for _, role in told}) == 1
            assert len(told[1][1].links) == 2
            assert await world.stored() == await world.last_said()


async def test_another_vacancy_of_the_same_title_is_a_role_of_its_own(world: World) -> None:
    """Same title and employer, other pay: two roles."""
    other = on_another_board(
        OWN, pay="£81,000 to £82,000", description="Something else altogether is asked here."
    )
    await world.change({"add": [other]}, SHARED)
    ((kind, role, _),) = await world.poll(replace(world.polling, whole_every=0))
    assert (kind, role.title, len(role.links)) == ("discovered", OWN.title, 1)
