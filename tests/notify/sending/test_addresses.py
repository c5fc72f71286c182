"""Addresses: what can be reached, what is refused, and what is kept of an answer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.addresses import NotDeliverable, mailbox, without_addresses


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("ada@hackney.gov.uk", "ada@hackney.gov.uk"),
        ("Ada.O'Neil+jobs@Hackney.GOV.uk", "Ada.O'Neil+jobs@hackney.gov.uk"),
        ("a@localhost", "a@localhost"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),  # IDNA 2008 does not turn it into strasse
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
        ("a@поле.example", "a@xn--e1alid.example"),
        ("jürgen@b.example", "jürgen@b.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
        ("ju\u0308rgen@b.example", "jürgen@b.example"),
    ],
)
def test_what_can_be_reached(address: str, goes_to: str) -> None:
    """As it goes into the envelope: the domain in ASCII, the part before the @ as it is."""
    assert mailbox("Ada", address).addr_spec == goes_to


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nobody", "no @"),
        ("@b.example", "before the @"),
        ("a@", "after the @"),
        ("a,b@x.example", "before the @"),
        ("a b@x.example", "before the @"),
        ("a@b@x.example", "before the @"),
        (".a@x.example", "before the @"),
        ("a..b@x.example", "before the @"),
        ('"a b"@x.example', "quoted"),
        ("a@x..example", "after the @"),
        ("a@-x.example", "after the @"),
        ("a@x_y.example", "after the @"),
        ("a@[127.0.0.1]", "after the @"),
        ("a@x.example.", "after the @"),
        ("a@" + "x" * 64 + ".example", "after the @"),
        ("a@" + ".".join(["x" * 60] * 5), "longer"),
        ("x" * 65 + "@b.example", "longer"),
        ("ü" * 33 + "@b.example", "longer"),
        ("x" * 400 + "@b.example", "longer"),
        ("a@b.example\r\nBcc: c@d.example", "before the @"),
        ("a\r\nRCPT TO:<c@d.example>@b.example", "before the @"),
        ("a>@b.example", "before the @"),
        ("a\0@b.example", "before the @"),
        ("a@b.example\0", "after the @"),
        ("a\u202e@b.example", "before the @"),
        ("a\u200b@b.example", "before the @"),
        ("a\uff20b.example@c.example", "look like others"),
        ("\uff41da@b.example", "look like others"),
        ("\u0430da@b.example", "look like others"),  # Cyrillic a before Latin letters
        ("ada\u2024x@b.example", "look like others"),
        ("ada\u2010x@b.example", "before the @"),
        ("a@h\u0430ckney.example", "look alike"),
        ("a@hackne\u03b3.example", "look alike"),
        ("a@xn--hckney-5nf.example", "look alike"),  # the same, already as an A-label
        ("a@\uff48ackney.example", "no domain may have"),
        ("a@hackney\u3002example", "no domain may have"),
        ("a@hack\u200dney.example", "no domain may have"),
        ("a@☃.example", "no domain may have"),
        ("a@xn--a.example", "no domain may have"),
        ("a@xn--.example", "no domain may have"),
    ],
)
def test_what_is_refused(address: str, why: str) -> None:
    """With a reason that does not hold the address: what is none, what would break out of its line, and what is made
    to be taken for another."""
    with pytest.raises(NotDeliverable, match=why) as refused:
        mailbox("Ada", address)
    assert address not in str(refused.value)


@given(address=st.one_of(st.text(max_size=80), st.text("ab.@<>\r\n\"' üа\u202e,", max_size=20), st.emails()))
def test_no_address_breaks_out(address: str) -> None:
    """Whatever is stated as an address is refused, or is one @ between letters that begin no command, header or word of
    their own; and what is let through once is let through unchanged."""
    try:
        found = mailbox("Ada", address).addr_spec
    except NotDeliverable:
        return
    local, _, domain = found.rpartition("@")
    assert local
    assert domain.isascii()
    assert not any(unicodedata.category(one)[0] in "CZ" or one in '<>()[]\\,;:"@' for one in local + domain)
    assert mailbox("Ada", found).addr_spec == found


@given(address=st.emails())
def test_ordinary_addresses_are_let_through(address: str) -> None:
    """What RFC 5322 allows in letters, figures and signs is not refused, unless it is too long."""
    if len(address) <= 254 and "_" not in address.rpartition("@")[2]:
        local, _, domain = address.rpartition("@")
        assert mailbox("Ada", address).addr_spec == f"{local}@{domain.lower()}"


@given(text=st.text(max_size=400), at=st.integers(0, 400))
def test_what_is_kept_of_an_answer(text: str, at: int) -> None:
    """No address, one line, no more than 300 characters."""
    kept = without_addresses(f"{text[:at]} <ada@hackney.example> {text[at:]}")
    assert "ada@hackney.example" not in kept
    assert len(kept) <= 300
    assert kept.isprintable()


def test_an_ordinary_answer_is_kept_as_it_is() -> None:
    """To the letter."""
    assert without_addresses("250 2.0.0 Ok: queued as 4XyZ-1") == "250 2.0.0 Ok: queued as 4XyZ-1"
    assert without_addresses("550 <ada@hackney.example> unknown") == "550 <<address>> unknown"
