"""Against a real PostgreSQL and a real SMTP server that misbehaves."""

import asyncio
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.notify.letters.compose import compose as compose_letter
from services.notify.people import suppression
from services.notify.sending import handing_over, ledger
from services.notify.sending.from_settings import STEPS
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay
from tests.notify.making import EVERYTHING, agreed, answered, contact, erased, heard, match, role, stated
from tests.notify.sending import made
from tests.notify.sending.running import mails, once, said, sending, statuses, statuses_are, until


async def test_each_mail_leaves_once(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """In ordinary running each mail is handed over once and each thing told is said once as sent; few connections
    serve many mails."""
    ids = [f"contact-{n}" for n in range(120)]
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ids, domains=7)
        await made.digests(tx, ids, role("one"), role("two"))
    async with sending(settings.model_copy(update={"lease": 60.0}), pool):
        await until(statuses_are(pool, sent=120))
    assert len(relay.taken) == len(set(relay.message_ids)) == 120
    assert {mail["attempts"] for mail in await mails(pool)} == {1}
    told = await said(pool)
    assert len(told) == len({one["id"] for one in told}) == 240
    assert {(one["type"], one["status"], one["revision"]) for one in told} == {("sent", "sent", 1)}
    assert relay.connections <= settings.smtp_connections


async def test_from_the_event_to_the_mail(
    settings: NotifySettings, pool: Any, relay: MailRelay, hear_all: Any
) -> None:
    """A mail leaves at once when its event is committed: it does not wait for the poll, here once a minute."""
    patient = settings.model_copy(update={"send_poll": 60.0})
    async with pool.acquire() as tx:
        await hear_all(tx, stated(agreed(contact("contact-1", 1, EVERYTHING))))
        async with sending(patient, pool, steps=STEPS):
            for n in range(3):
                await hear_all(tx, heard(role(f"role-{n}")))
                await until(statuses_are(pool, sent=n + 1), within=5)


async def test_an_introduction_is_one_mail_to_both(
    settings: NotifySettings, pool: Any, relay: MailRelay, hear_all: Any
) -> None:
    """Both stand in To, both get it, and a reply reaches the other; two notifications are said, without addresses."""
    async with pool.acquire() as tx:
        await hear_all(tx, answered(match()), stated(contact("asks")), stated(contact("helps")))
    async with sending(settings, pool, steps=STEPS):
        await until(lambda: _taken(relay, "introduction"))
    taken = next(one for one in relay.taken if "introduction" in one["List-Id"])
    to = {one.addr_spec for one in taken["To"].addresses}
    assert to == {"wilhelmina.asks@featherstone.example", "wilhelmina.helps@featherstone.example"}
    assert taken["To"].addresses == taken["Reply-To"].addresses
    introductions = [one for one in await said(pool) if one["kind"] == "introduction"]
    assert sorted(one["contact_id"] for one in introductions) == ["asks", "helps"]
    values = [row["value"] for row in await pool.fetch("SELECT value FROM outbox")]
    assert not any(b"@" in value or b"Wilhelmina" in value for value in values)


async def _taken(relay: MailRelay, word: str) -> bool:
    return any(word in one["List-Id"] for one in relay.taken)


async def test_the_most_urgent_goes_first(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """An introduction does not wait for a newsletter to everybody, nor does a digest."""
    ids = [f"contact-{n}" for n in range(10)]
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, [*ids, "asks", "helps"])
        await made.newsletter(tx, ids)
        await made.digests(tx, ids[:2])
        await made.introduction(tx)
    one_by_one = settings.model_copy(update={"at_once": 1, "smtp_connections": 1})
    await once(one_by_one, pool).send_due()
    kinds = [one["List-Id"].partition("<")[2].partition(".")[0] for one in relay.taken]
    assert kinds == ["introduction", *["digest"] * 2, *["newsletter"] * 10]


