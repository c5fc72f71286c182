"""The post room: mails that answer what was asked, though the relay fails and processes die."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from loti_contracts.events import (
    ContactErased,
    ContactStated,
    Subscription,
    Subscriptions,
    SubscriptionsChanged,
)
from services.portal.signin.addresses import Address
from services.portal.signin.asking import Wants, ask
from services.portal.signin.keys import keys_of
from services.portal.signin.post import post_room
from services.portal.signin.relay import BadTrust, NotNow, Refused, smtp
from tests.notify.mail_relay import MailRelay
from tests.portal.portal import KEY, Portal
from tests.portal.signin.conftest import Mails
from tests.portal.signin.making import contact


@pytest.fixture
async def relay() -> AsyncIterator[MailRelay]:
    """A mail relay that listens."""
    relay = MailRelay()
    await relay.start()
    yield relay
    await relay.stop()


def a_mail() -> EmailMessage:
    """For Amara."""
    mail = EmailMessage()
    mail["To"], mail["From"] = "amara@example.org", "t@loti.example"
    return mail


async def asked(portal: Portal, wants: Wants | None = None) -> None:
    """Somebody asks for Amara's address."""
    address = Address("amara@example.org")
    await ask(portal.pool, keys_of(KEY), address, client="c", back_to="/", now=portal.clock(), wants=wants)


async def test_mails_leave_by_smtp_as_soon_as_they_are_asked_for(portal: Portal, relay: MailRelay) -> None:
    """The loop of the service hears of what waits, sends it, tries again after a soft no, and stops at once."""
    await portal.hears(ContactStated(contact=contact()))
    settings, stopping = portal.settings.model_copy(update={"smtp_port": relay.port}), asyncio.Event()
    running = asyncio.create_task(post_room(settings)(portal.pool, stopping))
    relay.faults.append("451 amara@example.org is busy")
    await asked(portal)
    while not relay.taken:
        assert not running.done()
        await asyncio.sleep(0.02)
    stopping.set()
    await running
    (mail,) = relay.taken
    assert (mail["To"], mail["Auto-Submitted"]) == ("amara@example.org", "auto-generated")
    assert mail["From"] == "Talent Exchange <talent-exchange@loti.example>"
    assert relay.senders == ["talent-exchange@loti.example"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no amara@example.org here", Refused), ("451 later, amara@example.org", NotNow)],
)
async def test_a_relays_no_is_told_apart(
    portal: Portal, relay: MailRelay, answer: str, error: type[Exception]
) -> None:
    """For ever, or for now, of the recipient or of the mail; the address that relays repeat is not kept."""
    send = smtp(portal.settings.model_copy(update={"smtp_port": relay.port}))
    for relay.refused, relay.faults in (({"amara": answer}, deque()), ({}, deque([answer]))):
        with pytest.raises(error) as said:
            await send(a_mail())
        assert "amara" not in str(said.value)
    await relay.stop()
    with pytest.raises(NotNow):
        await send(a_mail())


@pytest.mark.parametrize("implicit", [True, False])
async def test_a_relay_is_spoken_to_in_secret(portal: Portal, tmp_path: Path, implicit: bool) -> None:
    """Over TLS from the first byte or by STARTTLS, with a password; and not at all to one whose certificate is strange."""
    authority, certificate = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(certificate)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    relay = MailRelay(certificate=certificate, implicit=implicit, user="portal", password="secret")
    await relay.start()
    facts = {"smtp_port": relay.port, "smtp_tls": "tls" if implicit else "starttls", "smtp_user": "portal",
             "smtp_password": SecretStr("secret")}  # fmt: skip
    try:
        await smtp(portal.settings.model_copy(update=facts | {"smtp_ca_file": tmp_path / "ca.pem"}))(a_mail())
        with pytest.raises(NotNow):
            await smtp(portal.settings.model_copy(update=facts))(a_mail())
    finally:
        await relay.stop()
    assert (len(relay.taken), relay.secured) == (1, 1)


