"""Signed links: nobody can make one, change one, use one elsewhere or use one for ever."""

import string
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.notify.links import Links
from services.notify.settings import NotifySettings
from services.notify.signed_links import LASTS, LONGEST, LinkRefused, Purpose, Signed, SignedLinks
from tests.notify.making import match

NEW, OLD = "n" * 32, "o" * 40
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
NOW = 1_800_000_000.0
URL_SAFE = string.ascii_letters + string.digits + "-_."

ids = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=200)
claims = st.tuples(
    ids, st.none() | ids, st.none() | st.integers(1, 2**40), st.none() | st.text("abc-", max_size=40)
)


def links(keys: str = NEW, *, now: float = NOW, url: str = "https://talent.example") -> SignedLinks:
    """The links of a site with these keys, made or read at that time."""
    return SignedLinks(NotifySettings(link_keys=SecretStr(keys), public_url=url), clock=lambda: now)


def said(token: str, purpose: Purpose, by: SignedLinks) -> tuple[Any, ...]:
    """What a token says, but for its time."""
    found = by.read(purpose, token)
    return found.contact_id, found.about, found.revision, found.choice


@given(st.sampled_from(PURPOSES), claims)
def test_a_token_says_what_was_signed_into_it(purpose: Purpose, claim: tuple[Any, ...]) -> None:
    """Any ids come back as they were, and the token is of letters that no address has to escape."""
    token = links().token(purpose, *claim)
    assert said(token, purpose, links()) == claim
    assert set(token) <= set(URL_SAFE)


@given(st.sampled_from(PURPOSES), claims, st.data())
def test_any_change_of_any_character_is_refused(
    purpose: Purpose, claim: tuple[Any, ...], data: st.DataObject
) -> None:
    """One character replaced by any other, put in, or taken out anywhere: the token says nothing."""
    token = links().token(purpose, *claim)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(URL_SAFE + "=+/ \n%é") | st.characters())
    changed = {
        token[:at] + other + token[at + 1 :],
        token[:at] + other + token[at:],
        token[:at] + token[at + 1 :],
    }
    for forged in changed - {token}:
        with pytest.raises(LinkRefused):
            links().read(purpose, forged)


def test_every_single_character_of_one_token_counts() -> None:
    """Each character of a token, replaced by each other that a token may have: all refused, the last one too, of
    which base64 ignores some bits."""
    reader = links()
    token = reader.token("unsubscribe", "contact-1")
    forged = [
        token[:at] + one + token[at + 1 :] for at in range(len(token)) for one in URL_SAFE if one != token[at]
    ]
    believed = []
    for one in forged:
        try:
            believed.append(reader.read("unsubscribe", one))
        except LinkRefused:
            continue
    assert believed == []


@given(st.text(max_size=300) | st.text(URL_SAFE, max_size=300) | st.just("A" * (LONGEST + 1)))
def test_what_nobody_signed_is_refused(text: str) -> None:
    """Whatever is sent instead of a token is refused in words, and nothing else happens."""
    with pytest.raises(LinkRefused, match="incomplete or damaged"):
        links().read("preferences", text)


@given(st.sampled_from(PURPOSES), st.sampled_from(PURPOSES), claims)
def test_a_token_opens_one_page_alone(made_for: Purpose, used_for: Purpose, claim: tuple[Any, ...]) -> None:
    """A link to read with cannot be used to forget somebody with."""
    token = links().token(made_for, *claim)
    if made_for == used_for:
        assert said(token, used_for, links()) == claim
    else:
        with pytest.raises(LinkRefused):
            links().read(used_for, token)


def test_keys_are_replaced_without_breaking_links() -> None:
    """The first key signs and all are believed; when a key is taken away, its links are refused."""
    old = links(OLD).token("ledger", "contact-1")
    both = links(f"{NEW}, {OLD}")
    new = both.token("ledger", "contact-1")
    assert said(old, "ledger", both) == said(new, "ledger", links(NEW)) == ("contact-1", None, None, None)
    for reader in (links(OLD), links("x" * 32)):
        with pytest.raises(LinkRefused):
            reader.read("ledger", new)
    with pytest.raises(LinkRefused):
        links(NEW).read("ledger", old)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_ends(purpose: Purpose) -> None:
    """It works to the last second of its time and not after, and the refusal says that it has expired."""
    token = links().token(purpose, "contact-1")
    assert links(now=NOW + LASTS[purpose]).read(purpose, token).made_at.timestamp() == NOW
    with pytest.raises(LinkRefused, match="expired") as refused:
        links(now=NOW + LASTS[purpose] + 1).read(purpose, token)
    assert refused.value.ended


