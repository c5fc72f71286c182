"""The same events in any order of arrival, in any number of transactions and processes, tell the same contacts of the
same things."""

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.events import Contact, Envelope, Role, StandardRoleNamed, Subscription
from services.notify.identity import about_of
from services.notify.telling import audience
from services.notify.telling.audience import Reader, wanting
from services.notify.telling.news import is_current, news
from services.notify.things import Thing
from tests.notify.making import (
    CAMDEN,
    HACKNEY,
    agreed,
    asked_how_it_went,
    authorities,
    closed,
    contact,
    demand,
    heard,
    item,
    match,
    meeting,
    novel,
    proposed,
    role,
    signal,
    source,
    stated,
)
from tests.notify.telling.hearing import due, hear, prepare_all, reader

SUBSCRIPTIONS = [
    Subscription(topic="new role"),
    Subscription(topic="new role", families=("Data",)),
    Subscription(topic="new role", standard_roles=("User researcher",), frequency="daily"),
    Subscription(topic="new role", boroughs=(HACKNEY,)),
    Subscription(topic="new role", families=("Data",), boroughs=(CAMDEN,), levels=("senior",)),
    Subscription(topic="offer below market"),
    Subscription(topic="offer below market", families=("User-centred design",)),
    Subscription(topic="shared demand", frequency="weekly"),
    Subscription(topic="novel role", boroughs=(CAMDEN,)),
    Subscription(topic="source failing"),
    Subscription(topic="library news"),
    Subscription(topic="event", families=("Data",)),
    Subscription(topic="benchmark moved"),
]
KINDS = [
    StandardRoleNamed(name="Data engineer", family="Data"),
    StandardRoleNamed(name="User researcher", family="User-centred design"),
    None,
]
History = list[Any]


@st.composite
def contacts(draw: st.DrawFn, id_: str, *, may_shrink: bool) -> list[Contact]:
    """One to three revisions with a yes; where nothing shrinks, each with the subscriptions of the one before and perhaps
    more, always of one borough."""
    borough = draw(st.sampled_from([None, CAMDEN, HACKNEY]))
    roles = draw(st.sampled_from([(), ("LOTI staff",)]))
    wanted = draw(st.lists(st.sampled_from(SUBSCRIPTIONS), min_size=1, max_size=4, unique=True))
    history = []
    for n in range(draw(st.integers(1, 3))):
        mine = wanted[: max(1, len(wanted) - 2 + n)]
        if may_shrink:
            mine = draw(st.lists(st.sampled_from(SUBSCRIPTIONS), min_size=1, max_size=2, unique=True))
            borough = draw(st.sampled_from([None, CAMDEN, HACKNEY]))
        history.append(agreed(contact(id_, n + 1, *mine, borough=borough, roles=roles)))
    return history


@st.composite
def roles(draw: st.DrawFn, id_: str, *, may_change: bool) -> list[Role]:
    """A role, then perhaps revisions of it: with another title alone, or read anew and at last perhaps closed."""

    def reading() -> dict[str, Any]:
        codes = draw(st.sampled_from([(), (CAMDEN,), (HACKNEY,), (CAMDEN, HACKNEY)]))
        level = draw(st.sampled_from(["senior", "lead", None]))
        return {
            "standard_role": draw(st.sampled_from(KINDS)),
            "authorities": authorities(*codes),
            "level": level,
        }

    facts = reading()
    history = [role(id_, 1, **facts)]
    for revision in range(2, draw(st.integers(2, 4))):
        history.append(role(id_, revision, title=f"Anew {revision}", **(reading() if may_change else facts)))
    if may_change and draw(st.booleans()):
        history.append(closed(history[-1]))
    return history


@st.composite
def others(draw: st.DrawFn, *, may_change: bool) -> list[History]:
    """Signals about the roles, and one or none of everything else; perhaps taken back at last."""
    histories: list[History] = [[signal(f"signal-{n}", f"role-{n}")] for n in range(draw(st.integers(0, 3)))]
    each: list[History] = [
        [demand(), demand(2, status="ended")],
        [novel("role-0"), novel("role-0", 2, status="withdrawn")],
        [source(), source(2, status="working")],
        [item(), item(revision=2, status="retired")],
        [meeting(families=("Data",)), meeting(revision=2, families=("Data",), status="retired")],
        [signal("moved", None)],
    ]
    for history in each:
        if draw(st.booleans()):
            histories.append(history if may_change and draw(st.booleans()) else history[:1])
    return histories


@st.composite
def arrivals(draw: st.DrawFn, histories: Sequence[History]) -> list[list[Any]]:
    """Some interleaving that keeps each thing's own order, cut into transactions."""
    left = [list(history) for history in histories]
    batches: list[list[Any]] = [[]]
    while any(left):
        batches[-1].append(draw(st.sampled_from([history for history in left if history])).pop(0))
        if draw(st.booleans()):
            batches.append([])
    return batches


def arrived(one: Any) -> Envelope[Any]:
    """The event that it came with."""
    return stated(one) if isinstance(one, Contact) else heard(one)


@pytest.fixture
async def two(dsn: str) -> AsyncIterator[Any]:
    """Two processes' connections."""
    connect = functools.partial(asyncpg.connect, dsn, server_settings={"synchronous_commit": "off"})
    one, other = await connect(), await connect()
    yield one, other
    await one.close()
    await other.close()


