"""Against a real PostgreSQL and a real SMTP server that misbehaves."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.notify import ledger, prepare
from services.notify.send import Sending, sender
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay
from tests.notify.making import EVERYTHING, answered, contact, erased, heard, match, role, stated
from tests.notify.test_handlers import dump, hear


async def until(true: Callable[[], Awaitable[bool]], *, within: float = 20) -> None:
    """Wait until it is true; TimeoutError if it never is."""
    async with asyncio.timeout(within):
        while not await true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def sending(settings: NotifySettings, pool: Any, *, processes: int = 1) -> Any:
    """Senders at work; they are stopped in good order."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(sender(settings)(pool, stopping)) for _ in range(processes)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), timeout=5)


async def tell(pool: Any, *envelopes: Any) -> None:
    """Events arrive, in one transaction."""
    async with pool.acquire() as tx:
        await hear(tx, *envelopes)


async def mails(pool: Any) -> list[Any]:
    """The ledger of mails."""
    return list(await pool.fetch("SELECT * FROM mail ORDER BY made_at, id"))


def all_are(status: str, pool: Any, count: int = 1) -> Callable[[], Awaitable[bool]]:
    """Whether there are so many mails, all in that status."""

    async def they_are() -> bool:
        found = await mails(pool)
        return len(found) == count and all(mail["status"] == status for mail in found)

    return they_are


async def said(pool: Any) -> list[str]:
    """The ids of the notifications that the outbox says were sent."""
    rows = await pool.fetch("SELECT key FROM outbox WHERE topic = 'loti.notifications.v1' ORDER BY position")
    return [row["key"].decode() for row in rows]


