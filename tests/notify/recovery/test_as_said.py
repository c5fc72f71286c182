"""What notify said, read back: choices, the questions that wait, and of what was told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Notification, NotificationSent, Subscriptions, envelop
from services.notify.identity import about_of, notification_id
from services.notify.people.choice import Choice, Status, Terms
from services.notify.recovery.adopting import choice_of
from services.notify.recovery.settling import settled
from services.notify.recovery.told import mailed, told
from services.notify.telling.news import moment
from tests.notify.making import EVERYTHING

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THEN = NOW - timedelta(days=300)
moments = st.integers(0, 365 * 24).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    """Any choice that may come about, as far as its parts hang together."""
    status: Status = draw(st.sampled_from(("asked", "confirmed", "withdrawn", "lapsed")))
    confirmed = status in ("confirmed", "lapsed")
    spoke = draw(moments) if status != "asked" or draw(st.booleans()) else None
    wanted = (EVERYTHING,) if confirmed or draw(st.booleans()) else ()
    return Choice(
        contact_id="contact-1",
        revision=draw(st.integers(1, 9)),
        status=status,
        chosen_at=draw(moments),
        subscriptions=wanted,
        spoke_at=spoke,
        confirmed_at=spoke if confirmed else None,
        renew_by=date(2027, 1, 1) if confirmed else None,
        ask=uuid4() if status == "asked" and wanted else None,
        moved=draw(st.booleans()),
    )


@given(choices())
def test_a_choice_is_read_back_as_it_was(choice: Choice) -> None:
    """All that decides what a yes, a no and a link mean later: who spoke when, which question waits, whether the address
    is another one."""
    again = choice_of(choice.said, now=NOW, terms=Terms())
    for name in (
        "status",
        "chosen_at",
        "subscriptions",
        "spoke_at",
        "confirmed_at",
        "renew_by",
        "ask",
        "moved",
    ):
        assert getattr(again, name) == getattr(choice, name), name
    assert again.said == choice.said


@given(choices())
def test_no_older_yes_counts_where_it_was_not_said_when_the_person_spoke(choice: Choice) -> None:
    """A state from before that was said: whoever may have said no after a yes is taken to have."""
    old: dict[str, Any] = choice.said.model_dump() | {"spoke_at": None, "question": None, "moved": False}
    again = choice_of(Subscriptions.model_validate(old), now=NOW, terms=Terms())
    if choice.status != "asked":
        assert again.spoke_at is not None
        assert again.spoke_at >= choice.chosen_at


@pytest.mark.parametrize(
    ("kind", "thing_id", "occurrence"),
    [
        ("new role", "role 1", ""),
        ("shared demand", "Data engineer", "2026-11-22"),
        ("source failing", "north west", moment(NOW)),
        ("event", "event 1", moment(NOW)),
        ("match proposed", "match-1", moment(NOW)),
        ("introduction", "match-1", "contact-1"),
        ("introduction", "match-1", ""),
        ("follow-up due", "match-1", "two weeks"),
        ("newsletter", "november", ""),
    ],
)
def test_of_what_was_told_is_read_back(kind: Any, thing_id: str, occurrence: str) -> None:
    """The ledger's row names the thing that it told of, so that a page can still say what it was."""
    about = about_of(thing_id, occurrence)
    one = Notification(
        id=str(notification_id(kind, about, "contact-1")),
        revision=1,
        kind=kind,
        contact_id="contact-1",
        about=about,
        mail_id=str(uuid4()),
        caused_by="event-1",
        why="You asked for it.",
        attempts=1,
        sent_at=NOW,
    )
    row = told(envelop(NotificationSent(notification=one), source="/loti/notify", time=NOW))
    assert (row.thing_id, row.about, str(row.mail_id)) == (thing_id, about, one.mail_id)


def test_a_mail_that_came_back_from_one_came_back() -> None:
    """Of an introduction that two got: whatever the other's notification says, and in whichever order."""
    mail = str(uuid4())
    facts: dict[str, Any] = {
        "revision": 1,
        "kind": "introduction",
        "about": "match-1",
        "mail_id": mail,
        "caused_by": "event-1",
        "why": "so",
        "attempts": 1,
        "sent_at": NOW,
    }
    sent = Notification(id=str(uuid4()), contact_id="asks", **facts)
    back = Notification(id=str(uuid4()), contact_id="helps", status="failed", why_not="550", **facts)
    for order in ([sent, back], [back, sent]):
        (one,) = mailed(order)
        assert (str(one.id), one.status, one.kind) == (mail, "returned", "introduction")


def test_a_renewal_that_was_mailed_is_not_mailed_again() -> None:
    """After the first call comes the last, a week before the end; after that the end; a call of an earlier year is none."""
    choice = Choice(
        "contact-1", 3, "confirmed", THEN, (EVERYTHING,), confirmed_at=THEN, renew_by=date(2026, 12, 22)
    )
    ask = uuid4()
    first = settled(choice, "renewal", ask, NOW)
    assert first is not None
    assert (first[0], first[2]) == (ask, datetime(2026, 12, 15, tzinfo=UTC))
    last = settled(choice, "renewal", ask, datetime(2026, 12, 16, tzinfo=UTC))
    assert last is not None
    assert last[2] == datetime(2026, 12, 23, tzinfo=UTC)
    assert settled(choice, "renewal", ask, THEN - timedelta(days=1)) is None
    assert settled(choice, "confirmation", ask, NOW) is None
