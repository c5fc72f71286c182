"""Sessions and forms: who is signed in, for how long, and what another site cannot do."""

import pytest

from loti_contracts.events import ContactErased, ContactStated
from services.portal.signin.guard import NotAllowed, SignInFirst, needs
from services.portal.signin.sessions import end_all, running
from services.portal.signin.visitor import ANYBODY, Visitor
from tests.portal.portal import Portal
from tests.portal.signin.conftest import Mails
from tests.portal.signin.making import contact


async def test_a_session_ends(portal: Portal) -> None:
    """After its hours, and with the address that was proved."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.as_contact("contact-amara")
    portal.clock.pass_(hours=11.9)
    assert "Amara Osei" in (await portal.get("/")).text
    portal.clock.pass_(hours=0.2)
    assert "Amara Osei" not in (await portal.get("/")).text
    await portal.as_contact("contact-amara")
    await portal.hears(ContactStated(contact=contact(revision=2, name="Amara N Osei")))
    assert "Amara N Osei" in (await portal.get("/")).text
    await portal.hears(ContactStated(contact=contact(revision=3, email="other@example.org")))
    assert "Amara" not in (await portal.get("/")).text


async def test_signing_out_ends_the_session_itself(portal: Portal) -> None:
    """A cookie that was copied before is worth nothing after; the same person's other session goes on."""
    await portal.hears(ContactStated(contact=contact()))
    await portal.as_contact("contact-amara")
    other = dict(portal.cookies)
    await portal.as_contact("contact-amara")
    copied = dict(portal.cookies)
    assert (await portal.get("/sign-out")).status_code == 200
    answer = await portal.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    portal._become(copied)
    assert "Amara" not in (await portal.get("/")).text
    portal._become(other)
    assert "Amara" in (await portal.get("/")).text
    portal.as_anybody()
    assert (await portal.client.post("/sign-out")).status_code == 303
    assert (await portal.get("/sign-out")).status_code == 303


async def test_a_session_is_new_at_each_sign_in(portal: Portal, mails: Mails) -> None:
    """What somebody planted in a browser before is not the session after (fixation), and the one before is over."""
    await portal.hears(
        ContactStated(contact=contact()),
        ContactStated(contact=contact(id="contact-b", email="b@example.org")),
    )
    await portal.as_contact("contact-b")
    before = dict(portal.cookies)
    name = next(iter(before))
    await portal.pool.execute(
        "INSERT INTO sign_in_post (email, back_to, asked_at, due_at) VALUES ('amara@example.org', '/', $1, $1)",
        portal.clock(),
    )
    answer = await portal.post(await mails.link())
    after = answer.cookies[name]
    assert answer.status_code == 303
    assert after
    assert after != before[name]
    portal._become(before)
    assert "Amara" not in (await portal.get("/")).text
    assert await portal.pool.fetchval("SELECT count(*) FROM portal_session") == 1


async def test_an_erasure_ends_all_sessions(portal: Portal) -> None:
    """The rows go with the contact."""
    await portal.hears(ContactStated(contact=contact()))
    for _ in range(2):
        await portal.as_contact("contact-amara")
    await portal.hears(ContactErased(contact_id="contact-amara"))
    assert await portal.pool.fetchval("SELECT count(*) FROM portal_session") == 0


async def test_sessions_by_hand(portal: Portal) -> None:
    """Who is signed in can be listed and ended, without names."""
    await portal.hears(ContactStated(contact=contact()))
    for _ in range(2):
        await portal.as_contact("contact-amara")
    async with portal.pool.acquire() as tx, tx.transaction():
        (row,) = await running(tx, now=portal.clock())
        assert (row["contact_id"], row["sessions"]) == ("contact-amara", 2)
        assert await end_all(tx, "contact-amara") == 2
        assert await end_all(tx, "contact-amara") == 0
    assert "Amara" not in (await portal.get("/")).text


@pytest.mark.parametrize("cookie", ["x", "a.b", "é", "'" * 50, "s" * 43 + "." + "x" * 43, '"'])
async def test_a_cookie_of_somebody_else_is_nobody(portal: Portal, cookie: str) -> None:
    """Whatever it is, the page is anybody's, and no error."""
    answer = await portal.client.get("/", headers={"Cookie": f"talent-session={cookie}".encode()})
    assert answer.status_code == 200
    assert "/sign-in" in answer.text


async def test_a_page_without_a_form_sets_no_cookie(portal: Portal) -> None:
    """Somebody who only reads is given none; with the first form comes one, and no other while it is kept."""
    assert "set-cookie" not in (await portal.get("/")).headers
    first = await portal.get("/sign-in")
    assert first.headers["set-cookie"].startswith("talent-forms=")
    assert "HttpOnly; SameSite=Lax" in first.headers["set-cookie"]
    assert "no-store" in first.headers["cache-control"]
    assert "set-cookie" not in (await portal.get("/sign-in")).headers


async def test_another_sites_form_does_nothing(portal: Portal) -> None:
    """Without the token of a form that this visitor was shown, nothing is changed: 403."""
    await portal.hears(ContactStated(contact=contact()))
    portal.as_anybody()
    anybodys = portal._token()
    for fields in ({}, {"csrf": ""}, {"csrf": "x" * 59}, {"csrf": "é\0"}):
        answer = await portal.client.post("/sign-in", data={"email": "amara@example.org", **fields})
        assert answer.status_code == 403
    await portal.as_contact("contact-amara")
    assert (await portal.client.post("/me/forget", data={"sure": "yes", "csrf": anybodys})).status_code == 403
    assert (await portal.client.post("/sign-out", data={"csrf": anybodys})).status_code == 403
    assert await portal.pool.fetchval("SELECT count(*) FROM sign_in_post") == 0
    assert await portal.said() == []
    assert "Amara" in (await portal.get("/")).text


def test_a_page_is_for_its_kind() -> None:
    """Nobody: sign in first, and come back with the same search. Somebody else: 403 with whom it is for. Staff: all."""

    def asked(visitor: Visitor) -> Visitor:
        from starlette.requests import Request

        scope = {"type": "http", "method": "GET", "path": "/help/requests", "headers": [],
                 "query_string": b"page=2&q=a%26b", "state": {"visitor": visitor}}  # fmt: skip
        return needs(Request(scope), "borough member")

    with pytest.raises(SignInFirst) as first:
        asked(ANYBODY)
    assert first.value.to == "/sign-in?next=%2Fhelp%2Frequests%3Fpage%3D2%26q%3Da%2526b"
    with pytest.raises(NotAllowed, match="people who work for a London borough"):
        asked(Visitor("c", kinds=("public", "supporter")))
    for kind in ("borough member", "LOTI staff"):
        member = Visitor("c", kinds=("public", kind))
        assert asked(member) is member
