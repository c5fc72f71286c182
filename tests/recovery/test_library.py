"""What is had again of the library: items and their versions, drafts and gaps, on a real database."""

from typing import Any

import pytest

from loti_contracts.events import Event, ItemPublished
from loti_contracts.events.topics import CONTRIBUTIONS, DRAFTS, EXEMPLAR_GAPS, LIBRARY, REVIEWS, ROLES
from services.library.app import service
from tests.databases import connected, database_of
from tests.library.hearing import _event as said_of
from tests.library.making import a_review, a_role, an_event, an_exemplar, an_item, an_offer, closed, content
from tests.recovery.kept import Kept, different, things
from tests.servers import Postgres

_made: dict[str, str] = {}
TABLES = "items, item_revisions, words, drafts, reviews, adverts, gaps, outbox, inbox"


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """One database for all of these tests."""
    if not _made:
        _made["dsn"] = await database_of("library", postgres)
    return _made["dsn"]


def history() -> list[list[Event]]:
    """Adverts without an exemplar; an item that somebody states, changes, and states late; offers that are published, sent
    back and withdrawn."""
    item = an_item()
    changed = item.model_copy(update={"revision": 2, "summary": "Now three boroughs."})
    late = item.model_copy(update={"revision": 2, "summary": "Said too late."})
    offer = an_offer()
    another = an_offer(id="offer-2", item_id="item-2", content=content(title="Lead data analyst"))
    role, other = a_role(), a_role(id="role-2", level="lead")
    batches: list[list[Any]] = [
        [role, other, item],
        [changed, an_event(), offer],
        [late, a_review()],
        [another, closed(other), an_exemplar(id="exemplar-9", revision=3)],
        [a_review(id="review-2", draft_id="offer-2", verdict="return", why="Say who it is for.")],
        [another.model_copy(update={"revision": 2, "status": "withdrawn"})],
    ]
    return [[said_of(state) for state in batch] for batch in batches]


async def lived(connection: Any) -> Kept:
    await connection.execute(f"TRUNCATE {TABLES}")
    kept = Kept(service(), connection)
    for batch in history():
        await kept.say(*batch)
    assert {one.topic for one in kept.log.said} == {
        topic.name for topic in (ROLES, LIBRARY, CONTRIBUTIONS, REVIEWS, DRAFTS, EXEMPLAR_GAPS)
    }
    return kept


async def test_a_rebuild_decides_nothing_anew(dsn: str) -> None:
    """Items with the versions that were counted, drafts with what became of them, gaps: the same, and nothing is said."""
    async with connected(dsn) as connection:
        kept = await lived(connection)
        done = await kept.rebuilt()
        assert (different(done), done.said, done.parked) == ([], {}, 0)


async def test_a_lost_database_is_had_again(dsn: str) -> None:
    """Down to the versions of an item that others stated without one."""
    async with connected(dsn) as connection:
        kept = await lived(connection)
        before = await connection.fetch("SELECT id, revision, state FROM item_revisions ORDER BY 1, 2")
        await connection.execute(f"TRUNCATE {TABLES}")
        assert not (await kept.rebuilt()).said
        after = await connection.fetch("SELECT id, revision, state FROM item_revisions ORDER BY 1, 2")
        assert after == before


async def test_after_compaction_the_current_state_is_the_same(dsn: str) -> None:
    """Earlier versions of items are gone with their topic; nothing is said."""
    async with connected(dsn) as connection:
        kept = await lived(connection)
        done = await kept.rebuilt(kept.log.compacted())
        assert {one.split(":")[0] for one in different(done)} <= {"item_revisions", "words"}
        assert not done.said


async def test_lost_topics_are_filled_again(dsn: str) -> None:
    """Items, drafts and gaps, as they are."""
    async with connected(dsn) as connection:
        kept = await lived(connection)
        said = (LIBRARY, DRAFTS, EXEMPLAR_GAPS)
        before = things(kept.log, *said)
        await kept.republished(kept.log.without(*said))
        kept.log = kept.log.without(*said)
        await kept.publish()
        assert set(things(kept.log, *said)) == set(before)
        done = await kept.rebuilt()
        assert {one.split(":")[0] for one in different(done)} <= {
            "item_revisions",
            "words",
        }  # earlier versions


async def test_an_item_that_waits_to_be_heard_back_is_not_forgotten(dsn: str) -> None:
    """The library said it, and was stopped before it heard itself: it has the item all the same."""
    async with connected(dsn) as connection:
        kept = await lived(connection)
        own = next(one for one in reversed(kept.log.said) if one.topic == LIBRARY.name)
        kept.log.unread = kept.log.said.index(own)
        await connection.execute("DELETE FROM inbox WHERE event_id = $1", dict(own.headers)["ce_id"].decode())
        before = await connection.fetch("SELECT id, revision, state FROM items ORDER BY id")
        await kept.rebuilt()
        assert await connection.fetch("SELECT id, revision, state FROM items ORDER BY id") == before
        assert ItemPublished.topic == own.topic