def test_unsubscribing_works_for_two_years() -> None:
    """Whoever finds an old newsletter can still stop them."""
    token = links().token("unsubscribe", "contact-1")
    assert links(now=NOW + 2 * 365 * 86_400).read("unsubscribe", token)


def test_a_token_from_the_future_is_refused() -> None:
    """Clocks of two machines may differ by minutes, not by a day."""
    token = links(now=NOW + 86_400).token("ledger", "contact-1")
    with pytest.raises(LinkRefused):
        links().read("ledger", token)
    assert links().read("ledger", links(now=NOW + 60).token("ledger", "contact-1"))


def test_links_lead_where_they_say() -> None:
    """Each link is absolute, at the site's address, and its token says all that its page needs."""
    made: Links = links(url="https://talent.example/notify/")
    proposed = match(7)
    expected: dict[str, tuple[Purpose, tuple[Any, ...]]] = {
        made.preferences("c"): ("preferences", ("c", None, None, None)),
        made.ledger("c"): ("ledger", ("c", None, None, None)),
        made.unsubscribe("c"): ("unsubscribe", ("c", None, None, None)),
        made.confirm("c", "ask-1"): ("confirm", ("c", "ask-1", None, None)),
        made.answer(proposed, "c", "s"): ("answer", ("c", "match-1", 7, "s")),
        made.answer(proposed, "c", None): ("answer", ("c", "match-1", 7, None)),
        made.outcome(proposed, "c", "hired"): ("outcome", ("c", "match-1", 7, "hired")),
        made.outcome(proposed, "c"): ("outcome", ("c", "match-1", 7, None)),
    }
    for url, (purpose, claim) in expected.items():
        start, _, token = url.rpartition("/")
        assert start == f"https://talent.example/notify/{purpose}"
        assert said(token, purpose, links()) == claim


@given(ids)
def test_public_pages_have_addresses_that_no_id_breaks_out_of(id_: str) -> None:
    """An edition's or an item's id is one piece of the path, whatever is in it."""
    made = links()
    for url in (made.edition(id_), made.calendar(id_)):
        assert url.isascii()
        assert url.count("/") == 4
        assert not set(url) & set(" ?#<>\"'")


def test_an_unsubscribe_link_fits_on_a_header_line() -> None:
    """With an id of 200 characters it stays under the 998 of RFC 5322; with one of ours under 200."""
    assert len(links().unsubscribe("c" * 200)) < 998 - len("List-Unsubscribe: <>")
    assert len(links().unsubscribe("6f1c3f8e-1111-4222-8333-444455556666")) < 200


@pytest.mark.parametrize("keys", ["", " , ", "short", f"{NEW},short"])
def test_the_site_does_not_start_without_good_keys(keys: str) -> None:
    """No key, or one that could be guessed, is an error that says what to set and how to make one."""
    with pytest.raises(ValueError, match=r"LOTI_LINK_KEYS.*32 characters.*openssl"):
        links(keys)


def test_a_way_on_is_as_old_as_the_link_that_led_there() -> None:
    """Following links from page to page makes none of them live longer."""
    first = links().read("ledger", links().token("ledger", "contact-1"))
    later = links(now=NOW + 300 * 86_400)
    token = later.on_from(first, "preferences").rpartition("/")[2]
    assert later.read("preferences", token) == first
    with pytest.raises(LinkRefused, match="expired"):
        links(now=NOW + LASTS["preferences"] + 1).read("preferences", token)


def test_what_an_earlier_version_signed_is_refused_in_words() -> None:
    """A genuine signature over something that is no claim is refused, not crashed on."""
    made = links()
    for says in ((1, 2), (), ("c", 5), ("c", None, "7"), ("c", None, True)):
        with pytest.raises(LinkRefused):
            made.read("ledger", made.token("ledger", *says))  # type: ignore[arg-type]
    assert isinstance(made.read("ledger", made.token("ledger", "c")), Signed)
