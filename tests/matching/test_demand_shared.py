"""Demand that several boroughs share: who counts, for how long, and what they could do together."""

import json
from datetime import timedelta
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import (
    DemandEnded,
    DemandShared,
    Event,
    Pay,
    Request,
    RequestStated,
    Role,
    RoleDiscovered,
    SharedDemand,
    envelop,
)
from services.matching.app import service
from services.matching.demand.handlers import Demand
from services.matching.demand.rules import Rules
from services.matching.demand.shared import Looked, look
from services.matching.demand.windows import boroughs_counted, in_window, next_to_leave
from tests.matching.demand_world import (
    BARNET,
    CAMDEN,
    HACKNEY,
    START,
    SUTTON,
    World,
    a_request,
    a_role,
    closed,
)

RULES = Rules(least=3, window=timedelta(days=30))
BOROUGHS = (CAMDEN, HACKNEY, BARNET, SUTTON)
groups = st.lists(st.frozensets(st.sampled_from(BOROUGHS), max_size=3), max_size=6)


def looked(
    *found: Role | Request, before: SharedDemand | None = None, days: float = 0, rules: Rules = RULES
) -> Looked:
    """A look at what was found, so many days after the start."""
    roles = [one for one in found if isinstance(one, Role)]
    asks = [one for one in found if isinstance(one, Request)]
    return look("Data engineer", roles, asks, before, now=START + timedelta(days=days), rules=rules)


def one_each(*boroughs: str, **differences: Any) -> list[Role]:
    """An advert of each of these boroughs."""
    return [a_role(gss, id=gss, **differences) for gss in boroughs]


@given(groups)
def test_an_advert_speaks_for_one_borough_and_a_borough_is_counted_once(
    made_by: list[frozenset[str]],
) -> None:
    """The count is the size of the largest set of boroughs each of which has a different group to speak for it: found
    by trying every set."""
    different = {group for group in made_by if group}

    def spoken_for(boroughs: tuple[str, ...], left: frozenset[frozenset[str]]) -> bool:
        if not boroughs:
            return True
        return any(boroughs[0] in group and spoken_for(boroughs[1:], left - {group}) for group in left)

    sizes = [
        size
        for size in range(len(BOROUGHS) + 1)
        if any(spoken_for(some, frozenset(different)) for some in combinations(BOROUGHS, size))
    ]
    assert boroughs_counted(made_by) == max(sizes)


def test_who_counts() -> None:
    """Five adverts of one borough are one borough; a shared advert of three is one, and with an own advert of one of
    them two; an advert whose borough is not known counts nothing."""
    own, joint = frozenset({CAMDEN}), frozenset({CAMDEN, HACKNEY, BARNET})
    assert boroughs_counted([own] * 5) == 1
    assert boroughs_counted([joint] * 5) == 1
    assert boroughs_counted([joint, own]) == 2
    assert boroughs_counted([frozenset()]) == 0


def test_from_three_boroughs_on_demand_is_shared() -> None:
    """Adverts and requests count alike; two boroughs are not enough."""
    assert looked(*one_each(CAMDEN, HACKNEY)).event is None
    found = looked(*one_each(CAMDEN, HACKNEY), a_request())
    assert isinstance(found.event, DemandShared)
    state = found.event.demand
    assert (state.id, state.revision, state.borough_count) == ("Data engineer", 1, 3)
    assert [borough.name for borough in state.boroughs] == ["Camden", "Hackney", "Sutton"]
    assert (
        state.sentence
        == "Camden, Hackney and Sutton look for a data engineer: 2 adverts (2 open) and 1 request for help."
    )


def test_a_request_that_fills_no_post_does_not_count() -> None:
    """A mentor, a placement, or a request withdrawn is no demand for staff; recruitment by any other name is."""
    for differences in ({"kind": "mentor"}, {"status": "withdrawn"}, {"purpose": "advice"}):
        assert looked(*one_each(CAMDEN, HACKNEY), a_request(**differences)).event is None
    assert looked(*one_each(CAMDEN, HACKNEY), a_request(purpose="recruitment")).event is not None


