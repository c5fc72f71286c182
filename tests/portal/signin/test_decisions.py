"""What decides who may come, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import authorities
from services.portal.signin import csrf
from services.portal.signin.addresses import NotAnAddress, client_of, read_address
from services.portal.signin.cookies import Cookies, session_in, signed
from services.portal.signin.domains import _domains, borough_of, boroughs_of
from services.portal.signin.keys import NoKeys, keys_of
from services.portal.signin.kinds import visitor
from services.portal.signin.letter import Letter, message
from services.portal.signin.limits import Limits, verdict
from services.portal.signin.ways import own_path, sign_in_path

KEYS = (b"new" * 11, b"old" * 11)
HACKNEY, CAMDEN = "E09000012", "E09000007"


def test_every_authority_has_a_domain() -> None:
    """The vocabulary knows a domain of each of the 33, and of nobody else."""
    assert {gss for one in _domains().values() for gss in one} == set(authorities())
    assert all(domain.endswith(".gov.uk") for domain in _domains())


@pytest.mark.parametrize(
    ("email", "gss"),
    [
        ("a@hackney.gov.uk", HACKNEY),
        ("a@Digital.HACKNEY.gov.uk", HACKNEY),
        ("a@hackney.gov.uk.", HACKNEY),
        ("a@nothackney.gov.uk", None),
        ("a@hackney.gov.uk.evil.example", None),
        ("a@hackney.gov.uk@evil.example", None),
        ("a@gov.uk", None),
        ("hackney.gov.uk", HACKNEY),
        ("a@richmondandwandsworth.gov.uk", None),
    ],
)
def test_a_domain_is_matched_whole(email: str, gss: str | None) -> None:
    """A borough's domain or a subdomain counts, never one that only looks like it or holds it."""
    assert borough_of(email) == gss


def test_a_shared_domain_has_both() -> None:
    """Whoever comes from a domain of two boroughs is of one of them."""
    assert boroughs_of("a@richmondandwandsworth.gov.uk") == ("E09000027", "E09000032")


@pytest.mark.parametrize(
    ("email", "borough", "roles", "supports", "kinds", "sees"),
    [
        ("a@hackney.gov.uk", HACKNEY, (), False, {"public", "borough member"}, HACKNEY),
        ("a@hackney.gov.uk", None, (), False, {"public", "borough member"}, HACKNEY),
        ("a@x.example", HACKNEY, ("hiring manager",), False, {"public", "borough member"}, HACKNEY),
        ("a@x.example", HACKNEY, (), False, {"public", "borough member"}, HACKNEY),
        ("a@x.example", HACKNEY, ("supporter",), True, {"public", "supporter"}, None),
        ("a@x.example", HACKNEY, (), True, {"public", "supporter"}, None),
        ("a@x.example", HACKNEY, ("newsletter reader",), False, {"public"}, None),
        ("a@hackney.gov.uk", HACKNEY, ("supporter",), True, {"public", "borough member", "supporter"}, HACKNEY),
        ("a@x.example", None, (), False, {"public"}, None),
        ("a@x.example", None, ("LOTI staff",), False, {"public", "LOTI staff"}, None),
        ("a@richmondandwandsworth.gov.uk", None, (), False, {"public"}, None),
        ("a@richmondandwandsworth.gov.uk", "E09000032", ("supporter",), True,
         {"public", "borough member", "supporter"}, "E09000032"),
        ("a@hackney.gov.uk", CAMDEN, ("supporter",), True, {"public", "supporter"}, None),
    ],
)  # fmt: skip
def test_kinds(
    email: str, borough: str | None, roles: tuple[str, ...], supports: bool, kinds: set[str], sees: str | None
) -> None:
    """A borough's own things are for those whom it employs, and not for those who only help it."""
    found = visitor("c", name="", email=email, borough=borough, roles=roles, supports=supports)
    assert set(found.kinds) == kinds
    seen = {gss for gss in authorities() if found.sees_borough(gss)}
    assert seen == (set(authorities()) if "LOTI staff" in kinds else {sees} - {None})


@pytest.mark.parametrize(
    "text", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2F/evil.example", "/\tx", "/a\nb",
             "javascript:x", "", "jobs", "/sign-out", "/sign-in/abc", "/%73ign-out", "/" + "a" * 3_000, "/é", "///x"],
)  # fmt: skip
def test_only_own_pages_are_come_back_to(text: str) -> None:
    """Nothing that leads to another site, or signs in or out at once."""
    assert own_path(text) == "/"


