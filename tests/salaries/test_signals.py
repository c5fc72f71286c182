"""Signals: what gives one, in which words, and that each cause gives one alone."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Pay, Role
from services.salaries.cells import Cell
from services.salaries.observations import observe
from services.salaries.rules import Rules
from services.salaries.signals import Market, markets_of, moved, out_of_market, spans_levels
from tests.salaries.hearing import BARNET, CAMDEN, HACKNEY, a_role, closed, empty, hear_batch, signalled

LEAD = Cell("Data engineer", "lead", "inner")
MARKET = Market(LEAD, adverts=23, p25=52_000_00, p90=70_000_00)
FEW = Rules(signal_adverts=3)


def test_an_offer_below_p25_says_why() -> None:
    """Who offers what, by what it is measured, and how many others that is."""
    found = out_of_market(observe(a_role(pay=(45_000_00, 50_000_00))), MARKET)
    assert found is not None
    assert found.sentence == (
        "Camden offers £45,000 to £50,000 a year for Lead data engineer; the middle of its range, £47,500, is below "
        "the P25 (£52,000) of 23 other offers for lead Data engineer in inner London."
    )
    assert (found.kind, found.role_id, found.benchmark_id) == ("below market", "role-1", LEAD.id)
    assert (found.before, found.after, found.adverts, found.revision) == (52_000_00, 47_500_00, 23, 1)


@pytest.mark.parametrize(
    ("pay", "kind"),
    [
        ((52_000_00, 52_000_00), None),
        ((51_999_99, 51_999_99), "below market"),
        ((70_000_00, 70_000_00), None),
        ((70_000_00, 70_000_02), "above market"),
        ((None, 71_000_00), "above market"),
        ((45_000_00, None), "below market"),
    ],
)
def test_only_what_lies_outside_is_out_of_the_market(pay: Any, kind: str | None) -> None:
    """At the percentile itself nothing is told; an offer with one end is measured by that end."""
    found = out_of_market(observe(a_role(pay=pay)), MARKET)
    assert (found.kind if found else None) == kind


def test_an_offer_is_measured_by_its_own_level() -> None:
    """In its area, else in London; an offer without a level, or by the day in salaries, is not measured."""
    assert markets_of(observe(a_role())) == [LEAD, Cell("Data engineer", "lead", "london")]
    both = observe(a_role(authorities=(CAMDEN, BARNET)))
    assert markets_of(both) == [Cell("Data engineer", "lead", "london")]
    assert markets_of(observe(a_role(level=None))) == markets_of(observe(a_role(pay=None))) == []
    rate = observe(a_role(pay=Pay(text="£400 a day", minimum=400_00, maximum=400_00, period="day")))
    assert {cell.period for cell in markets_of(rate)} == {"day"}


def test_one_cause_has_one_id() -> None:
    """Another title or revision is the same offer; another amount is another."""
    low = a_role(pay=(45_000_00, 50_000_00))
    same = low.model_copy(update={"revision": 2, "title": "Data engineer (lead)"})
    other = a_role(pay=(45_000_00, 49_000_00))
    ids = [found.id for one in (low, same, other) if (found := out_of_market(observe(one), MARKET))]
    assert ids[0] == ids[1] != ids[2]


def test_a_range_over_two_levels() -> None:
    """It holds what is usual for a senior and for a lead; a range that holds one of them does not span."""
    medians = {"senior": (50_000_00, 12), "lead": (60_000_00, 15), "head": (90_000_00, 30)}
    found = spans_levels(observe(a_role(pay=(48_000_00, 65_000_00))), medians)
    assert found is not None
    assert found.sentence == (
        "Camden offers £48,000 to £65,000 a year for Lead data engineer: the range spans the usual pay of the senior "
        "level (£50,000) and of the lead level (£60,000) in London."
    )
    assert (found.kind, found.before, found.after, found.adverts) == (
        "spans levels",
        50_000_00,
        60_000_00,
        12,
    )
    assert spans_levels(observe(a_role(pay=(55_000_00, 65_000_00))), medians) is None
    assert spans_levels(observe(a_role(pay=(48_000_00, None))), medians) is None


def test_a_move_is_told_from_what_was_told_last() -> None:
    """More than five per cent, up or down; at five per cent exactly not yet."""
    rest = {"adverts": 12, "moves": 3, "percent": Rules().signal_percent}
    assert moved(LEAD, told=50_000_00, median=52_500_00, **rest) is None
    up = moved(LEAD, told=50_000_00, median=53_000_00, **rest)
    down = moved(LEAD, told=50_000_00, median=47_000_00, **rest)
    assert up
    assert down
    assert up.sentence == (
        "The middle of what is offered for lead Data engineer in inner London went up by 6.0%, from £50,000 to "
        "£53,000, by 12 offers."
    )
    assert "down by 6.0%" in down.sentence
    assert (up.role_id, up.before, up.after, up.kind) == (None, 50_000_00, 53_000_00, "benchmark moved")


async def test_an_offer_is_measured_by_the_cell_before_it(db: Any) -> None:
    """Three others are enough here: the fourth is judged by them alone, and heard again it is not told again."""
    others = [a_role(id=f"role-{n}", pay=(60_000_00, 60_000_00)) for n in range(3)]
    low = a_role(id="low", pay=(40_000_00, 40_000_00))
    await hear_batch(db, [*others[:2], low, others[2]], FEW)
    assert await signalled(db) == []
    later = a_role(id="later", pay=(39_000_00, 39_000_00))
    await hear_batch(db, [later], FEW)
    (below,) = [one for one in await signalled(db) if one.kind == "below market"]
    assert (below.role_id, below.adverts) == ("later", 4)
    await hear_batch(db, [later, later.model_copy(update={"revision": 2, "title": "Another"})], FEW)
    await hear_batch(db, [closed(later.model_copy(update={"revision": 3}))], FEW)
    assert [one.id for one in await signalled(db) if one.kind == "below market"] == [below.id]


async def test_an_offer_that_was_closed_when_it_was_first_heard_is_not_news(db: Any) -> None:
    """A newcomer reads old roles from the compacted topic: they count, and are not told."""
    await hear_batch(db, [a_role(id=f"role-{n}") for n in range(4)], FEW)
    await hear_batch(db, [closed(a_role(id="old", pay=(20_000_00, 20_000_00)))], FEW)
    assert [one for one in await signalled(db) if one.role_id] == []


async def test_slow_creep_is_heard_once(db: Any) -> None:
    """The median rises by one per cent an offer: it is told when it has gone more than five, then from there on."""
    for n in range(40):
        await hear_batch(
            db, [a_role(id=f"role-{n}", pay=(50_000_00 + n * 1_000_00,) * 2)], Rules(signal_adverts=10)
        )
    moves = [one for one in await signalled(db) if one.benchmark_id == LEAD.id and not one.role_id]
    assert len(moves) >= 3
    assert all(one.after == other.before for one, other in pairwise(moves))
    assert all(one.after * 100 > one.before * 105 for one in moves)


def some_roles(random: Random) -> list[Role]:
    """Offers of two levels and boroughs, corrected and closed now and then, in the order of their revisions."""
    told: list[Role] = []
    for _ in range(random.randint(8, 20)):
        number, low = random.randint(0, 15), random.choice([30, 45, 50, 52, 60, 90]) * 1_000_00
        before = [role for role in told if role.id == f"role-{number}"]
        role = a_role(
            id=f"role-{number}",
            revision=len(before) + 1,
            level=random.choice(["senior", "lead"]),
            authorities=(random.choice([CAMDEN, HACKNEY, BARNET]),),
            pay=(low, low + random.choice([0, 5, 40]) * 1_000_00),
        )
        told.append(closed(role) if random.random() < 0.1 else role)
    return told


@settings(max_examples=5)
@given(st.integers(0, 2**32))
async def test_signals_are_the_same_however_events_are_batched(db: Any, seed: int) -> None:
    """One by one, or cut anywhere, with every event delivered again: the same signals in the same words."""
    random = Random(seed)
    told = some_roles(random)
    await empty(db)
    for role in told:
        await hear_batch(db, [role], FEW)
    one_by_one = await signalled(db)
    await empty(db)
    left = list(told)
    while left:
        size = random.randint(1, len(left))
        await hear_batch(db, left[:size], FEW)
        await hear_batch(db, random.sample(told[: len(told) - len(left) + size], k=1), FEW)
        left = left[size:]
    assert sorted(await signalled(db), key=lambda one: one.id) == sorted(one_by_one, key=lambda one: one.id)
    assert len({one.id for one in one_by_one}) == len(one_by_one)
