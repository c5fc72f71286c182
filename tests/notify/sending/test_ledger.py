"""What the ledger promises: against a real PostgreSQL; what it decides, for whatever comes."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.notify.mails import Mail
from services.notify.sending import ledger
from services.notify.sending.batches import Batches
from services.notify.sending.ledger import Claimed
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Outgoing, Refused
from services.notify.sending.writing_down import Result, Withheld, wait_after, write_down, written
from services.notify.settings import NotifySettings
from tests.notify.making import role
from tests.notify.sending import made
from tests.notify.sending.running import delivery, mails, once, said, statuses

NOW = datetime.now(UTC)
OUTCOMES = st.one_of(
    st.builds(Accepted, st.text()),
    st.builds(Refused, st.text()),
    st.builds(Withheld, st.text()),
    st.builds(InDoubt, st.text()),
    st.builds(NotNow, st.text(), st.booleans(), st.none() | st.floats(0, 1e6)),
)


@given(OUTCOMES, st.integers(1, 10_000), st.floats(0, 30))
def test_only_what_was_accepted_is_sent(outcome: Any, attempts: int, days: float) -> None:
    """`sent` is written for what the relay accepted and nothing else, `due` for what it surely did not take; nothing
    is given up but what it refused for ever, or for now for longer than `retry_days`."""
    settings = NotifySettings(retry_days=4)
    claimed = Claimed(Mail(UUID(int=1), "digest", attempts, 0, ()), NOW - timedelta(days=days), NOW)
    row = written(Result(claimed, outcome), settings, NOW)
    assert (row.status == "sent") == isinstance(outcome, Accepted)
    assert (row.status == "sending") == isinstance(outcome, InDoubt)
    assert (row.status == "withheld") == isinstance(outcome, Withheld)
    if isinstance(outcome, NotNow):
        asked = not outcome.unreachable and outcome.wait is None
        assert row.offered == asked
        assert (row.status == "refused") == (asked and days > 4)
    assert outcome.answer in row.answer
    assert row.wait >= 0


@given(st.integers(1, 200), st.floats(0.01, 100), st.floats(0.01, 10_000))
def test_waits_double_to_a_limit(attempts: int, first: float, most: float) -> None:
    """The first wait is `retry_first`, each next is twice as long, none is longer than `retry_most`."""
    settings = NotifySettings(retry_first=first, retry_most=most)
    assert wait_after(1, settings) == min(first, most)
    this, then = wait_after(attempts, settings), wait_after(attempts + 1, settings)
    assert this <= then <= most
    assert then in (min(2 * this, most), this)


async def test_a_mail_is_claimed_by_one(pool: Any) -> None:
    """Claims at the same moment share what is due: nothing is claimed twice, nothing is left."""
    await _digests(pool, *(f"contact-{n}" for n in range(40)))

    async def claim() -> list[Claimed]:
        async with pool.acquire() as tx, tx.transaction():
            found = await ledger.claim(tx, 10, 60)
            await asyncio.sleep(0.05)
            return found

    claimed = [one for batch in await asyncio.gather(*(claim() for _ in range(4))) for one in batch]
    claimed += await claim()
    assert len(claimed) == len({one.mail.id for one in claimed}) == 40
    assert all(len(one.mail.items) == 1 and one.mail.contacts for one in claimed)


async def test_after_the_lease_it_is_in_doubt(pool: Any, settings: NotifySettings) -> None:
    """What was claimed by somebody who is silent is claimed again after the lease and counted as a doubt; what the
    first one then says counts only if it says that the mail was taken."""
    await _digests(pool, "contact-1")
    async with pool.acquire() as tx:
        async with tx.transaction():
            [first] = await ledger.claim(tx, 5, -1.0)
        async with tx.transaction():
            [second] = await ledger.claim(tx, 5, 60)
        assert (second.mail.id, second.mail.attempts, second.mail.doubts) == (first.mail.id, 2, 1)
        for late in (NotNow("451 late"), Refused("550 late"), Withheld("late"), InDoubt("late")):
            async with tx.transaction():
                await write_down(tx, [Result(first, late)], settings, NOW)
        assert await statuses(pool) == {"sending": 1}
        async with tx.transaction():
            await write_down(tx, [Result(first, Accepted("250 first"))], settings, NOW)
            await write_down(tx, [Result(second, Accepted("250 second"))], settings, NOW)
            await write_down(tx, [Result(second, NotNow("451 too late"))], settings, NOW)
    [mail] = await mails(pool)
    assert (mail["status"], mail["answer"]) == ("sent", "250 first")
    assert [one["type"] for one in await said(pool)] == ["sent"]


async def test_a_transport_that_can_ask_settles_a_doubt(pool: Any, settings: NotifySettings) -> None:
    """Where the other side knows what became of a mail in doubt, it is not sent again; where it does not, it is."""
    await _digests(pool, "known", "unknown")
    async with pool.acquire() as tx, tx.transaction():
        claimed = await ledger.claim(tx, 5, -1.0)
    known = next(one.mail.id for one in claimed if one.mail.contacts[0].id == "known")
    asking = _Asking({known: Accepted("it was delivered")})
    real = delivery(settings)
    real.transport = asking
    await Batches(settings, pool, asyncio.Event(), real).send_due()
    assert await statuses(pool) == {"sent": 2}
    assert len(asking.sent) == 1
    assert known not in asking.sent


class _Asking:
    """A transport that knows what became of some mails, and takes all others."""

    def __init__(self, known: dict[UUID, Outcome]) -> None:
        self._known = known
        self.sent: list[UUID] = []

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        self.sent.append(outgoing.mail_id)
        return Accepted("taken")

    async def settle(self, outgoing: Outgoing) -> Outcome | None:
        return self._known.get(outgoing.mail_id)

    def paused(self) -> float:
        return 0.0

    async def close(self) -> None:
        """Nothing is open."""


async def test_never_more_in_hand_than_at_once(pool: Any, settings: NotifySettings) -> None:
    """However many are due and however slow the relay, no more than `at_once` mails are `sending` at any moment."""
    await _digests(pool, *(f"contact-{n}" for n in range(60)))
    real = delivery(settings)
    counted = real.transport = _Counting(pool)
    few = settings.model_copy(update={"at_once": 8, "lease": 60.0})
    await Batches(few, pool, asyncio.Event(), real).send_due()
    assert await statuses(pool) == {"sent": 60}
    assert max(counted.seen) == 8


class _Counting(_Asking):
    """A transport that looks how many are in hand while it sends."""

    def __init__(self, pool: Any) -> None:
        super().__init__({})
        self._pool = pool
        self.seen: list[int] = []

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        self.seen.append(await self._pool.fetchval("SELECT count(*) FROM mail WHERE status = 'sending'"))
        return await super().send(outgoing, within=within)


async def test_what_is_held_back_stays_due(pool: Any, settings: NotifySettings) -> None:
    """A mail that a limit here held back was not attempted, is not finished, and is due again when the limit says."""
    await _digests(pool, "contact-1")
    async with pool.acquire() as tx, tx.transaction():
        [claimed] = await ledger.claim(tx, 5, 60)
        await write_down(tx, [Result(claimed, NotNow("held back here", wait=0.0))], settings, NOW)
        [again] = await ledger.claim(tx, 5, 60)
        await write_down(tx, [Result(again, NotNow("held back here", wait=500.0))], settings, NOW)
        assert await ledger.claim(tx, 5, 60) == []
    [mail] = await mails(pool)
    assert (mail["status"], mail["attempts"], mail["doubts"]) == ("due", 0, 0)
    waiting = await ledger.to_send(pool)
    assert (waiting.now, waiting.waiting) == (0, 1)
    assert waiting.next is not None
    assert 490 < waiting.next <= 500


async def test_withheld_is_said_once_and_never_of_what_was_told(pool: Any, settings: NotifySettings) -> None:
    """What is withheld leaves its mail and is said so, with the next revision; what was told, or is in somebody's hand,
    stays; a mail of which nothing is left is withheld when its turn comes; told anew, the same mail is due again."""
    await _digests(pool, "sent", "sending", "due")
    ids = {
        row["contact_id"]: row["id"] for row in await pool.fetch("SELECT contact_id, id FROM notification")
    }
    async with pool.acquire() as tx, tx.transaction():
        claimed = {one.mail.contacts[0].id: one for one in await ledger.claim(tx, 5, 60)}
        results = [
            Result(claimed["sent"], Accepted("250")),
            Result(claimed["due"], NotNow("later", wait=0.0)),
        ]
        await write_down(tx, results, settings, NOW)
        for _ in range(2):
            await ledger.withhold(tx, dict.fromkeys(ids.values(), "The role was closed."))
    told = [(one["contact_id"], one["type"], one["revision"], one["why_not"]) for one in await said(pool)]
    assert told == [("sent", "sent", 1, None), ("due", "suppressed", 1, "The role was closed.")]
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"sent": 1, "sending": 1, "withheld": 1}
    async with pool.acquire() as tx, tx.transaction():
        await tx.execute("UPDATE notification SET withheld = NULL WHERE id = $1", ids["due"])
        await ledger.add_mail(tx, "digest", [ids["due"]])
    assert await statuses(pool) == {"sent": 1, "sending": 1, "due": 1}


async def test_a_mail_that_came_back(pool: Any, settings: NotifySettings) -> None:
    """Of an introduction that one of the two never got, that one's notification is said to have failed, once, and the
    other's stays sent."""
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ["asks", "helps"])
        mail = await made.introduction(tx)
        [claimed] = await ledger.claim(tx, 5, 60)
        await write_down(tx, [Result(claimed, Accepted("250"))], settings, NOW)
        assert await ledger.mark_returned(tx, mail, "550 mailbox full", contact_id="helps")
        assert not await ledger.mark_returned(tx, mail, "550 mailbox full", contact_id="helps")
        rows = {row["contact_id"]: row["status"] for row in await ledger.entries(tx)}
    assert rows == {"asks": "sent", "helps": "returned"}
    told = [(one["contact_id"], one["type"], one["revision"]) for one in await said(pool)]
    assert sorted(told[:2]) == [("asks", "sent", 1), ("helps", "sent", 1)]
    assert told[2:] == [("helps", "failed", 2)]


