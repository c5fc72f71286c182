from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loti_contracts.events import Role, Subscription
from tests.notify.making import (
    CAMDEN,
    EVERYTHING,
    HACKNEY,
    YESTERDAY,
    agreed,
    closed,
    contact,
    demand,
    erased,
    heard,
    item,
    meeting,
    novel,
    role,
    signal,
    source,
    stated,
)
from tests.notify.telling.hearing import due, hear, prepare_all, reader, told


async def test_a_contact_that_joins_is_told_of_what_is_open(tx: Any) -> None:
    """Whether the contact or the role is heard of first, the same pair comes out; a closed role is not told."""
    await hear(tx, heard(role("before")), heard(role("gone")), heard(closed(role("gone"))))
    await hear(tx, reader("contact-1", 1, EVERYTHING))
    await hear(tx, heard(role("after")))
    assert told(await due(tx)) == {("contact-1", "before"), ("contact-1", "after")}


async def test_once_for_ever(tx: Any) -> None:
    """A role that changes, and a contact that changes, bring no second mail."""
    await hear(tx, reader("contact-1", 1, EVERYTHING), heard(role()))
    assert len(await due(tx)) == 1
    await hear(tx, heard(role(revision=2, title="Data Engineer (again)")))
    await hear(tx, reader("contact-1", 2, EVERYTHING, name="Married Name"))
    assert await due(tx) == []


