from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from loti_contracts.events import Contact, Edition, Match, NotificationKind, Role, Subscription, Subscriptions
from services.notify.mails import Item, Mail, MailKind
from services.notify.telling import audience
from services.notify.telling.news import news
from services.notify.telling.sifting import sifted
from services.notify.things import Thing
from tests.notify.making import (
    CAMDEN,
    EVERYTHING,
    NOW,
    asked_how_it_went,
    candidate,
    closed,
    contact,
    demand,
    item,
    match,
    meeting,
    novel,
    proposed,
    role,
    signal,
    source,
)

SUBSCRIBED = tuple(
    Subscription.model_validate({"topic": topic})
    for topic in (
        "new role", "benchmark moved", "offer below market", "shared demand", "novel role", "source failing",
        "library news", "event", "newsletter",
    )
)  # fmt: skip
STAFF = contact("contact-1", 1, roles=("LOTI staff",))
EDITION = Edition(
    id="edition-1", revision=1, title="News", markdown="News", since=NOW.date(), until=NOW.date(),
    link="https://loti.example/1", sent_at=NOW,
)  # fmt: skip


def choice(status: str = "confirmed", *subscriptions: Subscription) -> Subscriptions:
    """What the contact chose: everything, unless said otherwise."""
    return Subscriptions.model_validate(
        {
            "id": "contact-1",
            "revision": 1,
            "status": status,
            "subscriptions": subscriptions or SUBSCRIBED,
            "chosen_at": NOW,
        }
    )


def told(thing: Thing, before: Thing | None = None, **changes: Any) -> Item:
    """A thing in a digest, told when it was as `before`."""
    role_ = changes.pop("role", role() if thing.id.startswith("signal") else None)
    found = news(before or thing, role_)
    assert found is not None
    return _item(found.topic, thing, found.occurrence, role=role_, **changes)


def part(thing: Match, before: Match | None = None, **changes: Any) -> list[Item]:
    """What those who take part in a match were told when it was as `before`."""
    return [
        _item(one.kind, thing, one.occurrence, contact=contact(one.contact_id), **changes)
        for one in audience.parts(before or thing)
    ]


def _item(kind: NotificationKind, about: Any, occurrence: str, **changes: Any) -> Item:
    who: Contact | None = changes.pop("contact", STAFF)
    facts: dict[str, Any] = {
        "choice": choice(),
        "why": "You asked for it.",
        "caused_by": "an event",
        "correlation_id": "a cause",
    }
    contact_id = who.id if who else "contact-1"
    return Item(
        id=uuid4(),
        kind=kind,
        contact_id=contact_id,
        contact=who,
        about=about,
        occurrence=occurrence,
        **facts | changes,
    )


def mail(*items: Item, kind: MailKind = "digest", doubts: int = 0) -> Mail:
    """A mail with these."""
    return Mail(uuid4(), kind, attempts=doubts + 1, doubts=doubts, items=items)


THINGS = [role(), signal(), signal("signal-2", None), demand(), novel(), source(), item(), meeting()]


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.id)
def test_what_still_holds_is_told(thing: Thing) -> None:
    """Nothing is sifted out that is wanted and worth telling."""
    one = mail(told(thing))
    assert sifted(one, NOW) == (one, {})


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.id)
@pytest.mark.parametrize(
    "changes",
    [
        {"contact": None},
        {"suppressed": "bounced: no such mailbox"},
        {"choice": None},
        {"choice": choice("asked")},
        {"choice": choice("withdrawn")},
        {"choice": choice("lapsed")},
        {"choice": choice("confirmed", Subscription(topic="newsletter"))},
    ],
    ids=["erased", "suppressed", "nothing chosen", "no yes yet", "withdrawn", "lapsed", "narrowed"],
)
def test_nobody_is_told_who_may_not_or_does_not_want_to_be(thing: Thing, changes: dict[str, Any]) -> None:
    """Each reason stops every topic, and is said."""
    left, reasons = sifted(mail(told(thing, **changes)), NOW)
    assert left.items == ()
    assert [reason.endswith((".", ")")) for reason in reasons.values()] == [True]


