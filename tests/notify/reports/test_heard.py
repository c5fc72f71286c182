"""What a report leads to: once, for the right one, and only if it can be believed."""

from uuid import uuid4

import pytest

from services.notify.people import suppression
from services.notify.sending import ledger as mails
from tests.notify.reports import came_back
from tests.notify.reports.came_back import path_of
from tests.notify.reports.ledger_now import LedgerNow
from tests.notify.sending.made import address


async def test_a_hard_bounce(ledger: LedgerNow) -> None:
    """The mail is returned, NotificationFailed says why without the address, the address is suppressed; nobody else is
    touched."""
    await ledger.people("contact-1", "contact-2")
    mail, other = await ledger.digest(), await ledger.digest("contact-2")
    found = await ledger.hears(came_back.postfix(path_of(mail)))
    assert found.ending == "taken", found
    assert await ledger.status(mail) == "returned"
    assert await ledger.status(other) == "sent"
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    [failed] = await ledger.said()
    facts = failed["notification"]
    assert (facts["status"], facts["contact_id"], facts["mail_id"]) == ("failed", "contact-1", str(mail))
    assert "5.1.1" in facts["why_not"]
    assert "User unknown" in facts["why_not"]
    whole = (
        str(await ledger.said())
        + found.words
        + str(await ledger.db.fetch("SELECT why, answer FROM suppression, mail"))
    )
    assert "featherstone.example" not in whole
    assert await ledger.consent() == "confirmed"


async def test_replayed(ledger: LedgerNow) -> None:
    """Heard again, reports change nothing: not even when the address was taken off the list by hand meanwhile."""
    await ledger.people("contact-1", "contact-2")
    bounce = came_back.postfix(path_of(await ledger.digest()))
    complaint = came_back.complaint(path_of(await ledger.digest("contact-2")))
    for report in (bounce, complaint):
        assert (await ledger.hears(report)).ending == "taken"
    async with ledger.db.transaction():
        for contact_id in ("contact-1", "contact-2"):
            await suppression.release(ledger.db, contact_id)
    before = await ledger.everything()
    for report in (bounce, complaint, bounce):
        assert (await ledger.hears(report)).ending == "known"
    assert await ledger.everything() == before


async def test_soft_bounces(ledger: LedgerNow) -> None:
    """What came back for now is told of and counted; so many in a row suppress, in whatever order they come; one that
    arrived in between begins the count anew, and one that left after them, of which nothing is known yet, does not."""
    await ledger.people("contact-1")
    sent = [await ledger.digest(about=f"role-{n}") for n in range(7)]
    full = [came_back.ses(path_of(mail)) for mail in sent]
    for n in (1, 0, 3, 4):  # the third, number 2, arrived
        assert "counted" in (await ledger.hears(full[n])).words
        assert await ledger.status(sent[n]) == "returned"
    assert await ledger.suppressed() == {}
    found = await ledger.hears(full[5])
    assert "3 in a row" in found.words
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    assert len(await ledger.said()) == 5


async def test_taken_off_the_list(ledger: LedgerNow) -> None:
    """An address that was suppressed for soft bounces and taken off the list by hand is counted from nothing."""
    await ledger.people("contact-1")
    for n in range(3):
        await ledger.hears(came_back.ses(path_of(await ledger.digest(about=f"role-{n}"))))
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    async with ledger.db.transaction():
        await suppression.release(ledger.db, "contact-1")
    await ledger.hears(came_back.ses(path_of(await ledger.digest(about="role-9"))))
    assert await ledger.suppressed() == {}


async def test_a_delay(ledger: LedgerNow) -> None:
    """A mail system that still tries changes nothing."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    before = await ledger.everything()
    found = await ledger.hears(came_back.postfix(path_of(mail), action="delayed", status="4.4.1"))
    assert found.ending == "passed"
    assert await ledger.everything() == before


async def test_a_complaint(ledger: LedgerNow) -> None:
    """Whoever complains is suppressed and has withdrawn, and that is said; no mail counts as failed."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    assert (await ledger.hears(came_back.complaint(path_of(mail)))).ending == "taken"
    assert await ledger.suppressed() == {"contact-1": "complained"}
    assert await ledger.consent() == "withdrawn"
    [changed] = await ledger.said("loti.subscriptions.v1")
    assert changed["subscriptions"]["status"] == "withdrawn"
    assert await ledger.said() == []
    assert await ledger.status(mail) == "sent"


async def test_not_spam(ledger: LedgerNow) -> None:
    """A reader who says that a mail is no spam has not complained."""
    await ledger.people("contact-1")
    raw = came_back.complaint(path_of(await ledger.digest()), kind="not-spam")
    assert (await ledger.hears(raw)).ending == "passed"
    assert await ledger.suppressed() == {}