async def test_a_relay_that_is_away_is_tried_again(portal: Portal, mails: Mails) -> None:
    """For as long as a link would last, with the waits growing; then it is given up. No link is left behind."""
    await portal.hears(ContactStated(contact=contact()))
    mails.trouble = NotNow("away")
    await asked(portal)
    for _ in range(4):
        assert await mails.arrive() == []
        assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_link") == 0
        assert not await mails.room.answer_one()  # not before its time
        portal.clock.pass_(seconds=30)
    mails.trouble = None
    assert len(await mails.arrive()) == 1
    mails.trouble = NotNow("away")
    await asked(portal)
    await mails.arrive()
    portal.clock.pass_(minutes=16)
    mails.trouble = None
    assert len(await mails.arrive()) == 1
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_post") == 0


async def test_what_a_relay_refuses_for_ever_is_dropped(portal: Portal, mails: Mails) -> None:
    """And leaves no link that nobody has."""
    await portal.hears(ContactStated(contact=contact()))
    mails.trouble = Refused("no such mailbox")
    await asked(portal)
    await mails.arrive()
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_post") == 0
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_link") == 0


async def test_what_a_dead_process_had_in_hand_is_done_by_another(portal: Portal, mails: Mails) -> None:
    """A mail that was taken and never noted goes again, after a minute; meanwhile nobody else takes it."""
    await portal.hears(ContactStated(contact=contact()))
    await asked(portal)
    await portal.pool.execute("UPDATE sign_in_post SET due_at = $1", portal.clock())

    async def dies(_: EmailMessage) -> None:
        raise ConnectionAbortedError

    room = mails.room
    with pytest.raises(ConnectionAbortedError):
        await type(room)(room.pool, room.settings, dies, room.clock).answer_one()
    assert await mails.arrive() == []
    portal.clock.pass_(seconds=61)
    assert len(await mails.arrive()) == 1


async def test_two_that_subscribe_the_same_address_make_one_contact(portal: Portal, mails: Mails) -> None:
    """Also when two processes answer at once."""
    wants = Wants(subscriptions=(Subscription(topic="newsletter"),))
    for _ in range(3):
        await asked(portal, wants)
    await asyncio.gather(*(mails.room.answer_one() for _ in range(3)))
    assert [type(event) for event in await portal.said()] == [ContactStated]
    assert len(mails.sent) == 2


async def test_what_has_ended_is_forgotten(portal: Portal, mails: Mails) -> None:
    """Sessions, links, and who asked for what, with the address in it."""
    await portal.hears(ContactStated(contact=contact()))
    await asked(portal)
    await mails.arrive()
    await portal.as_contact("contact-amara")
    portal.clock.pass_(hours=13)
    await mails.room.tidy()
    for table in ("portal_session", "sign_in_link", "sign_in_ask", "sign_in_post"):
        assert await portal.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_who_never_says_yes_is_forgotten(portal: Portal, mails: Mails) -> None:
    """An address that somebody typed is not kept for ever: after 90 days without a yes it goes, everywhere. Who said yes,
    or signed in, or was stated by somebody else, stays."""
    for name in ("silent", "said-yes", "signed-in"):
        wants = Wants(subscriptions=(Subscription(topic="newsletter"),))
        address = Address(f"{name}@example.org")
        await ask(
            portal.pool, keys_of(KEY), address, client="c", back_to="/", now=portal.clock(), wants=wants
        )
    await mails.arrive()
    await portal.hears(ContactStated(contact=contact()))
    ids = {row["email"]: row["id"] for row in await portal.pool.fetch("SELECT id, email FROM contact")}
    chose = Subscriptions(
        id=ids["said-yes@example.org"], revision=1, status="confirmed", chosen_at=portal.clock()
    )
    await portal.hears(SubscriptionsChanged(subscriptions=chose))
    await portal.post("/sign-in", {"email": "signed-in@example.org"})
    await portal.post(await mails.link())
    portal.clock.pass_(days=89)
    await mails.room.tidy()
    assert len(await portal.said()) == 3
    portal.clock.pass_(days=2)
    await mails.room.tidy()
    assert (await portal.said())[3:] == [ContactErased(contact_id=ids["silent@example.org"])]
    left = {row["email"] for row in await portal.pool.fetch("SELECT email FROM contact")}
    assert left == {"said-yes@example.org", "signed-in@example.org", "amara@example.org"}


def test_a_wrong_file_of_certificates_is_said(portal: Portal) -> None:
    """When the service starts, and not when the first person wants to sign in."""
    with pytest.raises(BadTrust, match="LOTI_SMTP_CA_FILE"):
        smtp(portal.settings.model_copy(update={"smtp_tls": "tls", "smtp_ca_file": __file__}))
