"""Rounds to test with: small ones of every kind, and any number of people at random."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.matching.rounds.nearest import Nearest
from services.matching.rounds.people import Conflict, Demand, Round, Supply

CAMDEN, HACKNEY, BARNET = "E09000007", "E09000012", "E09000003"
BOROUGHS = (CAMDEN, HACKNEY, BARNET)
ROLES = ("Data engineer", "Data analyst", "Service designer", "A role of our own")
SKILLS = ("Python", "SQL", "Facilitation")
WHYS = ("", "line manager", "earlier pair", "fell out")


def a_supply(id_: str = "ben", **differences: Any) -> Supply:
    """Ben from Hackney, a lead data engineer, takes one person."""
    usual = Supply(id_, id_.title(), HACKNEY, ("Data engineer",), ("Python", "SQL"), "lead", 1)
    return replace(usual, **differences)


def a_demand(id_: str = "asha", **differences: Any) -> Demand:
    """Asha from Camden, a data engineer."""
    usual = Demand(id_, id_.title(), CAMDEN, "Data engineer", ("Python", "SQL"), "practitioner")
    return replace(usual, **differences)


@st.composite
def any_round(draw: st.DrawFn, *, most: int = 5, kept: bool = False, pinned: bool = False) -> Round:
    """Up to five a side, with every rule in use."""
    levels = st.sampled_from((*LEVELS[:4], *LEVELS[:4], None))
    gaps = st.sampled_from([None, None, None, 1, 2])
    some = st.lists(st.sampled_from(SKILLS), unique=True, max_size=3).map(tuple)
    boroughs = st.sampled_from(BOROUGHS)
    supplies = [
        Supply(
            id=f"s{number}",
            name=f"Supporter {number}",
            borough=draw(boroughs),
            roles=tuple(draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=2))),
            skills=draw(some),
            level=draw(levels),
            capacity=draw(st.integers(0, 2)),
            max_gap=draw(gaps),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    ids = [one.id for one in supplies]
    one_of_them = st.lists(st.sampled_from(ids), max_size=2, unique=True) if ids else st.just([])
    demands = [
        Demand(
            id=f"d{number}",
            name=f"Person {number}",
            borough=draw(boroughs),
            role=draw(st.sampled_from((None, *ROLES))),
            skills=draw(some),
            level=draw(levels),
            max_gap=draw(gaps),
            line_managers=tuple(draw(one_of_them)[:1]),
            prefers=tuple(draw(one_of_them)),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    both = bool(ids and demands)
    names = [one.id for one in demands]
    pair = st.tuples(st.sampled_from(ids or [""]), st.sampled_from(names or [""]))
    conflicts = draw(st.lists(st.tuples(pair, st.sampled_from(WHYS)), max_size=4 * both))
    before = draw(st.lists(pair, max_size=5 * both * kept, unique_by=lambda one: one[1]))
    return Round(
        supplies=tuple(supplies),
        demands=tuple(demands),
        conflicts=tuple(Conflict(*ids, why) for ids, why in conflicts),
        related_only=draw(st.booleans()),
        kept_if_possible=frozenset((demand, supply) for supply, demand in before),
        pinned=_room_for(
            draw(st.lists(pair, max_size=2 * both * pinned, unique_by=lambda one: one[1])), supplies
        ),
    )


def _room_for(pairs: list[tuple[str, str]], supplies: list[Supply]) -> frozenset[tuple[str, str]]:
    """As many of these as there are places for, demand first."""
    left = {one.id: one.capacity for one in supplies}
    found = set()
    for supply, demand in pairs:
        if left[supply]:
            left[supply] -= 1
            found.add((demand, supply))
    return frozenset(found)


def a_small_round(draw: random.Random, *, most: int = 5, kept: bool = False) -> Round:
    """As `any_round`, but drawn by chance alone, which is many times faster."""

    def some(of: tuple[str, ...], count: int) -> tuple[str, ...]:
        return tuple(draw.sample(of, draw.randint(0, min(count, len(of)))))

    gaps = (None, None, None, 1, 2)
    supplies = tuple(
        Supply(
            id=f"s{number}",
            name=f"Supporter {number}",
            borough=draw.choice(BOROUGHS),
            roles=some(ROLES, 2),
            skills=some(SKILLS, 3),
            level=draw.choice(LEVELS[:4]),
            capacity=draw.randint(0, 2),
            max_gap=draw.choice(gaps),
        )
        for number in range(draw.randint(0, most))
    )
    ids = tuple(one.id for one in supplies)
    demands = tuple(
        Demand(
            id=f"d{number}",
            name=f"Person {number}",
            borough=draw.choice(BOROUGHS),
            role=draw.choice((None, *ROLES)),
            skills=some(SKILLS, 3),
            level=draw.choice(LEVELS[:4]),
            max_gap=draw.choice(gaps),
            line_managers=some(ids, 1),
            prefers=some(ids, 2),
        )
        for number in range(draw.randint(0, most))
    )
    pairs = [(one, other.id) for one in ids for other in demands]
    barred = draw.sample(pairs, min(len(pairs), draw.randint(0, 4)))
    before = {demand: supply for supply, demand in draw.sample(pairs, min(len(pairs), 5 * kept))}
    return Round(
        supplies=supplies,
        demands=demands,
        conflicts=tuple(Conflict(*pair, draw.choice(WHYS)) for pair in barred),
        related_only=draw.random() < 0.3,
        kept_if_possible=frozenset(before.items()),
    )


def a_large_round(
    people: int, supporters: int, *, seed: int, capacities: tuple[int, ...] = (0, 1, 2, 3), conflicts: int = 0
) -> Round:
    """People and supporters of all boroughs, roles and levels, at random but the same for the same seed."""
    draw = random.Random(seed)
    roles, boroughs, skills = list(standard_roles()), list(authorities()), [f"skill {n}" for n in range(80)]
    supplies = tuple(
        Supply(
            id=f"s{number:06}",
            name=f"Supporter {number}",
            borough=draw.choice(boroughs),
            roles=tuple(draw.sample(roles, 2)),
            skills=tuple(draw.sample(skills, 10)),
            level=draw.choice(LEVELS),
            capacity=draw.choice(capacities),
        )
        for number in range(supporters)
    )
    demands = tuple(
        Demand(
            id=f"d{number:06}",
            name=f"Person {number}",
            borough=draw.choice(boroughs),
            role=draw.choice(roles),
            skills=tuple(draw.sample(skills, 4)),
            level=draw.choice(LEVELS),
        )
        for number in range(people)
    )
    barred = tuple(Conflict(draw.choice(supplies).id, draw.choice(demands).id) for _ in range(conflicts))
    return Round(supplies, demands, barred)


def relaxed(round_: Round, demand_id: str, found: Nearest) -> Round:
    """The round with just what is said to be nearest: bars lifted on one pair, places added to one supporter."""
    return replace(
        round_,
        supplies=tuple(
            replace(one, capacity=one.capacity + found.places) if one.id == found.supply.id else one
            for one in round_.supplies
        ),
        excepted=round_.excepted | ({(demand_id, found.supply.id)} if found.lifted else set()),
    )
