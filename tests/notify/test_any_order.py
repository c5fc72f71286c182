"""The same events in any order of arrival, in any number of transactions, tell the same contacts of the same roles."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.events import Contact, Role, StandardRoleNamed, Subscription
from services.notify import prepare
from services.notify.subscriptions import wanted_by
from tests.notify.making import CAMDEN, HACKNEY, authorities, closed, contact, heard, role, stated
from tests.notify.test_handlers import hear

SUBSCRIPTIONS = [
    Subscription(topic="new role"),
    Subscription(topic="new role", families=("Data",)),
    Subscription(topic="new role", standard_roles=("User researcher",)),
    Subscription(topic="new role", boroughs=(HACKNEY,)),
    Subscription(topic="new role", families=("Data",), boroughs=(CAMDEN,)),
]
KINDS = [
    StandardRoleNamed(name="Data engineer", family="Data"),
    StandardRoleNamed(name="User researcher", family="User-centred design"),
    None,
]
History = list[Contact] | list[Role]


@st.composite
def growing_contacts(draw: st.DrawFn, id_: str) -> list[Contact]:
    """One to three revisions, each with the subscriptions of the one before and perhaps more."""
    wanted = draw(st.lists(st.sampled_from(SUBSCRIPTIONS), max_size=3, unique=True))
    return [
        contact(id_, n + 1, *wanted[: max(0, len(wanted) - 2 + n)]) for n in range(draw(st.integers(1, 3)))
    ]


@st.composite
def any_contacts(draw: st.DrawFn, id_: str) -> list[Contact]:
    """One to three revisions with any subscriptions at all."""
    return [
        contact(id_, n + 1, *draw(st.lists(st.sampled_from(SUBSCRIPTIONS), max_size=2, unique=True)))
        for n in range(draw(st.integers(1, 3)))
    ]


@st.composite
def roles(draw: st.DrawFn, id_: str, *, may_change: bool) -> list[Role]:
    """A role, then perhaps revisions of it: with another title alone, or read anew and at last perhaps closed."""

    def reading() -> dict[str, Any]:
        codes = draw(st.sampled_from([(), (CAMDEN,), (HACKNEY,), (CAMDEN, HACKNEY)]))
        return {"standard_role": draw(st.sampled_from(KINDS)), "authorities": authorities(*codes)}

    facts = reading()
    history = [role(id_, 1, **facts)]
    for revision in range(2, draw(st.integers(2, 4))):
        history.append(role(id_, revision, title=f"Anew {revision}", **(reading() if may_change else facts)))
    if may_change and draw(st.booleans()):
        history.append(closed(history[-1]))
    return history


@st.composite
def arrivals(draw: st.DrawFn, histories: Sequence[History]) -> list[list[Contact | Role]]:
    """Some interleaving that keeps each thing's own order, cut into transactions; an empty one is a sender's turn."""
    left: list[list[Contact | Role]] = [list(history) for history in histories]
    batches: list[list[Contact | Role]] = [[]]
    while any(left):
        batches[-1].append(draw(st.sampled_from([history for history in left if history])).pop(0))
        if draw(st.booleans()):
            batches.append([])
    return batches


async def told_after(tx: Any, batches: list[list[Contact | Role]]) -> set[tuple[str, str]]:
    """(contact, role) of the ledger after these arrivals, with a sender's turn after each transaction."""
    await tx.execute("TRUNCATE contact, role, match, mail, notification")
    for batch in batches:
        await hear(tx, *(stated(one) if isinstance(one, Contact) else heard(one) for one in batch))
        async with tx.transaction():
            await prepare.prepare(tx)
    rows = await tx.fetch("SELECT contact_id, about FROM notification")
    return {(row["contact_id"], row["about"]) for row in rows}


def wanted(contacts: Sequence[Contact], roles_: Sequence[Role]) -> set[tuple[str, str]]:
    """The pairs of these states in which the contact wants the open role."""
    return {
        (one.id, other.id)
        for one in contacts
        for other in roles_
        if other.status == "open" and wanted_by(one.subscriptions, other)
    }


PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PATIENT
@given(st.data())
async def test_the_same_pairs_in_any_order(dsn: str, data: st.DataObject) -> None:
    """Where nothing is taken back, exactly the pairs that fit are told, whatever arrives first."""
    contacts = [data.draw(growing_contacts(f"contact-{n}")) for n in range(2)]
    found = [data.draw(roles(f"role-{n}", may_change=False)) for n in range(3)]
    batches = data.draw(arrivals([*contacts, *found]))
    connection = await asyncpg.connect(dsn)
    try:
        told = await told_after(connection, batches)
    finally:
        await connection.close()
    assert told == wanted([history[-1] for history in contacts], [history[-1] for history in found])


@PATIENT
@given(st.data())
async def test_nobody_is_missed_and_nobody_bothered(dsn: str, data: st.DataObject) -> None:
    """Where roles close and change and subscriptions narrow, too: what fits in the end is told in any order, and
    nothing is told that fitted at no time."""
    contacts = [data.draw(any_contacts(f"contact-{n}")) for n in range(2)]
    found = [data.draw(roles(f"role-{n}", may_change=True)) for n in range(3)]
    batches = data.draw(arrivals([*contacts, *found]))
    connection = await asyncpg.connect(dsn)
    try:
        told = await told_after(connection, batches)
    finally:
        await connection.close()
    assert wanted([history[-1] for history in contacts], [history[-1] for history in found]) <= told
    assert told <= wanted(
        [one for history in contacts for one in history], [one for history in found for one in history]
    )
