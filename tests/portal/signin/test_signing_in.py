"""Signing in by a mailed link, as a browser does it."""

import asyncio
import re

import pytest
import structlog

from loti_contracts.events import ContactErased, ContactStated
from tests.portal.portal import Portal
from tests.portal.signin.conftest import Mails, path_in
from tests.portal.signin.making import contact

HACKNEY = "E09000012"


async def test_a_known_person_signs_in_once_with_a_link(portal: Portal, mails: Mails) -> None:
    """Address, mail, button: signed in, on the page that was wanted; the link is used up, and its hash alone was kept."""
    await portal.hears(ContactStated(contact=contact()))
    asked = await portal.post("/sign-in", {"email": " Amara@Example.org ", "next": "/help/requests"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/sent")
    path = await mails.link()
    kept = await portal.pool.fetch("SELECT * FROM sign_in_link")
    assert len(kept) == 1
    assert path.rpartition("/")[2] not in str(kept)
    shown = await portal.get(path)
    assert shown.status_code == 200
    assert "amara@example.org" in shown.text.casefold()
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "no-store" in shown.headers["cache-control"]
    used = await portal.post(path)
    assert (used.status_code, used.headers["location"]) == (303, "/help/requests")
    assert "Amara Osei" in (await portal.get("/")).text
    portal.as_anybody()
    assert (await portal.get(path)).status_code == 410
    assert (await portal.post(path)).status_code == 410
    assert "Amara Osei" not in (await portal.get("/")).text
    audited = await portal.pool.fetch("SELECT contact_id, what FROM audit")
    assert [tuple(row) for row in audited] == [("contact-amara", "signed in")]


async def test_looking_at_a_link_signs_nobody_in(portal: Portal, mails: Mails) -> None:
    """Programs that open the links in mails use none up, however often."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.post("/sign-in", {"email": "amara@example.org"})
    path = await mails.link()
    for _ in range(3):
        assert "talent-session" not in str((await portal.get(path)).headers.get_list("set-cookie"))
    assert (await portal.post(path)).status_code == 303


async def test_of_two_that_use_a_link_at_once_one_is_in(portal: Portal, mails: Mails) -> None:
    """A link is used once, also by two at the same time."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.post("/sign-in", {"email": "amara@example.org"})
    path = await mails.link()
    answers = await asyncio.gather(*(portal.post(path) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]
    assert await portal.pool.fetchval("SELECT count(*) FROM portal_session") == 1


async def test_a_link_ends(portal: Portal, mails: Mails) -> None:
    """After 15 minutes it signs nobody in, and so do an address's others once one of them was used."""
    await portal.hears(ContactStated(contact=contact()))
    for _ in range(3):
        await portal.post("/sign-in", {"email": "amara@example.org"})
    first, second, third = [path_in(mail) for mail in await mails.arrive()]
    portal.clock.pass_(minutes=14)
    assert (await portal.get(first)).status_code == 200
    assert (await portal.post(second)).status_code == 303
    assert "signed in as Amara Osei" in (await portal.get(third)).text
    portal.as_anybody()
    assert (await portal.post(third)).status_code == 410
    await portal.post("/sign-in", {"email": "amara@example.org"})
    late = await mails.link()
    portal.clock.pass_(minutes=15)
    assert (await portal.post(late)).status_code == 410


async def test_the_answer_is_the_same_for_all(portal: Portal, mails: Mails) -> None:
    """Whether we know an address shows neither on the page nor in what was done before it came: one row is written."""
    await portal.hears(ContactStated(contact=contact()))
    answers = [
        await portal.post("/sign-in", {"email": email})
        for email in ("amara@example.org", "nobody@example.org", "somebody@hackney.gov.uk")
    ]
    said = {(one.status_code, one.headers["location"], one.text) for one in answers}
    assert said == {(303, "/sign-in/sent", "")}
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_post") == 3
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_link") == 0
    assert [mail["To"] for mail in await mails.arrive()] == ["amara@example.org", "somebody@hackney.gov.uk"]


async def test_somebody_new_from_a_borough_says_a_name(portal: Portal, mails: Mails) -> None:
    """A borough's own domain is enough: the first sign-in states a contact with the name that was typed."""
    await portal.post("/sign-in", {"email": "Kit@digital.hackney.gov.uk", "next": "/help/ask/mentor"})
    path = await mails.link()
    assert "Hackney" in (await portal.get(path)).text
    nameless = await portal.post(path, {"name": "  "})
    assert nameless.status_code == 422
    assert "Enter your name" in nameless.text
    used = await portal.post(path, {"name": " Kit \n Marlowe "})
    assert (used.status_code, used.headers["location"]) == (303, "/help/ask/mentor")
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    known = said.contact
    assert (known.name, known.email, known.borough) == ("Kit Marlowe", "Kit@digital.hackney.gov.uk", HACKNEY)
    assert (known.roles, known.subscriptions, known.consent) == ((), (), None)
    assert "Our requests" in (await portal.get("/")).text
    portal.as_anybody()
    await portal.post("/sign-in", {"email": "kit@digital.hackney.gov.uk"})
    assert (await portal.post(await mails.link())).status_code == 303
    assert len(await portal.said()) == 1


async def test_a_shared_domain_asks_which_borough(portal: Portal, mails: Mails) -> None:
    """Where two boroughs share a domain, whoever comes says for which it works; no third can be chosen."""
    await portal.post("/sign-in", {"email": "kit@richmondandwandsworth.gov.uk"})
    path = await mails.link()
    for wrong in ({}, {"borough": HACKNEY}):
        answer = await portal.post(path, {"name": "Kit", **wrong})
        assert answer.status_code == 422
        assert "Choose where you work" in answer.text
        assert 'value="Kit"' in answer.text
    assert (await portal.post(path, {"name": "Kit", "borough": "E09000032"})).status_code == 303
    (said,) = await portal.said()
    assert isinstance(said, ContactStated)
    assert said.contact.borough == "E09000032"


async def test_people_who_share_a_mailbox_say_who_they_are(portal: Portal, mails: Mails) -> None:
    """Nobody becomes somebody by chance, nor anybody outside that mailbox."""
    await portal.hears(
        ContactStated(contact=contact(id="contact-one", name="One", email="team@example.org")),
        ContactStated(contact=contact(id="contact-two", name="Two", email="Team@example.org")),
        ContactStated(contact=contact(id="contact-boss", name="Boss", email="boss@example.org")),
    )
    await portal.post("/sign-in", {"email": "team@example.org"})
    path = await mails.link()
    for wrong in ({}, {"contact": "contact-boss"}):
        assert (await portal.post(path, wrong)).status_code == 422
    assert (await portal.post(path, {"contact": "contact-two"})).status_code == 303
    assert "Two" in (await portal.get("/")).text


async def test_somebody_forgotten_meanwhile_does_not_come_in(portal: Portal, mails: Mails) -> None:
    """A link that was sent before an erasure leads nowhere, and a session of before it is over."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.post("/sign-in", {"email": "amara@example.org"})
    path = await mails.link()
    await portal.as_contact("contact-amara")
    await portal.hears(ContactErased(contact_id="contact-amara"))
    assert "Amara" not in (await portal.get("/")).text
    portal.as_anybody()
    assert (await portal.get(path)).status_code == 410
    assert (await portal.post(path)).status_code == 410


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_led_to_another_site(portal: Portal, mails: Mails, next_: str) -> None:
    """Whatever `next` says."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.post("/sign-in", {"email": "amara@example.org", "next": next_})
    assert (await portal.post(await mails.link())).headers["location"] == "/"
    assert (await portal.get("/sign-in", params={"next": next_})).headers["location"] == "/"


async def test_no_more_links_than_a_few(portal: Portal, mails: Mails) -> None:
    """An address gets five in 15 minutes and the same answer ever after, though it is written to no more; then again."""
    await portal.hears(ContactStated(contact=contact()))
    for _ in range(7):
        answer = await portal.post("/sign-in", {"email": "amara@example.org"})
        assert answer.headers["location"] == "/sign-in/sent"
    assert len(await mails.arrive()) == 5
    portal.clock.pass_(minutes=16)
    await portal.post("/sign-in", {"email": "amara@example.org"})
    assert len(await mails.arrive()) == 6


async def test_a_client_that_asks_too_often_is_told_so(portal: Portal, mails: Mails) -> None:
    """Sixty an hour from one place, for whatever addresses."""
    await portal.post("/sign-in", {"email": "a@example.org"})
    await portal.pool.execute(
        "INSERT INTO sign_in_ask (address, client, at) "
        "SELECT decode(md5(n::text), 'hex'), client, at FROM sign_in_ask, generate_series(1, 58) AS n"
    )
    assert (await portal.post("/sign-in", {"email": "b@example.org"})).status_code == 303
    answer = await portal.post("/sign-in", {"email": "amara@example.org"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "3600"
    assert "wait an hour" in answer.text
    portal.clock.pass_(minutes=61)
    assert (await portal.post("/sign-in", {"email": "amara@example.org"})).status_code == 303


async def test_a_wrong_address_is_said_and_kept(portal: Portal) -> None:
    """422, with what was typed in its place."""
    answer = await portal.post("/sign-in", {"email": 'x"><script>@y', "next": "/jobs"})
    assert answer.status_code == 422
    assert "Enter an email address in the correct format" in answer.text
    assert "x&#34;&gt;&lt;script&gt;@y" in answer.text
    assert 'value="/jobs"' in answer.text


async def test_nothing_secret_is_logged(portal: Portal, mails: Mails) -> None:
    """Neither addresses nor links."""
    await portal.hears(ContactStated(contact=contact()))
    with structlog.testing.capture_logs() as logs:
        await portal.post("/sign-in", {"email": "amara@example.org"})
        path = await mails.link()
        await portal.get(path)
        await portal.post(path)
    assert logs
    assert not re.search(r"amara|@|" + re.escape(path.rpartition("/")[2]), str(logs))
