import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import QuietHours, Subscription
from services.notify.identity import notification_id
from services.notify.settings import NotifySettings
from services.notify.telling.gathering import Limit, gathered
from services.notify.telling.relevance import IN_A_MAIL
from services.notify.telling.timing import LONDON, Digests, is_quiet
from tests.notify.making import EVERYTHING, answered, contact, heard, match, meeting, proposed, role, stated
from tests.notify.telling.hearing import SETTINGS, due, hear, leave, prepare_all, reader, told

DIGESTS = Digests(time(7, 30), 0)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday

LIMITS = st.builds(
    Limit,
    quiet_hours=st.none() | st.builds(QuietHours, start=st.times(), end=st.times(), weekends=st.booleans()),
    most_a_day=st.integers(1, 3),
    mails_today=st.integers(0, 4),
)


@given(st.lists(st.tuples(LIMITS, st.integers(1, 2 * IN_A_MAIL)), max_size=4), st.integers(0, 7 * 24 * 60))
def test_whatever_is_due_goes_or_waits_and_nothing_is_lost(
    each: list[tuple[Limit, int]], minutes: int
) -> None:
    """Of all that is due to a contact each goes into one mail or waits for a later time, with the reason. A contact gets
    one mail at most, none in quiet hours or over its limit, and in it what is most relevant."""
    now = NOON + timedelta(minutes=minutes)
    due_to = {
        f"contact-{n}": [notification_id("new role", f"role-{m}", f"contact-{n}") for m in range(count)]
        for n, (_, count) in enumerate(each)
    }
    limits = {f"contact-{n}": limit for n, (limit, _) in enumerate(each)}
    found = gathered(due_to, limits, now, DIGESTS)
    waits = [*found.quiet, *found.carried]
    gone = [id_ for mail in found.mails for id_ in mail]
    assert sorted(gone + [id_ for id_, _ in waits]) == sorted(id_ for ids in due_to.values() for id_ in ids)
    assert all(until.due_at > now and until.held for _, until in waits)
    for contact_id, ids in due_to.items():
        limit = limits[contact_id]
        mails = [mail for mail in found.mails if mail[0] in ids]
        stopped = limit.mails_today >= limit.most_a_day or (
            limit.quiet_hours is not None and is_quiet(limit.quiet_hours, now)
        )
        assert [list(mail) for mail in mails] == ([] if stopped else [ids[:IN_A_MAIL]])


def limited(most: int) -> NotifySettings:
    """At most so many mails a day, unless the contact chose."""
    return SETTINGS.model_copy(update={"most_a_day": most})


async def test_what_is_over_the_limit_waits_for_the_next_days_digest(tx: Any) -> None:
    """With two mails a day the third thing waits, and the ledger says why; with everything else that waits it is in one
    mail the next day. Nothing is lost, nothing is told twice."""
    now = datetime.now(UTC)
    await hear(tx, reader("contact-1", 1, EVERYTHING, most_a_day=2))
    found = []
    for n in range(6):
        await hear(tx, heard(role(f"role-{n}")))
        mails = await due(tx, now)
        await leave(tx, mails, now)
        found.append(told(mails))
    assert [len(one) for one in found] == [1, 1, 0, 0, 0, 0]
    rows = await tx.fetch("SELECT held, due_at FROM notification WHERE mail_id IS NULL")
    assert len(rows) == 4
    for row in rows:
        assert "2 emails a day" in row["held"]
        here = row["due_at"].astimezone(LONDON)
        assert (here.date(), here.time()) == (now.astimezone(LONDON).date() + timedelta(days=1), time(7, 30))
    tomorrow = rows[0]["due_at"]
    assert await due(tx, tomorrow - timedelta(minutes=1)) == []
    [digest] = await due(tx, tomorrow)
    assert len(digest.items) == 4
    assert set.union(*found) | told([digest]) == {("contact-1", f"role-{n}") for n in range(6)}


async def test_what_was_held_back_goes_with_the_next_mail_whatever_that_is(tx: Any) -> None:
    """With one mail a day, something that comes at once after midnight takes what waits along: it cannot starve."""
    now = datetime.now(UTC)
    await hear(tx, reader("contact-1", 1, EVERYTHING, most_a_day=1), heard(role("first")))
    await leave(tx, await due(tx, now), now)
    await hear(tx, heard(role("second")))
    assert await due(tx, now) == []
    midnight = datetime.combine(now.astimezone(LONDON).date() + timedelta(days=1), time(0, 5), LONDON)
    await hear(tx, heard(role("third")))
    assert told(await due(tx, midnight.astimezone(UTC))) == {("contact-1", "second"), ("contact-1", "third")}


async def test_a_mail_in_hand_counts_and_one_that_told_nothing_does_not(tx: Any) -> None:
    """A mail that is still on its way counts for the day; one that was withheld does not."""
    now = datetime.now(UTC)
    await hear(tx, reader("contact-1", 1, EVERYTHING, most_a_day=1), heard(role("first")))
    await prepare_all(tx, now)
    await hear(tx, heard(role("second")))
    await prepare_all(tx, now)
    assert await tx.fetchval("SELECT count(*) FROM mail") == 1
    await hear(tx, heard(role("first", 2, status="closed")))
    assert await due(tx, now) == []
    await hear(tx, heard(role("third")))
    assert told(await due(tx, now)) == {("contact-1", "second"), ("contact-1", "third")}


