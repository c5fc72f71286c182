"""The suppression list on a real database: by a keyed hash, through restatements, sharing and new keys."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.notify.people import address_keys, choices, store, suppression
from services.notify.people.address_keys import NoKeys, address_key, hash_keys, made_with
from services.notify.settings import NotifySettings
from tests.notify.making import contact, erased, stated
from tests.notify.people.making import ROLES, chosen, hear, turn

KEYS = hash_keys("k" * 32)
OLD_AND_NEW = NotifySettings(link_keys=SecretStr(f"{'n' * 32},{'k' * 32}"))
ADDRESS = "wilhelmina.contact-1@featherstone.example"


async def suppressed(tx: Any, contact_id: str = "contact-1") -> str | None:
    """Why that contact's address must not be written to, as the sender sees it."""
    known = await store.load(tx, contact_id)
    assert known is not None
    return known.suppressed


async def test_an_address_is_listed_and_released(db: Any) -> None:
    """A bounce lists the address once, a complaint outweighs it, and a release makes it reachable again; the list holds
    no address, not even where the reason repeated it."""
    await hear(db, stated(contact("contact-1", 1)))
    async with db.transaction():
        why = f"550 5.1.1 <{ADDRESS}>: user unknown"
        assert await suppression.suppress(db, "contact-1", reason="bounced", why=why)
        assert not await suppression.suppress(db, "contact-1", reason="bounced", why=why)
        assert await suppression.suppress(db, "contact-1", reason="complained", why="abuse report")
        assert not await suppression.suppress(db, "contact-1", reason="by hand", why="asked by telephone")
    assert await suppressed(db) == "complained"
    [row] = await suppression.listed(db)
    assert row["contacts"] == ["contact-1"]
    assert ADDRESS not in json.dumps(
        [dict(row) for row in await db.fetch("SELECT * FROM suppression")], default=str
    )
    async with db.transaction():
        assert await suppression.release(db, "contact-1")
        assert not await suppression.release(db, "contact-1")
    assert await suppressed(db) is None


async def test_the_address_counts_and_not_the_contact(db: Any) -> None:
    """Another contact with the address, in other letters, gets no mail there either; a contact that moves to another
    address does, and is listed again when it comes back."""
    async with db.transaction():
        await suppression.suppress_address(db, ADDRESS, keys=KEYS, reason="by hand", why="asked by telephone")
    await hear(db, stated(contact("contact-1", 1)), stated(contact("twin", 1, email=ADDRESS.upper())))
    assert (await suppressed(db), await suppressed(db, "twin")) == ("by hand", "by hand")
    await hear(db, stated(contact("contact-1", 2, email="new@featherstone.example")))
    assert await suppressed(db) is None
    await hear(db, stated(contact("contact-1", 3)))
    assert await suppressed(db) == "by hand"
    assert await suppression.reason_of(db, ADDRESS, keys=KEYS) == "by hand"


async def test_a_question_that_could_not_be_sent_is_asked_after_the_release(db: Any) -> None:
    """A confirmation that was withheld since the address was listed goes out again when it is released."""
    await hear(db, stated(contact("contact-1", 1, ROLES)))
    async with db.transaction():
        await suppression.suppress(db, "contact-1", reason="by hand", why="a mistake")
    await turn(db)
    before = await chosen(db)
    async with db.transaction():
        await suppression.release(db, "contact-1")
    await turn(db)
    after = await chosen(db)
    assert after.ask != before.ask
    assert await db.fetchval("SELECT count(*) FROM notification WHERE about = $1", str(after.ask)) == 1


@pytest.mark.parametrize("first", ["the contact is restated", "somebody else has it", "it is listed again"])
async def test_the_list_outlives_its_key(db: Any, first: str) -> None:
    """When a new key is put before the old one, whatever is touched first, contact and list go over to it together; the
    old key can then go, and the address is still listed."""
    await hear(db, stated(contact("contact-1", 1)))
    async with db.transaction():
        await suppression.suppress(db, "contact-1", reason="bounced", why="550")
    match first:
        case "the contact is restated":
            await hear(db, stated(contact("contact-1", 2)), settings=OLD_AND_NEW)
        case "somebody else has it":
            await hear(db, stated(contact("twin", 1, email=ADDRESS)), settings=OLD_AND_NEW)
            assert await suppressed(db, "twin") == "bounced"
        case "it is listed again":
            keys = hash_keys(OLD_AND_NEW.link_keys.get_secret_value())
            async with db.transaction():
                assert not await suppression.suppress_address(
                    db, ADDRESS, keys=keys, reason="bounced", why="again"
                )
    assert await suppressed(db) == "bounced"
    only_new = NotifySettings(link_keys=SecretStr("n" * 32))
    await hear(db, stated(contact("contact-1", 3)), settings=only_new)
    assert await suppressed(db) == "bounced"
    assert await db.fetchval("SELECT count(*) FROM suppression") == 1


async def test_a_contact_keeps_its_place_even_if_the_old_key_is_gone_at_once(db: Any) -> None:
    """Where the old key was replaced and not kept beside, a restated contact with the same address stays listed."""
    await hear(db, stated(contact("contact-1", 1)))
    async with db.transaction():
        await suppression.suppress(db, "contact-1", reason="bounced", why="550")
    await hear(db, stated(contact("contact-1", 2)), settings=NotifySettings(link_keys=SecretStr("n" * 32)))
    assert await suppressed(db) == "bounced"


async def test_contacts_from_before_the_list_are_hashed(db: Any) -> None:
    """A contact that was kept before addresses were hashed gets its hash when the sender looks."""
    await hear(db, stated(contact("contact-1", 1)), stated(contact("gone", 1)), erased("gone"))
    before = await db.fetchval("SELECT address_key FROM contact WHERE id = 'contact-1'")
    await db.execute("UPDATE contact SET address_key = NULL")
    await turn(db)
    assert await db.fetchval("SELECT address_key FROM contact WHERE id = 'contact-1'") == before
    assert await db.fetchval("SELECT address_key FROM contact WHERE id = 'gone'") is None


async def test_nobody_to_suppress(db: Any) -> None:
    """A contact that is unknown or erased is refused by name."""
    await hear(db, erased("gone"))
    for contact_id in ("gone", "nobody"):
        with pytest.raises(choices.NoSuchContact, match=contact_id):
            async with db.transaction():
                await suppression.suppress(db, contact_id, reason="bounced", why="550")


LETTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)


@given(LETTERS, LETTERS)
def test_hashes(local: str, domain: str) -> None:
    """Any address has a hash; the same in capitals, another one under another key, and neither holds the address."""
    address = f"{local.replace('@', '')}@{domain.replace('@', '')}"
    one, other = hash_keys(f"{'a' * 32}, {'b' * 32}")
    assert address_key(address, one) == address_key(f" {address}", one)
    assert address_key("Alice@Example.org", one) == address_key("aLICE@eXAMPLE.ORG", one)
    assert address_key("a@bücher.example", one) == address_key("a@XN--BCHER-KVA.example", one)
    assert address_key(address, one) != address_key(address, other)
    assert made_with(address_key(address, one), (one,))
    assert not made_with(address_key(address, one), (other,))


def test_no_key_is_refused_with_what_to_do() -> None:
    """Without a key nothing can be hashed: it says which setting to give."""
    with pytest.raises(NoKeys, match="LOTI_LINK_KEYS"):
        address_keys.hash_keys(" , ")