async def test_without_a_yes_nothing_is_told(tx: Any) -> None:
    """What somebody stated for a contact reaches it only after its own yes."""
    await hear(tx, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    assert told(await due(tx)) == set()
    await hear(tx, reader("contact-1", 2, EVERYTHING))
    assert told(await due(tx)) == {("contact-1", "role-1")}


async def test_what_is_due_together_is_one_mail(tx: Any) -> None:
    """Things of all topics at once are one mail, and each thing is in it once."""
    topics = (
        "new role",
        "shared demand",
        "novel role",
        "library news",
        "event",
        "benchmark moved",
        "offer below market",
    )
    wants = (Subscription.model_validate({"topic": topic}) for topic in topics)
    things = (role(), demand(), novel(), item(), meeting(), signal("moved", None), signal("below"))
    await hear(tx, reader("contact-1", 1, *wants, borough=CAMDEN), *map(heard, things))
    [mail] = await due(tx)
    assert sorted(one.about.id for one in mail.items) == sorted(thing.id for thing in things)
    assert all(one.why for one in mail.items)


async def test_a_role_that_comes_to_fit_is_told(tx: Any) -> None:
    """A role that is only in its second revision read as a Data role reaches who asked for those."""
    await hear(tx, reader("contact-1", 1, Subscription(topic="new role", families=("Data",))))
    await hear(tx, heard(role(standard_role=None)))
    assert await due(tx) == []
    await hear(tx, heard(role(revision=2)))
    assert told(await due(tx)) == {("contact-1", "role-1")}


async def test_a_stale_state_is_dropped(tx: Any) -> None:
    """A revision that is not newer changes nothing: not a role, not a contact."""
    await hear(tx, heard(role(revision=3, status="closed")), heard(role(revision=2)))
    await hear(tx, reader("contact-1", 2), reader("contact-1", 1, EVERYTHING))
    await hear(tx, heard(role("other")))
    assert await due(tx) == []


@pytest.mark.parametrize("how", ["closed", "past its date", "narrowed", "erased"])
async def test_what_is_taken_back_before_it_left_is_not_sent(tx: Any, how: str) -> None:
    """A role that closed or passed its date, and a subscription that ended, stop what is still due; the ledger
    says why. Taken up again, it becomes due again."""
    await hear(tx, reader("contact-1", 1, EVERYTHING), heard(role()))
    await prepare_all(tx)
    take_back = {
        "closed": heard(closed(role())),
        "past its date": heard(role(revision=2, closes_on=YESTERDAY)),
        "narrowed": reader("contact-1", 2, Subscription(topic="event")),
        "erased": erased("contact-1"),
    }
    await hear(tx, take_back[how])
    assert await due(tx) == []
    row = await tx.fetchrow("SELECT withheld, mail_id FROM notification WHERE kind = 'new role'")
    assert row["withheld"]
    assert row["mail_id"] is None
    assert await tx.fetchval("SELECT status FROM mail WHERE kind = 'digest'") == "withheld"
    await hear(tx, heard(role(revision=5)))
    again = agreed(contact("contact-1", 5, EVERYTHING))
    await hear(tx, stated(again, time=datetime.now(UTC) + timedelta(minutes=1)))
    assert told(await due(tx)) == {("contact-1", "role-1")}


async def test_an_offer_waits_for_its_role(tx: Any) -> None:
    """A signal that comes before the role it is about is told as soon as that is known, to the borough that offers it."""
    wants = Subscription(topic="offer below market")
    await hear(
        tx, *(reader(name, 1, wants, borough=gss) for name, gss in (("own", CAMDEN), ("other", HACKNEY)))
    )
    await hear(tx, reader("staff", 1, wants, roles=("LOTI staff",)), reader("partner", 1, wants))
    await hear(tx, heard(signal()))
    assert await due(tx) == []
    await hear(tx, heard(role()))
    assert told(await due(tx)) == {("own", "signal-1"), ("staff", "signal-1")}


async def test_a_contact_that_moves_to_another_borough_hears_of_its_offers(tx: Any) -> None:
    """What is told depends on the contact's borough too, whenever that becomes known."""
    wants = Subscription(topic="offer below market")
    await hear(tx, reader("contact-1", 1, wants), heard(role()), heard(signal()))
    assert await due(tx) == []
    await hear(tx, reader("contact-1", 2, wants, borough=CAMDEN))
    assert told(await due(tx)) == {("contact-1", "signal-1")}


async def test_a_failing_board_is_told_to_staff_alone(tx: Any) -> None:
    """Others who ask for it hear nothing; a board that can be read again and fails again is told again."""
    wants = Subscription(topic="source failing")
    await hear(tx, reader("staff", 1, wants, roles=("LOTI staff",)), reader("other", 1, wants))
    await hear(tx, heard(source()))
    assert told(await due(tx)) == {("staff", "camden")}
    await hear(tx, heard(source(2, status="working")))
    await hear(tx, heard(source(3, at=datetime.now(UTC) + timedelta(hours=1))))
    assert told(await due(tx)) == {("staff", "camden")}


async def test_a_demand_that_begins_anew_is_told_anew(tx: Any) -> None:
    """Another borough that joins a demand is no news of it; a demand that ended and is shared again is."""
    wants = Subscription(topic="shared demand", families=("Data",))
    await hear(tx, reader("contact-1", 1, wants), heard(demand()))
    assert len(await due(tx)) == 1
    await hear(tx, heard(demand(2, borough_count=3)))
    assert await due(tx) == []
    await hear(tx, heard(demand(3, status="ended")))
    await hear(tx, heard(demand(4, since=datetime.now(UTC) + timedelta(days=40))))
    assert len(await due(tx)) == 1


async def test_an_event_that_moves_is_told_anew_and_one_that_is_over_is_not(tx: Any) -> None:
    """Who was invited hears of another date; nobody is invited to what is over, called off, or moved meanwhile."""
    await hear(tx, reader("contact-1", 1, Subscription(topic="event")), heard(meeting()))
    assert len(await due(tx)) == 1
    later = datetime.now(UTC) + timedelta(days=14)
    await hear(tx, heard(meeting(revision=2, starts=later)))
    assert len(await due(tx)) == 1
    await hear(tx, heard(meeting("over", starts=datetime.now(UTC) - timedelta(days=1))))
    await hear(tx, heard(meeting("called-off")))
    await prepare_all(tx)
    await hear(tx, heard(meeting("called-off", 2, status="retired")))
    assert await due(tx) == []


async def test_a_thing_with_a_character_that_cannot_be_kept_is_told_without_it(tx: Any) -> None:
    """A NUL in a title loses no role."""
    await hear(tx, reader("contact-1", 1, EVERYTHING), heard(role(title="Data\x00 \\u0000 Engineer")))
    [mail] = await due(tx)
    about = mail.items[0].about
    assert isinstance(about, Role)
    assert about.title == "Data \\u0000 Engineer"