async def test_introductions_ignore_limit_and_quiet_hours_and_shortlists_do_not(tx: Any) -> None:
    """An introduction leaves at any hour and over any limit; what else is due waits."""
    here = datetime.now(UTC).astimezone(LONDON)
    quiet = QuietHours(
        start=(here - timedelta(hours=2)).time().replace(microsecond=0),
        end=(here + timedelta(hours=2)).time().replace(microsecond=0),
    )
    await hear(tx, reader("asks", 1, EVERYTHING, most_a_day=1, quiet_hours=quiet), stated(contact("helps")))
    await hear(tx, answered(match()), heard(role()))
    [mail] = await due(tx, here.astimezone(UTC))
    assert mail.kind == "introduction"
    assert "quiet hours" in await tx.fetchval("SELECT held FROM notification WHERE kind = 'new role'")


async def test_the_services_own_limit_holds_for_who_chose_none(tx: Any) -> None:
    """A contact that chose no limit, or nothing at all, has the one of the settings."""
    now = datetime.now(UTC)
    await hear(tx, stated(contact("asks")), heard(proposed()))
    await leave(tx, await due(tx, now, limited(1)), now)
    await hear(tx, heard(proposed(2, proposed_at=now + timedelta(hours=1))))
    assert await due(tx, now, limited(1)) == []
    assert len(await due(tx, now, limited(2))) == 0  # it waits for its digest
    assert len(await due(tx, TOMORROW + timedelta(days=1), limited(1))) == 1


async def test_each_frequency_leaves_at_its_time_in_one_mail(tx: Any) -> None:
    """At once, daily and weekly topics: what is due at the digest leaves together."""
    wants = [
        Subscription.model_validate({"topic": "new role", "frequency": frequency, "families": (family,)})
        for frequency, family in (
            ("at once", "Data"),
            ("daily", "Product"),
            ("weekly", "User-centred design"),
        )
    ]
    await hear(tx, reader("contact-1", 1, *wants))
    standard = {"now": "Data", "daily": "Product", "weekly": "User-centred design"}
    await hear(
        tx,
        *(
            heard(role(id_, standard_role={"name": "Any", "family": family}))
            for id_, family in standard.items()
        ),
    )
    assert told(await due(tx, NOON)) == {("contact-1", "now")}
    thursday, monday = (datetime(2026, 11, day, 7, 30, tzinfo=UTC) for day in (19, 23))
    assert await due(tx, thursday - timedelta(minutes=1)) == []
    assert told(await due(tx, thursday)) == {("contact-1", "daily")}
    assert await due(tx, monday - timedelta(minutes=1)) == []
    assert told(await due(tx, monday)) == {("contact-1", "weekly")}


async def test_a_digest_holds_so_much_and_the_rest_comes_next(tx: Any) -> None:
    """Who joins while very much is open gets the most relevant first, and the rest in the next digests; nothing is lost."""
    count = IN_A_MAIL + 5
    await hear(tx, *(heard(role(f"role-{n}")) for n in range(count)))
    await hear(tx, reader("contact-1", 1, EVERYTHING))
    [mail] = await due(tx)
    assert len(mail.items) == IN_A_MAIL
    [rest] = await due(tx, TOMORROW + timedelta(hours=8))
    assert len(told([mail, rest])) == count


async def test_the_limit_holds_however_many_processes_gather(tx: Any, pool: Any) -> None:
    """Four processes at once, things coming all the while: no contact gets more mails a day than it chose."""
    now = datetime.now(UTC)
    names = [f"contact-{n}" for n in range(5)]
    await hear(tx, *(reader(name, 1, EVERYTHING, most_a_day=2) for name in names))

    async def process(first: int) -> None:
        async with pool.acquire() as mine:
            for n in range(first, first + 5):
                await hear(mine, heard(role(f"role-{n}")))
                await prepare_all(mine, now)

    await asyncio.gather(*(process(10 * n) for n in range(4)))
    await prepare_all(tx, now)
    rows = await tx.fetch(
        "SELECT contact_id, count(DISTINCT mail_id) AS mails, count(*) AS told FROM notification GROUP BY contact_id"
    )
    assert {row["contact_id"]: (row["mails"], row["told"]) for row in rows} == dict.fromkeys(names, (2, 20))


async def test_the_service_says_when_digests_leave(tx: Any) -> None:
    """A daily digest leaves at the time that the service is told, a weekly one on its day."""
    settings = SETTINGS.model_copy(update={"digest_at": "08:15", "digest_weekday": 4})
    wants = [
        Subscription(topic="new role", frequency="daily"),
        Subscription(topic="event", frequency="weekly"),
    ]
    await hear(
        tx, reader("contact-1", 1, *wants), heard(role()), heard(meeting(starts=NOON + timedelta(days=99)))
    )
    assert await due(tx, NOON, settings) == []
    rows = await tx.fetch("SELECT due_at FROM notification ORDER BY due_at")
    assert [row["due_at"] for row in rows] == [datetime(2026, 11, day, 8, 15, tzinfo=UTC) for day in (19, 20)]