async def told_after(two: Any, batches: list[list[Any]]) -> set[tuple[str, str, str]]:
    """(contact, kind, about) of the ledger after these arrivals, with two processes preparing at once after each."""
    for table in ("choice", "contact", "thing", "notification", "mail", "outbox"):
        await two[0].execute(f"DELETE FROM {table}")
    for batch in batches:
        await hear(two[0], *(arrived(each) for each in batch))
        await asyncio.gather(*(prepare_all(each) for each in two))
    rows = await two[0].fetch("SELECT contact_id, kind, about FROM notification WHERE kind <> 'confirmation'")
    return {(row["contact_id"], row["kind"], row["about"]) for row in rows}


def wanted(contacts_: Sequence[Contact], things: Sequence[Thing]) -> set[tuple[str, str, str]]:
    """The pairs of these states in which the contact wants what is worth telling."""
    of = [one for one in things if isinstance(one, Role)]
    pairs: set[tuple[str, str, str]] = set()
    for one in contacts_:
        reader_ = Reader(one.id, one.subscriptions, True, one.borough, one.roles)
        for thing in things:
            about_roles: list[Role | None] = [
                each for each in of if each.id == getattr(thing, "role_id", None)
            ]
            for role_ in about_roles or [None]:
                found = news(thing, role_)
                over = not is_current(thing) or (role_ is not None and not is_current(role_))
                if found is not None and not over and wanting(reader_, found):
                    about = about_of(found.thing_id, found.occurrence)
                    pairs.add((one.id, found.topic, about))
    return pairs


PATIENT = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PATIENT
@given(st.data())
async def test_the_same_pairs_in_any_order(two: Any, data: st.DataObject) -> None:
    """Where nothing is taken back, exactly the pairs that fit are told, whatever arrives first."""
    people = [data.draw(contacts(f"contact-{n}", may_shrink=False)) for n in range(2)]
    things: list[History] = [data.draw(roles(f"role-{n}", may_change=False)) for n in range(3)]
    things += data.draw(others(may_change=False))
    batches = data.draw(arrivals([*people, *things]))
    last = [history[-1] for history in people], [history[-1] for history in things]
    assert await told_after(two, batches) == wanted(*last)


@PATIENT
@given(st.data())
async def test_nobody_is_missed_and_nobody_bothered(two: Any, data: st.DataObject) -> None:
    """Where things are taken back and subscriptions narrow, too: what fits in the end is told in any order, and nothing is
    told that fitted at no time."""
    people = [data.draw(contacts(f"contact-{n}", may_shrink=True)) for n in range(2)]
    things: list[History] = [data.draw(roles(f"role-{n}", may_change=True)) for n in range(3)]
    things += data.draw(others(may_change=True))
    batches = data.draw(arrivals([*people, *things]))
    found = await told_after(two, batches)
    assert wanted([history[-1] for history in people], [history[-1] for history in things]) <= found
    assert found <= wanted(
        [one for history in people for one in history], [one for history in things for one in history]
    )


@PATIENT
@given(st.data())
async def test_a_match_tells_those_who_take_part_in_any_order(two: Any, data: st.DataObject) -> None:
    """Shortlist, introduction and follow-up, with the contacts heard of whenever: each is told what was the state of things
    when somebody looked; the last state always, and nothing that was never said."""
    course = [proposed(), match(), asked_how_it_went()][: data.draw(st.integers(1, 3))]
    people = [[contact("asks")], [contact("helps")]]
    found = await told_after(two, data.draw(arrivals([course, *people])))
    parts = [
        {(part.contact_id, part.kind, about_of("match-1", part.occurrence)) for part in audience.parts(one)}
        for one in course
    ]
    assert parts[-1] <= found <= set.union(*parts)


async def test_two_processes_at_the_same_moment_do_not_miss_each_other(pool: Any) -> None:
    """A choice and a role, and a role and its offer, written in two transactions that do not see each other, are told
    once, whichever commits first, with senders at work between and after."""
    for n in range(10):
        family = f"Family {n}"
        wants = (Subscription(topic="new role", families=(family,)), Subscription(topic="offer below market"))
        joins = reader(f"contact-{n}", 1, *wants, borough=CAMDEN)
        role_ = heard(role(f"role-{n}", standard_role={"name": "Data engineer", "family": family}))
        offer = heard(signal(f"signal-{n}", f"role-{n}"))
        pairs = [(joins, role_, [offer]), (role_, offer, [joins]), (joins, offer, [role_])]
        first_said, second_said, before = pairs[n % 3]
        async with pool.acquire() as one, pool.acquire() as two, pool.acquire() as three:
            await hear(three, *before)
            await _overlapping(one, two, three, first_said, second_said, first_commits=bool(n % 2))
        found = await asyncio.gather(*(_due_in(pool) for _ in range(3)))
        mine = [
            item.about.id
            for mails in found
            for mail in mails
            for item in mail.items
            if item.contact_id == f"contact-{n}"
        ]
        rows = await pool.fetch("SELECT thing_id FROM notification WHERE contact_id = $1", f"contact-{n}")
        assert {f"role-{n}", f"signal-{n}"} <= {row["thing_id"] for row in rows}
        assert len(mine) == len(set(mine))


async def _overlapping(
    one: Any, two: Any, three: Any, first_said: Any, second_said: Any, *, first_commits: bool
) -> None:
    first, second = one.transaction(), two.transaction()
    await first.start()
    await second.start()
    await hear(one, first_said)
    await hear(two, second_said)
    await (first if first_commits else second).commit()
    await prepare_all(three)
    await (second if first_commits else first).commit()


async def _due_in(pool: Any) -> list[Any]:
    async with pool.acquire() as tx:
        return await due(tx)