async def test_the_right_one_of_two(ledger: LedgerNow) -> None:
    """Of an introduction, the one whom the report names was not reached; the other was. As each of them knows the
    return path of both, neither can have the other suppressed by one report."""
    await ledger.people("asks", "helps")
    mail = await ledger.introduction()
    found = await ledger.hears(came_back.postfix(path_of(mail), address("helps").title()))
    assert found.ending == "taken"
    why = await ledger.returned(mail)
    assert (why["asks"], "5.1.1" in str(why["helps"])) == (None, True)
    assert [facts["notification"]["contact_id"] for facts in await ledger.said()] == ["helps"]
    rows = await mails.entries(ledger.db)
    assert {row["contact_id"]: row["status"] for row in rows} == {"asks": "sent", "helps": "returned"}
    assert await ledger.suppressed() == {}
    assert await ledger.db.fetchval("SELECT contact_id FROM soft_bounce") == "helps"


@pytest.mark.parametrize("raw", [came_back.postfix, came_back.complaint])
async def test_nobody_of_two(raw: object, ledger: LedgerNow) -> None:
    """A report about an introduction that names neither is left for a person to look at."""
    await ledger.people("asks", "helps")
    mail = await ledger.introduction()
    found = await ledger.hears(raw(path_of(mail), "somebody.else@featherstone.example"))  # type: ignore[operator]
    assert found.ending == "not taken"
    assert "loti notify suppressions" in found.words
    assert await ledger.said() == []


async def test_forged(ledger: LedgerNow) -> None:
    """Nobody can have another's address suppressed by a bounce or a complaint of their own making."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    before = await ledger.everything()
    for forged in (path_of(mail, key="x" * 32), f"bounces+{mail.hex}.aaaaaaaaaaaaaaaa@loti.example"):
        for raw in (came_back.postfix(forged), came_back.complaint(forged)):
            found = await ledger.hears(raw)
            assert (found.ending, "forged" in found.words) == ("not taken", True)
    assert await ledger.everything() == before


async def test_unsigned(ledger: LedgerNow) -> None:
    """A report that knows only the Message-ID is noted in the ledger, once; it suppresses nobody and fails nothing."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    for template in (came_back.postfix, came_back.complaint):
        raw = template("bounces@loti.example").replace(str(came_back.MAIL).encode(), str(mail).encode())
        assert (await ledger.hears(raw)).ending == "taken"
        assert (await ledger.hears(raw)).ending == "known"
    assert (await ledger.suppressed(), await ledger.said(), await ledger.status(mail)) == ({}, [], "sent")
    assert await ledger.consent() == "confirmed"
    answer = await ledger.db.fetchval("SELECT answer FROM mail WHERE id = $1", mail)
    assert answer.startswith("250 2.0.0 taken; a report that is not signed says: it came back: 550 5.1.1")
    assert "featherstone.example" not in answer


async def test_the_address_changed(ledger: LedgerNow) -> None:
    """A mail to an address that a contact has left comes back without the new one being suppressed; one that was
    forwarded from the address that it has is a bounce of that one."""
    await ledger.people("contact-1", "contact-2")
    left, stayed = await ledger.digest(), await ledger.digest("contact-2")
    await ledger.db.execute(
        "UPDATE contact SET email = 'new@featherstone.example', address_since = clock_timestamp() WHERE id = 'contact-1'"
    )
    assert "counted" in (await ledger.hears(came_back.postfix(path_of(left)))).words
    forwarded = came_back.postfix(path_of(stayed), "elsewhere@other.example")
    assert "suppressed" in (await ledger.hears(forwarded)).words
    assert await ledger.suppressed() == {"contact-2": "bounced"}


async def test_an_erased_contact(ledger: LedgerNow) -> None:
    """A bounce that comes after an erasure still fails the mail, and brings nothing of the person back."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    await ledger.db.execute(
        "UPDATE contact SET name = NULL, email = NULL, organisation = NULL, address_key = NULL, "
        "address_since = NULL, roles = '[]', erased_at = clock_timestamp()"
    )
    assert (await ledger.hears(came_back.postfix(path_of(mail)))).ending == "taken"
    assert await ledger.status(mail) == "returned"
    assert (await ledger.suppressed(), await ledger.db.fetchval("SELECT count(*) FROM soft_bounce")) == (
        {},
        0,
    )


@pytest.mark.parametrize("status", ["due", "sending"])
async def test_a_mail_in_hand(status: str, ledger: LedgerNow) -> None:
    """A bounce that overtakes our own writing down waits, and is heard when that is done."""
    await ledger.people("contact-1")
    mail = await ledger.digest()
    await ledger.db.execute("UPDATE mail SET status = $1", status)
    assert (await ledger.hears(came_back.postfix(path_of(mail)))).ending == "later"
    await ledger.sent(mail)
    assert (await ledger.hears(came_back.postfix(path_of(mail)))).ending == "taken"


async def test_an_unknown_mail(ledger: LedgerNow) -> None:
    """A signed report about a mail that is not in the ledger says so."""
    found = await ledger.hears(came_back.postfix(path_of(uuid4())))
    assert (found.ending, "not in the ledger" in found.words) == ("not taken", True)