async def test_the_ledger_by_cause_and_by_contact(pool: Any) -> None:
    """Each row says what was told to whom, because of which event and why; asked by event or contact, only theirs."""
    await _digests(pool, "contact-1", "contact-2")
    async with pool.acquire() as tx:
        [row] = await ledger.entries(tx, contact_id="contact-1")
        both = await ledger.entries(tx, event_id="event of role-1")
        assert await ledger.entries(tx, event_id="event of nothing") == []
    assert len(both) == 2
    assert (row["about"], row["why"], row["status"]) == ("role-1", "You asked for it.", "due")
    assert "@" not in str(both)


async def test_progress_counts_each_status(pool: Any, settings: NotifySettings) -> None:
    """The health page's figures are those of the ledger, with what waits and for how long."""
    ids = ("sent", "refused", "due", "sending")
    await _digests(pool, *ids)
    outcomes: dict[str, Outcome] = {
        "sent": Accepted("250"),
        "refused": Refused("550"),
        "due": NotNow("later", wait=0.0),
    }
    async with pool.acquire() as tx, tx.transaction():
        claimed = {one.mail.contacts[0].id: one for one in await ledger.claim(tx, 5, 60)}
        await write_down(
            tx, [Result(claimed[id_], outcome) for id_, outcome in outcomes.items()], settings, NOW
        )
        await tx.execute("UPDATE mail SET due_at = due_at - interval '1 hour' WHERE status = 'due'")
    figures = await ledger.progress(pool)
    assert {name: figures[name] for name in ids} == dict.fromkeys(ids, 1)
    assert (figures["withheld"], figures["suppressed"], figures["held"]) == (0, 0, 0)
    assert 3_590 < figures["oldest_due"] < 3_700


async def test_events_of_a_batch_keep_their_own_threads(pool: Any, settings: NotifySettings) -> None:
    """Each event said of a batch carries the correlation of what caused it, and that event as its cause."""
    await _digests(pool, "contact-1", about="role-1")
    await _digests(pool, "contact-2", about="role-2")
    async with pool.acquire() as tx, tx.transaction():
        claimed = await ledger.claim(tx, 5, 60)
        await write_down(tx, [Result(one, Accepted("250")) for one in claimed], settings, NOW)
    rows = await pool.fetch(
        "SELECT headers::jsonb ->> 'ce_correlationid' AS c, headers::jsonb ->> 'ce_causationid' AS e FROM outbox"
    )
    assert Counter((row["c"], row["e"]) for row in rows) == {
        ("correlation of role-1", "event of role-1"): 1,
        ("correlation of role-2", "event of role-2"): 1,
    }


async def _digests(pool: Any, *ids: str, about: str = "role-1") -> None:
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ids)
        await made.digests(tx, ids, role(about))
