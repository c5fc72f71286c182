"""Roles that are hard to recruit: advertised again, or open beyond the usual time."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import HardRole, RoleHardToRecruit, RoleNoLongerHard, UsualTime
from services.matching.demand.hard import look, open_since, stood_days, usual
from services.matching.demand.rules import Rules
from tests.matching.demand_world import START, World, a_role, closed

USUAL = UsualTime(days=20, adverts=12, of="Data engineer")


def test_the_usual_time_is_that_of_its_kind_or_else_of_all() -> None:
    """Nine in ten of its standard role, from ten adverts on; with fewer, of all roles; with too few of all, none."""
    ten = list(range(10, 20))
    assert usual(ten, [], standard_role="Data engineer", rules=Rules()) == UsualTime(
        days=18, adverts=10, of="Data engineer"
    )
    assert usual(ten[:9], ten * 2, standard_role="Data engineer", rules=Rules()) == UsualTime(
        days=18, adverts=20, of=None
    )
    assert usual(ten[:9], ten[:9], standard_role=None, rules=Rules()) is None


@given(st.lists(st.integers(0, 400), min_size=10, max_size=80))
def test_nine_in_ten_close_within_the_usual_time(stood: list[int]) -> None:
    """At least nine in ten stood no longer, and with a day less it would be fewer."""
    found = usual(stood, [], standard_role="Data engineer", rules=Rules())
    assert found is not None
    assert sum(days <= found.days for days in stood) >= 0.9 * len(stood)
    assert sum(days < found.days for days in stood) < 0.9 * len(stood)


def test_open_beyond_the_usual_time() -> None:
    """Not on the last usual day; from the moment after, once, and it says so and when it will be."""
    role = a_role()
    last = START + timedelta(days=20)
    early = look(role, USUAL, None, now=last)
    assert (early.event, early.look_again) == (None, last + timedelta(microseconds=1))
    late = look(role, USUAL, None, now=last + timedelta(microseconds=1))
    assert isinstance(late.event, RoleHardToRecruit)
    assert late.look_again is None
    assert late.event.hard.why == (
        "It is open for more than 20 days, within which nine in ten of the last 12 adverts for a data engineer had "
        "closed."
    )
    assert look(role, USUAL, late.state, now=last + timedelta(days=9)).event is None


def test_advertised_again() -> None:
    """Hard from the start; when it is open too long as well, that is a change; and it is over when it closes."""
    role = a_role(readvertises="role-0")
    first = look(role, USUAL, None, now=START)
    assert isinstance(first.event, RoleHardToRecruit)
    both = look(role, USUAL, first.state, now=START + timedelta(days=21))
    assert both.event is not None
    assert both.event.changed == ("beyond_usual", "why")
    over = look(closed(role, START + timedelta(days=22)), None, both.state, now=START + timedelta(days=22))
    assert isinstance(over.event, RoleNoLongerHard)
    assert (over.event.hard.status, over.event.hard.why) == ("over", "It closed.")


def test_without_a_usual_time_nothing_is_open_too_long() -> None:
    """In the first weeks, when too few have closed, only what is advertised again is hard."""
    assert look(a_role(), None, None, now=START + timedelta(days=900)).event is None


@pytest.mark.parametrize(
    ("posted", "days"),
    [
        (None, 0),
        (date(2026, 8, 20), 12),
        (date(2026, 9, 3), 0),
        (date(2024, 1, 1), 0),
    ],
)
def test_it_is_open_since_it_was_posted(posted: date | None, days: int) -> None:
    """Where the advert says so: not after it was found, and not more than a year before."""
    role = a_role(posted_on=posted)
    assert (role.found_at.date() - open_since(role).date()).days == days
    assert stood_days(closed(role, START + timedelta(hours=1))) == (days + 1)
    assert stood_days(role) is None


async def test_the_usual_time_is_that_of_when_the_role_was_found(db: Any) -> None:
    """Ten adverts closed within 14 days: a role found then is hard after 14 days, by the clock alone; what closes
    later changes nothing for it; a closing that is heard of late does."""
    world = World(db)
    for at in range(10):
        gone = a_role(id=f"old-{at}", found_at=START - timedelta(days=60))
        await world.hear(closed(gone, START - timedelta(days=46)))
    await world.hear(a_role())
    assert await world.wait(14) == []
    said = await world.wait(0.1)
    assert [event.subject for event in said] == ["role-1"]
    later = [closed(a_role(id=f"new-{at}", found_at=START), START + timedelta(days=1)) for at in range(10)]
    assert await world.hear(*later) == []
    assert await world.wait() == []
    slow = a_role(id="slow", found_at=START - timedelta(days=99))
    slower = a_role(id="slower", found_at=START - timedelta(days=99))
    late = [closed(one, START - timedelta(days=1)) for one in (slow, slower)]
    assert await world.hear(*late) == []
    said = await world.wait()
    assert [event.type for event in said] == ["london.loti.role.no-longer-hard.v1"]
    state = said[0].state
    assert isinstance(state, HardRole)
    assert (state.status, state.usual) == ("over", UsualTime(days=98, adverts=12, of="Data engineer"))