@given(st.text(max_size=60))
def test_a_way_back_is_always_a_path_of_ours(text: str) -> None:
    """Whatever is typed, a browser stays on this site; and what is a path of ours is kept."""
    found = own_path("/" + text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert own_path(found) == found


def test_a_path_of_ours_keeps_its_query() -> None:
    """One comes back to the search that one left."""
    assert own_path("/jobs?role=Data+analyst&page=2") == "/jobs?role=Data+analyst&page=2"
    assert sign_in_path("/jobs?a=1&b=2") == "/sign-in?next=%2Fjobs%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    ("text", "email"),
    [(" Amara@Example.org ", "Amara@Example.org"), ("mailto:a@b.co", "a@b.co"), ("<a.b+c@d-e.gov.uk>.", "a.b+c@d-e.gov.uk")],
)  # fmt: skip
def test_addresses_are_read(text: str, email: str) -> None:
    """As people type and paste them."""
    assert read_address(text).email == email
    assert read_address(text).key == email.casefold()


@pytest.mark.parametrize(
    "text", ["", "x", "a@b", "a b@c.org", "a@b@c.org", "a@-b.org", "a@b..org", "é@b.org", "a@b.org\r\nBcc: x@y.org",
             "a" * 65 + "@b.org", "a@" + "b" * 250 + ".org", "a@b.o1,c@d.org", '"a b"@c.org'],
)  # fmt: skip
def test_what_is_no_address_is_said(text: str) -> None:
    """With what to type."""
    with pytest.raises(NotAnAddress, match="Enter"):
        read_address(text)


def test_a_client_is_a_household() -> None:
    """One IPv4 address, or one network of IPv6."""
    assert client_of("192.0.2.1") == client_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff") == "2001:db8::/64"
    assert client_of("2001:db8:0:1::1") != client_of("2001:db8::1")
    assert client_of(None) == "unknown"


def test_limits() -> None:
    """What is counted of an address is never said; what is counted of a client is."""
    limits = Limits(an_address=2, a_client=3)
    assert [verdict(n, 0, limits) for n in range(4)] == ["send", "send", "keep quiet", "keep quiet"]
    assert [verdict(0, n, limits) for n in range(5)] == ["send", "send", "send", "refuse", "refuse"]
    assert verdict(9, 9, limits) == "refuse"


@given(st.binary(min_size=12, max_size=12), st.text(), st.text())
def test_a_form_token_is_for_one_visitor(salt: bytes, who: str, other: str) -> None:
    """It is believed for whom it was made, with any of our keys, and for nobody else."""
    who, other = (text.encode("utf-8", "ignore").decode() for text in (who, other))
    made = csrf.token(KEYS, who, salt)
    assert csrf.genuine(KEYS, who, made)
    assert csrf.genuine((b"newest" * 6, *KEYS), who, made)
    assert not csrf.genuine((b"other" * 7,), who, made)
    assert (other == who) == csrf.genuine(KEYS, other, made)


@given(st.text(max_size=100))
def test_nothing_else_is_a_form_token(text: str) -> None:
    """Whatever is sent in its place."""
    assert not csrf.genuine(KEYS, "who", text)


def test_two_tokens_differ() -> None:
    """So that a compressed page tells nothing of it."""
    one, other = csrf.FormToken(KEYS, "who"), csrf.FormToken(KEYS, "who")
    assert not one.used
    assert str(one) == str(one) != str(other)
    assert one.used


def test_a_session_cookie_is_signed() -> None:
    """A cookie that we did not sign names no session; an older key goes on being believed."""
    session = "s" * 43
    cookie = signed(session, KEYS)
    assert session_in(cookie, KEYS) == session
    assert session_in(signed(session, KEYS[1:]), KEYS) == session
    assert session_in(signed(session, (b"other" * 7,)), KEYS) is None
    assert session_in(cookie[:-2] + "xx", KEYS) is None
    assert session_in("x" * 300, KEYS) is None
    assert session_in(signed("short", KEYS), KEYS) is None


def test_cookies_are_this_hosts_alone() -> None:
    """Over https no other host can set or read them, and no script can."""
    cookies = Cookies(https=True)
    assert cookies.session.startswith("__Host-")
    assert cookies.set(cookies.session, "x", seconds=60) == (
        "__Host-talent-session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
    )
    assert "Secure" not in Cookies(https=False).set("a", "x")


@pytest.mark.parametrize("keys", ["", " , ", "short", "k" * 32 + ",short"])
def test_short_keys_are_refused(keys: str) -> None:
    """With what to do about it."""
    with pytest.raises(NoKeys, match="openssl rand -hex 32"):
        keys_of(keys)
    assert "k" * 32 not in repr(keys_of("k" * 32))


def test_the_letter_says_the_same_twice() -> None:
    """Text and HTML hold the link and its end, and nothing that anybody typed but the address."""
    made_at = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
    link = "https://talent.example/sign-in/" + "t" * 43
    letter = Letter(
        "sign in", link, made_at, made_at + timedelta(minutes=15), "Talent Exchange", "https://talent.example"
    )
    mail = message(letter, to="a@example.org", sender="talent@example.org", message_id="1")
    sent = mail.as_bytes()
    assert max(map(len, sent.splitlines())) <= 998
    assert mail["Subject"] == "Sign in to Talent Exchange"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        words = body.get_content()
        assert link in words
        assert "12:15" in words  # London's summer time
        assert "15 minutes" in words