async def test_each_mail_leaves_once(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """In ordinary running each thing told is in one mail and is said once as sent; one connection serves many."""
    people = [contact(f"contact-{n}", 1, EVERYTHING) for n in range(20)]
    await tell(pool, *(stated(one) for one in people), heard(role("one")), heard(role("two")))
    async with sending(settings, pool):
        await until(all_are("sent", pool, 20))
        await tell(pool, heard(role("three")))
        await until(all_are("sent", pool, 40))
    assert sorted(address for one in relay.recipients for address in one) == sorted(
        [one.email for one in people] * 2
    )
    assert len(set(relay.message_ids)) == 40
    assert {mail["attempts"] for mail in await mails(pool)} == {1}
    assert len(await said(pool)) == len(set(await said(pool))) == 60
    assert relay.connections < 10


async def test_an_introduction_is_one_mail_to_both(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Both stand in To, both get it, and a reply reaches the other; two notifications are said, without addresses."""
    await tell(pool, answered(match()), stated(contact("asks")), stated(contact("helps")))
    async with sending(settings, pool):
        await until(all_are("sent", pool))
    [taken] = relay.taken
    assert relay.recipients == [
        ["wilhelmina.asks@featherstone.example", "wilhelmina.helps@featherstone.example"]
    ] or relay.recipients == [
        ["wilhelmina.helps@featherstone.example", "wilhelmina.asks@featherstone.example"]
    ]
    assert taken["To"].addresses == taken["Reply-To"].addresses
    assert len(await said(pool)) == 2
    values = await pool.fetch("SELECT value FROM outbox")
    assert not any(b"@" in row["value"] or b"Wilhelmina" in row["value"] for row in values)


async def test_the_commit_wakes_the_sender(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """A mail leaves at once when its event is committed; it does not wait for the poll, here once a minute."""
    await tell(pool, stated(contact("contact-1", 1, EVERYTHING)))
    patient = settings.model_copy(update={"send_poll": 60.0})
    async with sending(patient, pool):
        await until(all_are("sent", pool, 0))
        for n in range(3):
            await tell(pool, heard(role(f"role-{n}")))
            await until(all_are("sent", pool, n + 1), within=5)


async def test_refused_for_now_is_sent_later(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """A 4xx is never taken for sent: the mail is due again and leaves when the relay takes it."""
    relay.faults.extend(["451 4.7.1 greylisted", "421 4.3.2 shutting down"])
    await tell(pool, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    async with sending(settings, pool):
        await until(all_are("sent", pool))
    [mail] = await mails(pool)
    assert (mail["attempts"], mail["doubts"], len(relay.taken)) == (3, 0, 1)


async def test_refused_for_ever_is_kept_with_the_answer(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """A 5xx ends it: the ledger keeps the answer without the address, the next mail still leaves, and no log line
    holds an address."""
    relay.refused["contact-1"] = "550 5.1.1 <wilhelmina.contact-1@featherstone.example> unknown"
    await tell(pool, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in (1, 2)), heard(role()))
    with capture_logs() as logs:
        async with sending(settings, pool):
            await until(lambda: _status_counts(pool, {"refused": 1, "sent": 1}))
    refused = next(mail for mail in await mails(pool) if mail["status"] == "refused")
    assert refused["answer"] == "550 5.1.1 <<address>> unknown"
    assert len(relay.taken) == 1
    assert len(await said(pool)) == 1
    assert "featherstone" not in str(logs).lower()
    async with pool.acquire() as tx:
        [entry] = await ledger.entries(tx, contact_id="contact-1")
    assert (entry["status"], entry["attempts"]) == ("refused", 1)


async def _status_counts(pool: Any, wanted: dict[str, int]) -> bool:
    rows = await pool.fetch("SELECT status, count(*) FROM mail GROUP BY status")
    return {row["status"]: row["count"] for row in rows} == wanted


async def test_an_introduction_reaches_both_or_nobody(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Where one of the two is refused, the other does not get an introduction to somebody who never hears of it."""
    relay.refused["helps"] = "550 no such user"
    await tell(pool, answered(match()), stated(contact("asks")), stated(contact("helps")))
    async with sending(settings, pool):
        await until(all_are("refused", pool))
    assert relay.taken == []


async def test_an_address_that_is_none_is_refused_unsent(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """What no relay could carry is refused here, and holds nobody up."""
    await tell(pool, stated(contact("bad", 1, EVERYTHING, email="a,b@x.example")), heard(role()))
    async with sending(settings, pool):
        await until(all_are("refused", pool))
    assert "RFC 5322" in (await mails(pool))[0]["answer"]


async def test_a_relay_that_is_away_costs_no_mail(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """While connections are refused, mails stay due, and leave once each when the relay is back."""
    await relay.stop()
    await tell(pool, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in range(5)), heard(role()))
    async with sending(settings, pool):
        await until(lambda: _tried(pool))
        await relay.start()
        await until(all_are("sent", pool, 5))
    assert len(set(relay.message_ids)) == len(relay.taken) == 5


async def _tried(pool: Any) -> bool:
    return any("not reached" in (mail["answer"] or "") for mail in await mails(pool))


async def test_a_broken_connection_after_handing_over_is_a_doubt(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Nobody knows whether the relay has it: after the lease it is sent again with the same Message-ID, and counted."""
    relay.faults.append("drop")
    await tell(pool, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    async with sending(settings, pool):
        await until(all_are("sent", pool))
    [mail] = await mails(pool)
    assert (mail["attempts"], mail["doubts"]) == (2, 1)
    assert len(relay.message_ids) == 2
    assert len(set(relay.message_ids)) == 1
    assert len(await said(pool)) == 1


async def test_killed_before_it_wrote_sent(
    settings: NotifySettings, pool: Any, relay: MailRelay, dsn: str
) -> None:
    """A process killed (SIGKILL) between the relay's taking and `sent` leaves a mail in doubt: the next process
    sends it again after the lease, same Message-ID, attempts 2; nothing is lost and the rest is sent once."""
    people = 5
    await tell(pool, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in range(people)), heard(role()))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import asyncio, asyncpg\n"
        "from services.notify.send import sender\n"
        "from services.notify.settings import NotifySettings\n"
        "async def main():\n"
        "    settings = NotifySettings()\n"
        "    async with asyncpg.create_pool(settings.database.get_secret_value(), min_size=0) as pool:\n"
        "        await sender(settings)(pool, asyncio.Event())\n"
        "asyncio.run(main())\n",
        env=os.environ
        | {"LOTI_DATABASE": dsn, "LOTI_SMTP_PORT": str(relay.port), "LOTI_LEASE": str(settings.lease)},
    )

    async def kill_at_the_third() -> None:
        if len(relay.taken) == 3:
            child.send_signal(signal.SIGKILL)
            await child.wait()

    relay.before_answer = kill_at_the_third
    assert await asyncio.wait_for(child.wait(), timeout=30) == -signal.SIGKILL
    assert len(await said(pool)) == 2
    async with sending(settings, pool):
        await until(all_are("sent", pool, people))
    [in_doubt] = [mail for mail in await mails(pool) if mail["doubts"]]
    assert in_doubt["attempts"] == 2
    assert relay.message_ids.count(relay.message_ids[2]) == 2
    assert relay.message_ids[2] == f"<{in_doubt['id']}@loti.example>"
    assert len(set(relay.message_ids)) == len(relay.message_ids) - 1 == people
    assert len(await said(pool)) == len(set(await said(pool))) == people


async def test_many_senders_send_no_mail_twice(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """Four processes at once, woken by the same commits, send each mail once."""
    async with sending(settings, pool, processes=4):
        for n in range(30):
            await tell(pool, stated(contact(f"contact-{n}", 1, EVERYTHING)), heard(role(f"role-{n}")))
        await until(lambda: _told(pool, 900), within=60)
    told = [
        (message["To"].addresses[0].addr_spec, line)
        for message in relay.taken
        for line in message.get_body(("plain",)).get_content().splitlines()
        if line.startswith("https://")
    ]
    assert len(told) == len(set(told)) == 900
    assert len(relay.message_ids) == len(set(relay.message_ids))


async def _told(pool: Any, count: int) -> bool:
    sent = await pool.fetchval(
        "SELECT count(*) FROM notification JOIN mail ON mail.id = mail_id WHERE status = 'sent'"
    )
    return bool(sent == count)


async def test_whoever_learns_first_that_it_was_taken_says_so(pool: Any) -> None:
    """Two processes that both had a mail taken, one of them long silent, write and say it once."""
    await tell(pool, stated(contact("contact-1", 1, EVERYTHING)), heard(role()))
    async with pool.acquire() as tx, tx.transaction():
        await prepare.prepare(tx)
        mail = await ledger.claim(tx, lease=20)
        assert mail is not None
        assert await ledger.mark_sent(tx, mail, "250 first") is not None
        assert await ledger.mark_sent(tx, mail, "250 second") is None
        await ledger.mark_due_again(tx, mail, wait=0, answer="451 too late")
        await ledger.mark_refused(tx, mail, "550 too late")
    assert [(row["status"], row["answer"]) for row in await mails(pool)] == [("sent", "250 first")]


async def test_a_stop_claims_no_more(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """A sender that is stopped finishes the mail in hand and claims no other; the rest is due for others."""
    await tell(pool, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in range(10)), heard(role()))
    stopping = asyncio.Event()

    async def stop() -> None:
        stopping.set()

    relay.before_answer = stop
    await Sending(settings, pool, stopping).send_due()
    assert await _status_counts(pool, {"sent": 1, "due": 9})
    relay.before_answer = None
    await Sending(settings, pool, asyncio.Event()).send_due()
    assert await _status_counts(pool, {"sent": 10})
    assert {mail["attempts"] for mail in await mails(pool)} == {1}


async def test_a_mail_that_cannot_be_written_holds_up_no_other(
    settings: NotifySettings, pool: Any, relay: MailRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in one letter leaves the others to go, and that one due for later."""
    from services.notify import send

    real = send.compose

    def compose(mail: Any, *, site_name: str) -> Any:
        if mail.contacts[0].id == "contact-0":
            raise KeyError("a bug")
        return real(mail, site_name=site_name)

    monkeypatch.setattr(send, "compose", compose)
    await tell(pool, *(stated(contact(f"contact-{n}", 1, EVERYTHING)) for n in range(3)), heard(role()))
    await Sending(settings, pool, asyncio.Event()).send_due()
    assert await _status_counts(pool, {"sent": 2, "due": 1})


async def test_erasure_after_sending(settings: NotifySettings, pool: Any, relay: MailRelay) -> None:
    """Of mails that were sent, refused or are in doubt, nothing personal is left after an erasure either; a mail
    in doubt is then not sent again."""
    relay.refused["refused"] = (
        "550 <wilhelmina.refused@featherstone.example> is unknown, says Wilhelmina@x.example"
    )
    relay.faults.append("drop")
    await tell(pool, *(stated(contact(id_, 1, EVERYTHING)) for id_ in ("sent", "refused")), heard(role()))
    await Sending(settings, pool, asyncio.Event()).send_due()
    await tell(pool, erased("sent"), erased("refused"))
    async with sending(settings, pool):
        await until(lambda: _status_counts(pool, {"withheld": 1, "refused": 1}))
    assert len(relay.taken) == 1
    async with pool.acquire() as tx:
        everything = await dump(tx)
    assert "eatherstone" not in everything
    assert "ilhelmina" not in everything


async def test_the_listener_survives_a_lost_connection(
    settings: NotifySettings, pool: Any, relay: MailRelay
) -> None:
    """Connections that the database ends are opened anew, and mail goes on leaving."""
    await tell(pool, stated(contact("contact-1", 1, EVERYTHING)))
    async with sending(settings, pool):
        await until(lambda: _listening(pool))
        await pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        await tell(pool, heard(role()))
        await until(all_are("sent", pool))


async def _listening(pool: asyncpg.Pool) -> bool:
    return bool(await pool.fetchval("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))