@pytest.mark.parametrize(
    "over",
    [
        told(closed(role()), role()),
        told(role(closes_on=NOW.date() - timedelta(days=2)), role()),
        told(signal(), role=closed(role())),
        told(signal(), role=role(authorities=())),
        told(demand(2, status="ended"), demand()),
        told(demand(4, since=NOW + timedelta(days=50)), demand()),
        told(novel(revision=2, status="withdrawn"), novel()),
        told(source(2, status="working"), source()),
        told(source(3, at=NOW + timedelta(days=1)), source()),
        told(item(revision=2, status="retired"), item()),
        told(meeting(starts=NOW - timedelta(days=1))),
        told(meeting(revision=2, starts=NOW + timedelta(days=9)), meeting()),
        told(source(), contact=contact()),
    ],
    ids=lambda one: f"{one.kind} {one.about.revision}",
)  # fmt: skip
def test_what_was_taken_back_is_not_told(over: Item) -> None:
    """What closed, ended, was withdrawn, recovered, retired, moved or is over stays here, and the rest of the mail leaves."""
    contact_ = over.contact
    if over.kind == "offer below market":
        contact_ = contact("contact-1", 1, borough=CAMDEN)
        over = _item(over.kind, over.about, over.occurrence, role=over.role, contact=contact_)
    stays = told(role("role-9"), contact=contact_)
    left, reasons = sifted(mail(over, stays), NOW)
    assert left.items == (stays,)
    assert list(reasons) == [over.id]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (proposed(), match()),
        (proposed(), proposed(2, status="withdrawn")),
        (proposed(), proposed(2, proposed_at=NOW + timedelta(hours=1))),
        (asked_how_it_went(), asked_how_it_went(5, outcome={
            "result": "hired", "stated_at": NOW, "recorded_at": NOW})),
    ],
    ids=["answered", "withdrawn", "a newer shortlist", "the outcome is known"],
)  # fmt: skip
def test_a_match_that_moved_on_is_not_told_as_it_was(before: Match, now: Match) -> None:
    """A shortlist that was answered, withdrawn or replaced, and a question that is answered, stay here."""
    now = Match.model_validate(now.model_dump())
    for one in part(now, before):
        assert sifted(mail(one), NOW)[0].items == ()
    for one in part(before):
        assert sifted(mail(one, kind="digest"), NOW)[0].items == (one,)


def test_taking_part_in_a_match_needs_no_subscription() -> None:
    """Who asked for help hears of it without having subscribed, or having unsubscribed from all else."""
    for chosen in (None, choice("withdrawn"), choice("asked")):
        [one] = part(proposed(), choice=chosen)
        assert sifted(mail(one), NOW)[0].items == (one,)


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (match(3, status="withdrawn"), {}),
        (match(3, accepted=candidate("another")), {}),
        (match(), {"suppressed": "complained: marked as junk"}),
        (match(), {"contact": None}),
    ],
    ids=["withdrawn", "another one accepted", "suppressed", "erased"],
)
def test_an_introduction_reaches_both_or_nobody(now: Match, changes: dict[str, Any]) -> None:
    """What stops one half stops the other, and both say why."""
    asks, helps = part(match())
    changed = _item("introduction", now, helps.occurrence, **{"contact": contact("helps")} | changes)
    other = _item("introduction", now, asks.occurrence, contact=contact("asks"))
    left, reasons = sifted(mail(other, changed, kind="introduction"), NOW)
    assert left.items == ()
    assert all(reasons[one.id] for one in (other, changed))
    whole = mail(asks, helps, kind="introduction")
    assert sifted(whole, NOW) == (whole, {})
    assert sifted(mail(asks, kind="introduction"), NOW)[0].items == ()


def test_a_mail_in_doubt_is_sent_again_whole() -> None:
    """Who may have got it gets no other version of it: what closed meanwhile is in it still. Only a contact that is gone,
    unsubscribed or must not be written to gets nothing."""
    gone = told(closed(role()), role())
    doubted = mail(gone, told(role("role-2")), doubts=1)
    assert sifted(doubted, NOW) == (doubted, {})
    for changes in ({"contact": None}, {"suppressed": "by hand: asked us"}, {"choice": choice("withdrawn")}):
        assert sifted(mail(told(role(), **changes), doubts=1), NOW)[0].items == ()


def test_questions_and_newsletters_go_by_the_choice() -> None:
    """A confirmation goes while the first yes is missing, a renewal while there is one, a newsletter to who reads it."""
    asked, confirmed = choice("asked"), choice("confirmed", EVERYTHING)
    table = [
        (_item("confirmation", asked, "1", choice=asked), True),
        (_item("confirmation", asked, "1", choice=confirmed), False),
        (_item("renewal", confirmed, "1", choice=confirmed), True),
        (_item("renewal", confirmed, "1", choice=choice("withdrawn")), False),
        (_item("newsletter", EDITION, "", choice=choice()), True),
        (_item("newsletter", EDITION, "", choice=confirmed), False),
        (_item("newsletter", EDITION, "", choice=choice("lapsed")), False),
    ]
    for one, goes in table:
        assert bool(sifted(mail(one), NOW)[0].items) == goes, one.kind


def test_the_closing_day_is_londons() -> None:
    """A role that closes today is told until midnight in London, whatever day it is elsewhere."""
    one = told(role(closes_on=datetime(2026, 6, 1, tzinfo=UTC).date()))
    assert sifted(mail(one), datetime(2026, 6, 1, 22, 59, tzinfo=UTC))[1] == {}
    assert sifted(mail(one), datetime(2026, 6, 1, 23, 0, tzinfo=UTC))[0].items == ()


def test_of_a_role_what_is_told_is_what_it_is_now() -> None:
    """A role that changed and is still wanted is told, as it is now."""
    now: Role = role(revision=2, title="Data Engineer, anew")
    assert sifted(mail(told(now, role())), NOW)[0].items[0].about == now
