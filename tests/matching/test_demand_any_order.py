"""Whatever the order in which roles and requests are heard, and whenever the clock looks, it ends the same."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Request, Role
from services.matching.demand.clock import begin, clock
from services.matching.demand.handlers import Demand
from services.matching.demand.rules import Rules
from tests.matching.demand_world import (
    BARNET,
    BRENT,
    CAMDEN,
    HACKNEY,
    START,
    SUTTON,
    World,
    a_request,
    a_role,
    closed,
    in_step,
)

SMALL = Rules(least=3, window=timedelta(days=30), usual_least=3, usual_latest=6, settling=timedelta(days=20))
STANDARD = ("Data engineer", "Service designer", None)
TITLES = (
    *("Data Engineer", "Service Designer", "Data Journalist", "Lead Data Journalist (FTC)", "Data Jounalist"),
    *("Journalism Lead", "Prompt Engineer", "Promt Engineer", "Digital Twin Manager", "Security Engineer"),
    *("IT Manager", "Content Engineer", "Engineer - Content"),
)
BOROUGHS = (CAMDEN, HACKNEY, BARNET, SUTTON, BRENT)


@pytest.fixture
def world(db: Any) -> World:
    """A world with rules small enough that everything happens in it."""
    return World(db, rules=SMALL)


@settings(max_examples=settings().max_examples // 2)  # each is dozens of transactions
@given(st.integers(0, 2**32))
async def test_any_order_ends_as_a_count_from_nothing(world: World, seed: int) -> None:
    """Roles and requests in any order, some twice, with time passing and the clock looking in between: what was said
    at last is what the newest of them give together, counted without tables; revisions count up by one; no event
    says what the one before it said; and all of it delivered again, in yet another order, says nothing."""
    await world.empty()
    random = Random(seed)
    world.now = START + timedelta(days=random.choice((0, 40)))
    history = _history(random)
    heard = random.sample(history, len(history)) if random.random() < 0.7 else history
    for at in range(0, len(heard), 4):
        again = random.sample(heard[:at], min(at, random.choice((0, 2))))
        await world.hear(*heard[at : at + 4], *again)
        if random.random() < 0.5:
            await world.wait(random.choice((0, 0.5, 7, 15)))
    await world.wait(random.choice((0, 3, 29)))
    assert await world.standing() == world.counted()
    assert await world.hear(*random.sample(history, len(history))) == []
    await world.wait(20)
    assert await world.standing() == world.counted()
    assert in_step(await world.said())


async def test_two_clocks_say_it_once(world: World, dsn: str) -> None:
    """Two processes that look at the same moment, one with a clock that is behind: each end is said once, and
    nothing comes back."""
    await world.hear(*(closed(a_role(gss, id=gss), START + timedelta(days=1)) for gss in BOROUGHS))
    world.now = START + timedelta(days=40)
    behind = Demand(world.rules, clock=lambda: START + timedelta(days=30))
    stopping = asyncio.Event()
    async with asyncpg.create_pool(dsn, min_size=2, max_size=4) as pool:
        await begin(pool, world.demand)
        loops = [
            asyncio.create_task(clock(one, every=0.01)(pool, stopping))
            for one in (world.demand, behind, world.demand, behind)
        ]
        while (await world.said())[-1].type.endswith("shared.v1"):
            await asyncio.sleep(0.01)
        for _ in range(3):
            await begin(pool, behind)
        stopping.set()
        await asyncio.gather(*loops)
    types = [event.type for event in await world.said()]
    assert types == ["london.loti.demand.shared.v1"] * 3 + ["london.loti.demand.ended.v1"]


def _history(random: Random) -> list[Role | Request]:
    """Nine roles with up to three revisions each, and some requests."""
    states: list[Role | Request] = []
    for number in range(9):
        found = START + timedelta(days=random.randrange(40), hours=random.randrange(3))
        role = _role(random, number, found)
        states.append(role)
        for _ in range(random.choice((0, 0, 1, 2))):
            states.append(role := _next(random, role, found))
    for number in range(3):
        for revision in range(1, random.choice((2, 3))):
            states.append(
                a_request(
                    id=f"request-{number}",
                    revision=revision,
                    borough=random.choice(BOROUGHS),
                    kind=random.choice(("recruiter", "recruiter", "mentor")),
                    status=random.choice(("open", "open", "withdrawn")),
                    standard_role=random.choice(STANDARD[:2]),
                    stated_at=START + timedelta(days=random.randrange(40)),
                )
            )
    return states


def _role(random: Random, number: int, found: datetime) -> Role:
    return a_role(
        *random.sample(BOROUGHS, random.choice((0, 1, 1, 1, 2))),
        standard_role=random.choice((*STANDARD, "Data engineer")),
        id=f"role-{number}",
        title=random.choice(TITLES),
        found_at=found,
        posted_on=random.choice((None, (found - timedelta(days=9)).date())),
        readvertises=random.choice((None, None, None, "role-0")),
        relevance=random.choice(("yes", "yes", "borderline")),
        confidence=random.choice((0.5, 0.9)),
    )


def _next(random: Random, role: Role, found: datetime) -> Role:
    if role.status == "open" and random.random() < 0.6:
        return closed(
            role, found + timedelta(days=random.randrange(1, 25)), random.choice(("gone", "expired"))
        )
    other = _role(random, 0, found)
    kept = {"id": role.id, "revision": role.revision + 1, "found_at": role.found_at}
    return other.model_copy(update=kept)