def test_a_closed_advert_counts_until_it_leaves_the_window() -> None:
    """Three adverts that closed on the first day are shared demand for thirty days, and it ends on the moment."""
    gone = [closed(role, START) for role in one_each(CAMDEN, HACKNEY, BARNET)]
    found = looked(*gone)
    assert found.look_again == START + timedelta(days=30)
    assert looked(*gone, before=found.state, days=29.9).event is None
    ended = looked(*gone, before=found.state, days=30)
    assert isinstance(ended.event, DemandEnded)
    assert ended.event.demand.ended_at == START + timedelta(days=30)
    assert (ended.event.demand.boroughs, ended.look_again) == ((), None)
    assert looked(*gone, before=ended.state, days=31).event is None


def test_an_open_advert_stays_however_old() -> None:
    """It is still looked for; nothing is to be looked at again."""
    found = looked(*one_each(CAMDEN, HACKNEY, BARNET), days=400)
    assert isinstance(found.event, DemandShared)
    assert found.look_again is None


def test_a_borough_that_joins_or_leaves_is_a_change() -> None:
    """Each once, with the fields that changed; looking again without a change says nothing; a new spell has a new
    beginning."""
    three = one_each(CAMDEN, HACKNEY, BARNET)
    first = looked(*three)
    joined = looked(*three, a_request(), before=first.state, days=1)
    assert joined.event is not None
    assert {"boroughs", "borough_count", "requests", "sentence"} == {*joined.event.changed}
    assert looked(*three, a_request(), before=joined.state, days=2).event is None
    ended = looked(*three[:2], before=joined.state, days=3)
    again = looked(*three, before=ended.state, days=4)
    assert isinstance(again.event, DemandShared)
    assert again.event.demand.since == START + timedelta(days=4)
    assert (again.event.demand.revision, again.event.demand.ended_at) == (4, None)


def test_the_step_follows_from_the_facts() -> None:
    """Advertised again: pay; several ask for a recruiter: share one; open at once: one advert; else a pool. Each with
    its sentence."""

    def step(*found: Role | Request) -> tuple[str | None, str | None]:
        state = looked(*found).state
        assert state is not None
        return state.step, state.step_why

    pays = [
        Pay(text="", minimum=low, maximum=low + 5_000_00, period="year") for low in (50_000_00, 58_000_00)
    ]
    again = a_role(SUTTON, id="s", readvertises="old", pay=pays[0])
    name, why = step(*one_each(CAMDEN, HACKNEY, pay=pays[1]), again)
    assert name == "pay review"
    assert why == (
        "Sutton had to advertise again, and the offers range from £50,000 to £63,000 a year: compare pay before the "
        "next advert."
    )
    asks = [a_request(id=gss, borough=gss) for gss in (BARNET, SUTTON)]
    assert step(*one_each(CAMDEN, HACKNEY), *asks)[0] == "shared recruiter"
    assert step(*one_each(CAMDEN, HACKNEY, BARNET))[0] == "joint advert"
    gone = [closed(role, START) for role in one_each(CAMDEN, HACKNEY)]
    assert step(*gone, a_role(BARNET, id="b")) == (
        "shared talent pool",
        "Candidates whom one borough could have appointed, and did not, could be offered to the others.",
    )
    assert step(*one_each(CAMDEN, HACKNEY, BARNET, level="chief"))[0] == "shared talent pool"


