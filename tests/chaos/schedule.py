"""Which fault comes when: drawn from a seed, the same for the same seed and world.

What a machine makes of a schedule differs from run to run; the schedule does not.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

Kind = Literal[
    "kill",
    "kill server",
    "pause",
    "pause server",
    "reset",
    "delay",
    "cut",
    "disk",
    "clock",
    "rebalance",
    "deploy",
]
KINDS: Sequence[Kind] = get_args(Kind)

_WEIGHTS: dict[Kind, int] = {"kill": 6, "kill server": 2, "pause": 3, "reset": 3, "delay": 2, "cut": 2}
"""How often each comes beside the others; once where nothing is said."""

SESSION = 10.0
"""Seconds after which a broker gives up a member of a group that it does not hear of."""


@dataclass(frozen=True, slots=True)
class World:
    """What there is to break, by name. `replicas` are processes of services such as `salaries-2`; `servers` are
    `postgres`, `kafka-1`, ... and `mailcatcher`; `ways` are the connections through proxies; `clocked` are the replicas
    whose clocks can be stepped. `kinds` are the faults that this machine can make."""

    replicas: tuple[str, ...]
    servers: tuple[str, ...]
    ways: tuple[str, ...]
    clocked: tuple[str, ...]
    kinds: tuple[Kind, ...] = tuple(KINDS)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that the replicas are of."""
        return tuple(dict.fromkeys(name.rpartition("-")[0] for name in self.replicas))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `at` seconds after the start it begins, and lasts `seconds`. `amount` says more:

    delay: seconds that everything is later · clock: seconds that it is stepped by, back where negative · reset: answers
    were lost before it (1), the server is not told of it (2), or neither (0) · cut: there (1), back (2) or both (3).
    """

    at: float
    kind: Kind
    target: str
    seconds: float
    amount: float = 0.0

    def __str__(self) -> str:
        more = f" ({self.amount:g})" if self.amount else ""
        return f"{self.at:7.1f} s  {self.kind:12} {self.target}{more} for {self.seconds:.1f} s"


def schedule(
    seed: int, world: World, *, minutes: float, a_minute: float, longest: float = 60.0
) -> Sequence[Fault]:
    """So many faults a minute, evenly strewn, for so many minutes, none of them longer than `longest` seconds. Every kind comes once before any comes often, and
    every replica and server is killed in turn before one is killed again.

    Raises ValueError where there is nothing to break, or less than nothing is asked for.
    """
    if minutes <= 0 or a_minute <= 0:
        raise ValueError(
            f"{a_minute:g} faults a minute for {minutes:g} minutes are none; ask for more than 0"
        )
    if not world.kinds or not world.replicas or not world.servers or not world.ways:
        raise ValueError("a world without kinds, replicas, servers or ways has nothing to break")
    if "clock" in world.kinds and not world.clocked:
        raise ValueError("no clock can be stepped, so there is nothing to break for faults of that kind")
    draw = random.Random(seed)
    kinds = _kinds(draw, world)
    turns = {
        "replica": _in_turn(draw, world.replicas),
        "server": _in_turn(draw, world.servers),
        "way": _in_turn(draw, world.ways),
        "clock": _in_turn(draw, world.clocked),
        "service": _in_turn(draw, world.services),
    }
    gap = 60.0 / a_minute
    return [
        _no_longer(_fault(draw, turns, next(kinds), at=round((number + draw.random()) * gap, 2)), longest)
        for number in range(round(minutes * a_minute))
    ]


def _no_longer(fault: Fault, longest: float) -> Fault:
    return replace(fault, seconds=min(fault.seconds, longest))


def _kinds(draw: random.Random, world: World) -> Iterator[Kind]:
    """First each once, then by their weights, bag after bag."""
    yield from draw.sample(world.kinds, len(world.kinds))
    bag = [kind for kind in world.kinds for _ in range(_WEIGHTS.get(kind, 1))]
    while True:
        yield from draw.sample(bag, len(bag))


def _in_turn(draw: random.Random, names: Sequence[str]) -> Iterator[str]:
    """Each once in a shuffled order, then each once again in another."""
    while names:
        yield from draw.sample(names, len(names))


def _fault(draw: random.Random, turns: dict[str, Iterator[str]], kind: Kind, *, at: float) -> Fault:
    def lasting(least: float, most: float) -> float:
        return round(draw.uniform(least, most), 2)

    match kind:
        case "kill":
            return Fault(at, kind, next(turns["replica"]), lasting(0, 4))
        case "kill server":
            return Fault(at, kind, next(turns["server"]), lasting(0, 4))
        case "pause":
            longer = draw.random() < 0.5
            return Fault(
                at,
                kind,
                next(turns["replica"]),
                lasting(SESSION + 1, SESSION + 10) if longer else lasting(0.5, 5),
            )
        case "pause server":
            longer = draw.random() < 0.3
            return Fault(
                at,
                kind,
                next(turns["server"]),
                lasting(SESSION + 1, SESSION + 6) if longer else lasting(0.5, 6),
            )
        case "reset":
            how = draw.choice((0, 1, 2))
            return Fault(at, kind, next(turns["way"]), lasting(0.1, 2) if how == 1 else 0.0, float(how))
        case "delay":
            return Fault(at, kind, next(turns["way"]), lasting(5, 20), lasting(0.02, 2))
        case "cut":
            return Fault(at, kind, next(turns["way"]), lasting(2, 20), float(draw.choice((1, 2, 3))))
        case "disk":
            return Fault(at, kind, "postgres", lasting(3, 12))
        case "clock":
            far = draw.choice((60, 600, 3600, 6 * 3600)) * draw.uniform(0.5, 1) * draw.choice((-1, 1))
            return Fault(at, kind, next(turns["clock"]), lasting(5, 30), round(far))
        case "rebalance":
            return Fault(at, kind, next(turns["service"]), lasting(5, 20))
        case "deploy":
            return Fault(at, kind, next(turns["service"]), lasting(15, 45))
