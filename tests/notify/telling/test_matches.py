from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loti_contracts.delivery.errors import Park
from loti_contracts.events import (
    FollowUpDue,
    Match,
    MatchIntroduced,
    OutcomeInBrief,
    OutcomeRecorded,
    Subscription,
)
from tests.notify.making import (
    NOW,
    answered,
    asked_how_it_went,
    candidate,
    contact,
    heard,
    match,
    proposed,
    said,
    stated,
)
from tests.notify.telling.hearing import due, hear, prepare_all, reader, told


async def test_a_shortlist_goes_to_who_asked(tx: Any) -> None:
    """Whoever asked for help hears of a shortlist without a subscription, whether it or the match is heard of first;
    again of a shortlist made anew, and of none that is answered before its mail left."""
    await hear(tx, heard(proposed()))
    assert await due(tx) == []
    await hear(tx, stated(contact("asks")), stated(contact("helps")))
    [mail] = await due(tx)
    assert {(item.kind, item.contact_id) for item in mail.items} == {("match proposed", "asks")}
    assert [one.id for one in mail.items[0].others] == ["helps"]
    await hear(tx, heard(proposed(2, proposed_at=NOW + timedelta(hours=1))))
    assert len(await due(tx)) == 1
    await hear(tx, heard(proposed(3, proposed_at=NOW + timedelta(hours=2))))
    await prepare_all(tx)
    await hear(tx, answered(match(4, status="declined", accepted=None)))
    assert await due(tx) == []


async def test_a_subscription_says_how_often_and_a_change_of_it_counts_at_once(tx: Any) -> None:
    """Who wants shortlists weekly gets them on the day of weekly digests; who changes its mind gets what waits."""
    weekly = Subscription(topic="match proposed", frequency="weekly")
    await hear(tx, reader("asks", 1, weekly), heard(proposed()))
    assert await due(tx) == []
    assert len(await due(tx, datetime.now(UTC) + timedelta(days=7))) == 1
    await hear(tx, heard(proposed(2, proposed_at=NOW + timedelta(hours=1))))
    assert await due(tx) == []
    await hear(tx, reader("asks", 2, Subscription(topic="match proposed")))
    assert len(await due(tx)) == 1


async def test_an_introduction_waits_for_both(tx: Any) -> None:
    """An accepted match is not lost when its contacts come later: one mail, to both, when the second is known."""
    await hear(tx, answered(match()))
    assert await due(tx) == []
    await hear(tx, stated(contact("helps")))
    assert await due(tx) == []
    await hear(tx, stated(contact("asks")))
    [mail] = await due(tx)
    assert mail.kind == "introduction"
    assert {one.id for one in mail.contacts} == {"asks", "helps"}
    assert await tx.fetchval("SELECT urgency FROM mail") == 0
    assert await due(tx) == []


async def test_a_declined_match_introduces_nobody(tx: Any) -> None:
    """Only an accepted match is an introduction, and one that is withdrawn before the mail left is none: nothing waits,
    and the ledger says why."""
    await hear(tx, stated(contact("asks")), answered(match(status="declined", accepted=None)))
    assert await due(tx) == []
    await hear(tx, answered(match(revision=3)), heard(match(revision=4, status="withdrawn")))
    assert await due(tx) == []
    await hear(tx, answered(match(revision=5)))
    await prepare_all(tx)
    await hear(tx, heard(match(revision=6, status="withdrawn")))
    assert await due(tx) == []
    rows = await tx.fetch("SELECT withheld FROM notification WHERE kind = 'introduction'")
    assert [bool(row["withheld"]) for row in rows] == [True, True]


async def test_who_chooses_anew_is_introduced_anew(tx: Any) -> None:
    """A request that is withdrawn, stated anew and answered otherwise brings a second introduction, to the second supporter
    and to who asked."""
    await hear(tx, *(stated(contact(id_)) for id_ in ("asks", "helps", "another")))
    await hear(tx, answered(match()))
    assert len(await due(tx)) == 1
    await hear(tx, answered(match(3, accepted=candidate("another"))))
    [mail] = await due(tx)
    assert {one.id for one in mail.contacts} == {"asks", "another"}


async def test_an_introduction_that_was_made_is_not_made_again(tx: Any) -> None:
    """What comes after it brings no second one, nor does a new database that hears of the match from its topic."""
    await hear(tx, *(stated(contact(id_)) for id_ in ("asks", "helps")))
    await hear(tx, said(MatchIntroduced(match=match(3, introduced_at=NOW, stage="introduced"))))
    assert await due(tx) == []


@pytest.mark.parametrize("in_match", [True, False])
async def test_follow_ups_are_asked_of_both(tx: Any, in_match: bool) -> None:
    """Each question goes to both, once, also where the event alone says that it is due; none once the outcome is known."""
    await hear(tx, *(stated(contact(id_)) for id_ in ("asks", "helps")))
    after = asked_how_it_went()
    if in_match:
        await hear(tx, heard(after))
    else:
        unsaid = after.model_copy(update={"follow_ups": ()})
        await hear(tx, said(FollowUpDue(match=unsaid, after="two weeks", contact_ids=("asks", "helps"))))
    mails = await due(tx)
    assert sorted(item.contact_id for mail in mails for item in mail.items) == ["asks", "helps"]
    assert {item.occurrence for mail in mails for item in mail.items} == {"two weeks"}
    later = after.follow_ups[0].model_copy(update={"after": "three months"})
    await hear(tx, heard(asked_how_it_went(5, follow_ups=(*after.follow_ups, later))))
    assert len(await due(tx)) == 2
    last = later.model_copy(update={"after": "six months"})
    await hear(tx, heard(asked_how_it_went(6, follow_ups=(*after.follow_ups, later, last))))
    await prepare_all(tx)
    outcome = OutcomeInBrief(result="mentored", stated_at=NOW, recorded_at=NOW)
    done: Match = asked_how_it_went(7, follow_ups=(*after.follow_ups, later, last), outcome=outcome)
    await hear(tx, said(OutcomeRecorded(match=done)))
    assert await due(tx) == []


@pytest.mark.parametrize("accepted", [None, candidate("asks")])
async def test_a_match_that_introduces_nobody_is_parked(tx: Any, accepted: Any) -> None:
    """An accepted match without a supporter, or of a contact with itself, can never become a mail."""
    with pytest.raises(Park, match="match-1"):
        await hear(tx, answered(match(accepted=accepted)))


async def test_the_cause_is_the_event_that_made_it_due(tx: Any) -> None:
    """The ledger names the acceptance as the cause of an introduction, not the shortlist that came before it."""
    shortlist, acceptance = heard(proposed()), answered(match())
    await hear(tx, stated(contact("asks")), stated(contact("helps")), shortlist)
    await prepare_all(tx)
    await hear(tx, acceptance)
    await prepare_all(tx)
    rows = await tx.fetch("SELECT kind, caused_by FROM notification")
    assert {(row["kind"], row["caused_by"]) for row in rows} == {
        ("match proposed", shortlist.id),
        ("introduction", acceptance.id),
    }


async def test_match_mails_reach_who_said_no_to_all_else(tx: Any) -> None:
    """A contact that subscribed to nothing, or unsubscribed, still hears of its own request."""
    await hear(tx, reader("asks", 1, Subscription(topic="new role")), heard(proposed()))
    await tx.execute("UPDATE choice SET status = 'withdrawn', judged = false")
    assert told(await due(tx)) == {("asks", "match-1")}
