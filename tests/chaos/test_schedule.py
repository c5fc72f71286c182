"""The schedule of faults: drawn from its seed alone, at the rate that was asked for, with everything in turn."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.schedule import KINDS, SESSION, World, schedule

WORLD = World(
    replicas=tuple(f"{service}-{n}" for service in ("ingest", "salaries", "notify") for n in (1, 2)),
    servers=("postgres", "kafka-1", "kafka-2", "kafka-3", "mailcatcher"),
    ways=("ingest~kafka-1", "ingest-1~postgres", "notify~smtp"),
    clocked=("ingest-1", "salaries-1"),
)
SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.floats(0.5, 90), st.floats(1, 40))
def test_the_same_seed_has_the_same_faults(seed: int, minutes: float, a_minute: float) -> None:
    """What was found under a seed can be sought again; another seed has another schedule."""
    planned = schedule(seed, WORLD, minutes=minutes, a_minute=a_minute)
    assert planned == schedule(seed, WORLD, minutes=minutes, a_minute=a_minute)
    if len(planned) > 5:
        assert planned != schedule(seed + 1, WORLD, minutes=minutes, a_minute=a_minute)


@given(SEEDS, st.floats(1, 90), st.floats(1, 40))
def test_the_rate_is_kept_all_along(seed: int, minutes: float, a_minute: float) -> None:
    """As many as asked for in all, in rising order, one in each of their slots: no burst and no lull by chance."""
    planned = schedule(seed, WORLD, minutes=minutes, a_minute=a_minute)
    assert len(planned) == round(minutes * a_minute)
    gap = 60 / a_minute
    for number, fault in enumerate(planned):
        assert number * gap - 0.01 <= fault.at <= (number + 1) * gap + 0.01


@given(SEEDS, st.sets(st.sampled_from(KINDS), min_size=1))
def test_every_kind_comes_and_nothing_else(seed: int, kinds: set[str]) -> None:
    """A run as long as there are kinds has each of them; what the machine cannot do never comes."""
    world = World(
        WORLD.replicas, WORLD.servers, WORLD.ways, WORLD.clocked, tuple(k for k in KINDS if k in kinds)
    )
    planned = schedule(seed, world, minutes=len(kinds), a_minute=1)
    assert {fault.kind for fault in planned} == kinds
    assert {fault.kind for fault in schedule(seed, world, minutes=30, a_minute=20)} == kinds


@given(SEEDS)
def test_everything_is_broken_in_turn(seed: int) -> None:
    """Each replica, server and way is hit before one of them is hit twice more than another; pauses are both shorter and
    longer than a group's session."""
    planned = schedule(seed, WORLD, minutes=60, a_minute=20)
    for kinds, names in (
        (("kill", "pause"), WORLD.replicas),
        (("kill server", "pause server"), WORLD.servers),
        (("reset", "delay", "cut"), WORLD.ways),
        (("clock",), WORLD.clocked),
        (("rebalance", "deploy"), WORLD.services),
    ):
        hit = Counter(fault.target for fault in planned if fault.kind in kinds)
        assert set(hit) == set(names)
        assert max(hit.values()) - min(hit.values()) <= 1
    pauses = [fault.seconds for fault in planned if fault.kind == "pause"]
    assert min(pauses) < SESSION < max(pauses)
    assert all(0 <= fault.seconds <= 45 for fault in planned)
    assert all(fault.amount <= 2 for fault in planned if fault.kind == "delay")
    steps = [fault.amount for fault in planned if fault.kind == "clock"]
    assert min(steps) < 0 < max(steps)


def test_nothing_to_break_is_an_error() -> None:
    """A run that could not break anything must not look like one that broke nothing."""
    with pytest.raises(ValueError, match="are none"):
        schedule(1, WORLD, minutes=0, a_minute=20)
    with pytest.raises(ValueError, match="nothing to break"):
        schedule(1, World((), WORLD.servers, WORLD.ways, ()), minutes=1, a_minute=20)
    with pytest.raises(ValueError, match="nothing to break"):
        schedule(1, World(WORLD.replicas, WORLD.servers, WORLD.ways, (), ("clock",)), minutes=1, a_minute=20)