async def test_refused_for_now_is_sent_later(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """A 4xx is never taken for sent: the mail is due again and leaves when the relay takes it. A 421 says nothing about
    the mail, so it is no attempt at it."""
    relay.faults.extend(["451 4.7.1 greylisted", "421 4.3.2 shutting down"])
    await _digests(pool, "contact-1")
    async with sending(settings, pool):
        await until(statuses_are(pool, sent=1))
    [mail] = await mails(pool)
    assert (mail["attempts"], mail["doubts"], len(relay.taken)) == (2, 0, 1)


async def test_given_up_after_days(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """What is refused for now for longer than `retry_days` is given up as refused, with the last answer."""
    relay.faults.extend(["451 4.7.1 greylisted"] * 2)
    await _digests(pool, "young", "old")
    await pool.execute(
        "UPDATE mail SET made_at = made_at - interval '5 days' FROM notification "
        "WHERE mail_id = mail.id AND contact_id = 'old'"
    )
    async with sending(settings, pool):
        await until(statuses_are(pool, sent=1, refused=1))
    refused = next(mail for mail in await mails(pool) if mail["status"] == "refused")
    assert refused["answer"] == "given up after 4 days: 451 4.7.1 greylisted"
    [failed] = [one for one in await said(pool) if one["type"] == "failed"]
    assert (failed["contact_id"], failed["why_not"]) == ("old", refused["answer"])


async def test_refused_for_ever_is_kept_with_the_answer(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """A 5xx ends it: the ledger keeps the answer without the address, NotificationFailed says it, the address is
    suppressed so that the next mail to it is withheld, other mails leave, and no log line holds an address."""
    relay.refused["contact-1"] = "550 5.1.1 <wilhelmina.contact-1@featherstone.example> user unknown"
    await _digests(pool, "contact-1", "contact-2")
    with capture_logs() as logs:
        await once(settings, pool).send_due()
        await _digests(pool, "contact-1", about="role-2", known=True)
        await once(settings, pool).send_due()
    assert await statuses(pool) == {"sent": 1, "refused": 1, "withheld": 1}
    refused = next(mail for mail in await mails(pool) if mail["status"] == "refused")
    assert refused["answer"] == "550 5.1.1 <<address>> user unknown"
    assert len(relay.taken) == 1
    kinds = {(one["type"], one["contact_id"], one["sent_at"] is None) for one in await said(pool)}
    assert kinds == {
        ("failed", "contact-1", True),
        ("sent", "contact-2", False),
        ("suppressed", "contact-1", True),
    }
    assert "featherstone" not in str(logs).lower()
    async with pool.acquire() as tx:
        [listed] = await suppression.listed(tx)
        entries = await ledger.entries(tx, contact_id="contact-1")
    assert (listed["reason"], listed["contacts"]) == ("bounced", ["contact-1"])
    assert [(entry["status"], entry["attempts"]) for entry in entries] == [("withheld", 0), ("refused", 1)]


async def test_content_that_is_refused_condemns_no_address(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """A refusal of what the mail says refuses the mail; the next one to that address still leaves."""
    relay.faults.append("554 5.7.1 looks like spam")
    await _digests(pool, "contact-1")
    await once(settings, pool).send_due()
    await _digests(pool, "contact-1", about="role-2", known=True)
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"refused": 1, "sent": 1}


async def test_an_introduction_reaches_both_or_nobody(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Where one of the two is refused, the other does not get an introduction to somebody who never hears of it; only
    the address that is refused is suppressed, and both notifications are said to have failed."""
    relay.refused["helps"] = "550 5.1.1 no such user"
    async with pool.acquire() as tx, tx.transaction():
        await made.people(tx, ["asks", "helps"])
        await made.introduction(tx)
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"refused": 1}
    assert relay.taken == []
    assert {(one["type"], one["contact_id"]) for one in await said(pool)} == {
        ("failed", "asks"),
        ("failed", "helps"),
    }
    async with pool.acquire() as tx:
        assert [one["contacts"] for one in await suppression.listed(tx)] == [["helps"]]


async def test_an_address_that_is_none_is_refused_unsent(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """What no relay could carry is refused here, and holds nobody up."""
    await _digests(pool, "bad", "good")
    await pool.execute("UPDATE contact SET email = 'a,b@x.example' WHERE id = 'bad'")
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"refused": 1, "sent": 1}
    [refused] = [mail for mail in await mails(pool) if mail["status"] == "refused"]
    assert "address" in refused["answer"]
    assert "a,b@" not in refused["answer"]


async def test_a_relay_that_is_away_costs_no_mail(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """While connections are refused, mails stay due without counting an attempt, and leave once each when the relay is
    back; `send_due` says that it is away."""
    await relay.stop()
    await _digests(pool, *(f"contact-{n}" for n in range(5)))
    assert not await once(settings, pool).send_due()
    assert {(mail["status"], mail["attempts"]) for mail in await mails(pool)} == {("due", 0)}
    async with sending(settings, pool):
        await until(lambda: _tried(pool))
        await relay.start()
        await until(statuses_are(pool, sent=5))
    assert len(set(relay.message_ids)) == len(relay.taken) == 5
    assert {mail["attempts"] for mail in await mails(pool)} == {1}


async def _tried(pool: Any) -> bool:
    return any("not reached" in (mail["answer"] or "") for mail in await mails(pool))


async def test_a_broken_connection_after_handing_over_is_a_doubt(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Nobody knows whether the relay has it: after the lease it is sent again with the same Message-ID, and counted."""
    relay.faults.append("drop")
    await _digests(pool, "contact-1")
    async with sending(settings, pool):
        await until(statuses_are(pool, sent=1))
    [mail] = await mails(pool)
    assert (mail["attempts"], mail["doubts"]) == (2, 1)
    assert len(relay.message_ids) == 2
    assert len(set(relay.message_ids)) == 1
    assert [(one["attempts"], one["doubts"]) for one in await said(pool)] == [(2, 1)]


async def test_many_senders_send_no_mail_twice(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """Four processes at once, woken by the same commits, send each mail once."""
    async with sending(settings.model_copy(update={"lease": 60.0}), pool, processes=4):
        for n in range(5):
            await _digests(pool, *(f"contact-{n}-{m}" for m in range(20)), about=f"role-{n}")
        await until(statuses_are(pool, sent=100), within=60)
    assert len(relay.message_ids) == len(set(relay.message_ids)) == 100
    assert {mail["attempts"] for mail in await mails(pool)} == {1}


async def test_a_stop_claims_no_more(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """A sender that is stopped finishes what is in hand and claims nothing else; the rest is due for others."""
    await _digests(pool, *(f"contact-{n}" for n in range(10)))
    stopping = asyncio.Event()

    async def stop() -> None:
        stopping.set()

    relay.before_answer = stop
    few = settings.model_copy(update={"at_once": 2})
    await once(few, pool, stopping).send_due()
    assert await statuses(pool) == {"sent": 2, "due": 8}
    relay.before_answer = None
    await once(few, pool).send_due()
    assert await statuses(pool) == {"sent": 10}
    assert {mail["attempts"] for mail in await mails(pool)} == {1}


async def test_a_mail_that_cannot_be_written_holds_up_no_other(
    settings: NotifySettings, pool: Any, relay: MailRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in one letter leaves the others to go, and that one due for later."""

    def broken(mail: Any, **others: Any) -> Any:
        if mail.contacts[0].id == "contact-0":
            raise KeyError("a bug")
        return compose_letter(mail, **others)

    monkeypatch.setattr(handing_over, "compose", broken)
    await _digests(pool, *(f"contact-{n}" for n in range(3)))
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"sent": 2, "due": 1}


async def test_a_thing_that_cannot_be_read_holds_up_no_other(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """What was kept in a shape that is not understood any more is withheld, and said so; the others go."""
    await _digests(pool, "contact-1")
    await _digests(pool, "contact-2", about="role-2")
    await pool.execute("""UPDATE thing SET state = '{"id": "role-2"}' WHERE id = 'role-2'""")
    await once(settings, pool).send_due()
    assert await statuses(pool) == {"sent": 1, "withheld": 1}
    assert {(one["type"], one["contact_id"]) for one in await said(pool)} == {
        ("sent", "contact-1"),
        ("suppressed", "contact-2"),
    }


async def test_erasure_after_sending(
    settings: NotifySettings, pool: Any, relay: MailRelay, hear_all: Any
) -> None:
    """Of mails that were sent, refused or are in doubt, nothing personal is left after an erasure either; a mail in
    doubt is then not sent again."""
    relay.refused["refused"] = (
        "550 <wilhelmina.refused@featherstone.example> is unknown, says Wilhelmina@x.example"
    )
    await _digests(pool, "sent", "refused")
    await once(settings, pool).send_due()
    relay.faults.append("drop")
    await _digests(pool, "doubt", about="role-2")
    await once(settings, pool).send_due()
    async with pool.acquire() as tx:
        await hear_all(tx, *(erased(id_) for id_ in ("sent", "refused", "doubt")))
    async with sending(settings, pool):
        await until(statuses_are(pool, sent=1, refused=1, withheld=1))
    assert len(relay.taken) == 2
    tables = [
        row["tablename"]
        for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    everything = str(
        [[tuple(row) for row in await pool.fetch(f'SELECT * FROM "{table}"')] for table in tables]
    )
    assert "eatherstone" not in everything
    assert "ilhelmina" not in everything


async def test_the_listener_survives_a_lost_connection(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Connections that the database ends are opened anew, and mail goes on leaving."""
    patient = settings.model_copy(update={"send_poll": 60.0})
    async with sending(patient, pool):
        await until(lambda: _listening(pool))
        await pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        await _digests(pool, "contact-1")
        await until(statuses_are(pool, sent=1))


async def _listening(pool: asyncpg.Pool) -> bool:
    """Whether somebody listens in this database; others of the server are other tests'."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    return bool(await pool.fetchval(query))


async def _digests(pool: Any, *ids: str, about: str = "role-1", known: bool = False) -> None:
    async with pool.acquire() as tx, tx.transaction():
        if not known:
            await made.people(tx, ids)
        await made.digests(tx, ids, role(about))
