"""Whoever is erased is nowhere, whichever way the erasure was asked for; everybody else is where they were."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import pytest

from loti_contracts.events import ContactErased, SubscriptionsErased
from services.notify.people import erasure
from services.portal.saying.say import forget
from services.portal.signin.visitor import ANYBODY
from tests.privacy.lives import helps, live
from tests.privacy.person import Person
from tests.privacy.town import Town, living, where
from tests.servers import Postgres

Way = Callable[[Town, Person], Awaitable[None]]


async def on_the_portal(town: Town, who: Person) -> None:
    async with town.pools["portal"].acquire() as tx, tx.transaction():
        await forget(tx, ANYBODY, who.id, what="asked to be forgotten")


async def at_notify(town: Town, who: Person) -> None:
    async with town.pools["notify"].acquire() as tx, tx.transaction():
        await erasure.erase_everywhere(tx, who.id, now=datetime.now(UTC))


async def by_a_tombstone(town: Town, who: Person) -> None:
    await town.say(ContactErased(contact_id=who.id))


WAYS: Final[Mapping[str, Way]] = {"portal": on_the_portal, "notify": at_notify}
"""To the other service each of them comes as a tombstone."""


async def test_who_is_erased_is_nowhere(postgres: Postgres, capsys: pytest.CaptureFixture[str]) -> None:
    """After an erasure by the portal's page or by notify (its page and its command do the same), of which the other hears
    by the tombstone, no table of any service, no topic after compaction and no log has the person's name, address or
    words, base64 and dead letters included. Somebody else to whom the same happened is everywhere where they were, and
    what was declined stays declined."""
    async with living(postgres) as town:
        other, stays = Person("other"), Person("stays")
        people = {Person(f"by{way}"): way for way in WAYS}
        await helps(town, other)
        for who in (*people, stays):
            await live(town, who, other)
        before = await town.everything()
        for who in (*people, stays):
            missing = set(who.marks) - set(where(before, *who.marks))
            assert not missing, f"the life of {who.tag} leaves no trace of {missing}"
        settled = await _declined(town)
        for who, way in people.items():
            await WAYS[way](town, who)
            await town.settle()
        after = await town.everything()
        for who in people:
            assert where(after, *who.marks) == {}
            assert where({"the log": capsys.readouterr().out}, *who.marks) == {}
            assert where(after, who.id), "its id leads to what was done"
        for one in (stays, other):
            was, now = where(before, *one.marks), where(after, *one.marks)
            assert {mark: sorted(places) for mark, places in now.items()} == {
                mark: sorted(places) for mark, places in was.items()
            }
        assert await _declined(town) == settled
        said = dict(town.said)
        for who in people:
            await by_a_tombstone(town, who)
        assert town.said == said, "an erasure that comes again takes nothing back again"
        assert len(settled) == len(people) + 1


async def test_a_choice_that_is_erased_late_does_not_erase_who_came_back(postgres: Postgres) -> None:
    """The tombstone of what a contact chose is said by another service, later than its own: somebody who came back in
    between stays."""
    async with living(postgres) as town:
        who = Person("back")
        await helps(town, who)
        await town.say(ContactErased(contact_id=who.id))
        await helps(town, who)
        await town.say(SubscriptionsErased(contact_id=who.id))
        pool = town.pools["portal"]
        assert await pool.fetchval("SELECT name FROM contact WHERE id = $1", who.id) == who.name
        assert not await pool.fetch("SELECT FROM subscriptions WHERE id = $1", who.id)


async def _declined(town: Town) -> set[str]:
    rows = await town.pools["matching"].fetch("SELECT id FROM matches WHERE stage = 'declined'")
    return {row["id"] for row in rows}