def test_a_shared_service_is_named_and_counts_once() -> None:
    """Camden and Hackney advertise together and Barnet alone: two, so nothing is shared; with one of Camden's own it
    is, all three are named, and the sentence says why they count as they do."""
    joint = a_role(CAMDEN, HACKNEY, id="joint")
    assert looked(joint, *one_each(BARNET)).event is None
    state = looked(joint, *one_each(BARNET, CAMDEN), rules=Rules(least=3)).state
    assert state is not None
    assert state.borough_count == 3
    state = looked(joint, *one_each(BARNET, SUTTON), rules=Rules(least=3)).state
    assert state is not None
    assert [borough.name for borough in state.boroughs] == ["Barnet", "Camden", "Hackney", "Sutton"]
    assert state.sentence.endswith("They count as 3, since some share an advert.")


@given(st.lists(st.integers(0, 60), max_size=5), st.integers(0, 90))
def test_nothing_leaves_before_it_is_looked_at_again(closings: list[int], days: int) -> None:
    """Between a look and the next moment told by it, no advert leaves the window."""
    roles = [closed(a_role(id=str(at)), START + timedelta(days=day)) for at, day in enumerate(closings)]
    now = START + timedelta(days=days)
    window = timedelta(days=30)
    live = [role for role in roles if in_window(role, now=now, window=window)]
    again = next_to_leave(live, window)
    if again is not None:
        just_before = again - timedelta(microseconds=1)
        assert all(in_window(role, now=just_before, window=window) for role in live)
        assert not all(in_window(role, now=again, window=window) for role in live)


async def test_a_request_names_its_standard_role_as_people_write(db: Any) -> None:
    """Case and spacing do not keep a request from counting; withdrawn, it ends what it made."""
    world = World(db)
    await world.hear(*one_each(CAMDEN, HACKNEY))
    said = await world.hear(a_request(standard_role=" data  ENGINEER"))
    assert [event.type for event in said] == ["london.loti.demand.shared.v1"]
    said = await world.hear(a_request(standard_role="data engineer", revision=2, status="withdrawn"))
    assert [event.type for event in said] == ["london.loti.demand.ended.v1"]


async def test_a_role_that_is_read_as_another_leaves_the_demand(db: Any) -> None:
    """When Barnet's data engineer turns out to be a data analyst, the demand for data engineers ends."""
    world = World(db)
    await world.hear(*one_each(CAMDEN, HACKNEY, BARNET))
    said = await world.hear(a_role(BARNET, id=BARNET, revision=2, standard_role="Data analyst"))
    assert [event.type for event in said] == ["london.loti.demand.ended.v1"]


async def test_the_service_hears_of_roles_and_requests(db: Any) -> None:
    """As it is wired: two adverts and a request make a shared demand, which answers the last of them."""
    on = service().on
    found: list[Event] = [RoleDiscovered(role=role) for role in one_each(CAMDEN, HACKNEY)]
    heard = [
        envelop(event, source="/loti/test", time=START)
        for event in (*found, RequestStated(request=a_request()))
    ]
    for envelope in heard:
        async with db.transaction():
            await on[type(envelope.event)](envelope, db)
    row = await db.fetchrow("SELECT headers FROM outbox WHERE topic = 'loti.demand.v1'")
    headers = json.loads(row["headers"])
    assert (headers["ce_type"], headers["ce_causationid"]) == ("london.loti.demand.shared.v1", heard[-1].id)


async def test_requests_and_rules_from_before_are_taken_in_at_the_start(db: Any) -> None:
    """A request that was kept before demand was watched counts once a process starts; and so does a new rule."""
    world = World(db)
    await world.hear(*one_each(CAMDEN, HACKNEY))
    kept = a_request(standard_role="data engineer")
    await db.execute(
        "INSERT INTO requests (id, revision, kind, status, state) VALUES ($1, 1, $2, 'open', $3)",
        *(kept.id, kept.kind, kept.model_dump_json()),
    )
    async with db.transaction():
        await world.demand.begin(db)
    assert [event.type for event in await world.said()] == ["london.loti.demand.shared.v1"]
    async with db.transaction():
        await Demand(Rules(least=4), clock=lambda: world.now).begin(db)
    world.rules = Rules(least=4)
    assert [event.type for event in await world.wait()] == ["london.loti.demand.ended.v1"]
