"""What the library keeps: items with their revisions, and drafts. The SQL is in `queries.sql`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.turns import in_turn
from loti_contracts.events import Draft, LibraryItem, Review
from loti_contracts.vocabulary import authorities
from services.library.slips import meant, question, words_of

queries = queries_beside(__file__)


async def one_at_a_time(tx: Connection) -> None:
    """Nobody else changes the library until `tx` ends: items, drafts and gaps depend on each other."""
    await in_turn(queries.one_at_a_time(tx))


async def load_item(connection: Connection, id_: str) -> LibraryItem | None:
    """An item as it is now."""
    row = await queries.load_item(connection, id=id_)
    return LibraryItem.model_validate_json(row["state"]) if row else None


async def load_item_revision(connection: Connection, id_: str, revision: int) -> LibraryItem | None:
    """An item as it is known to have been said under that revision."""
    state = await queries.load_item_revision(connection, id=id_, revision=revision)
    return LibraryItem.model_validate_json(state) if state else None


async def load_item_revisions(connection: Connection, id_: str) -> list[tuple[LibraryItem, datetime]]:
    """Every revision of an item with the time when it was said, newest first."""
    rows = queries.load_item_revisions(connection, id=id_)
    return [(LibraryItem.model_validate_json(row["state"]), row["said_at"]) async for row in rows]


async def save_item(tx: Connection, item: LibraryItem) -> None:
    """An item as it is now, and among its revisions."""
    await queries.save_item(
        tx,
        id=item.id,
        revision=item.revision,
        kind=item.kind,
        status=item.status,
        standard_roles=list(item.standard_roles),
        published_at=item.published_at,
        ends_at=item.happening.ends_at if item.happening else None,
        state=item.model_dump_json(),
        **_texts(item),
    )


async def keep_revision(tx: Connection, item: LibraryItem) -> None:
    """What was said of an item once, and its words; where that revision is known, it stays as it is."""
    await queries.keep_revision(
        tx, id=item.id, revision=item.revision, state=item.model_dump_json(), **_texts(item)
    )


def _texts(item: LibraryItem) -> dict[str, str]:
    """What is looked for in an item, by how much it counts."""
    whose = (authorities()[gss].name for gss in item.boroughs if gss in authorities())
    about = (item.kind, *item.standard_roles, *item.levels, *item.skills, *item.families, *whose)
    more = (item.provider, item.apprenticeship_standard, item.community, *(post.title for post in item.posts))
    return {
        "title": item.title,
        "about": " ".join(about),
        "summary": item.summary,
        "body": " ".join(part for part in (item.body, *more) if part),
    }


async def exemplars(connection: Connection, standard_roles: Iterable[str]) -> list[LibraryItem]:
    """The published job descriptions of any of these standard roles."""
    return await _items(queries.exemplars(connection, standard_roles=sorted(set(standard_roles))))


async def list_items(
    connection: Connection,
    *,
    kind: str | None = None,
    standard_role: str | None = None,
    level: str | None = None,
    borough: str | None = None,
    retired: bool = False,
) -> list[LibraryItem]:
    """Items, newest first; with the retired ones if asked."""
    rows = queries.list_items(
        connection, kind=kind, standard_role=standard_role, level=level, borough=borough, retired=retired
    )
    return await _items(rows)


async def search(
    connection: Connection, asked: str, *, kind: str | None = None, most: int = 20
) -> list[LibraryItem]:
    """Published items that fit what was typed, spelling slips allowed; the best first."""
    words = words_of(asked)
    if not words:
        return []
    unknown = [row["word"] async for row in queries.unknown_words(connection, words=words)]
    known = [row["word"] async for row in queries.known_words(connection)] if unknown else []
    questions = [question(word, meant(word, known) if word in unknown else ()) for word in words]
    rows = queries.search_items(
        connection, asked=questions, everything=" OR ".join(questions), kind=kind, most=most
    )
    return await _items(rows)


async def load_draft(connection: Connection, id_: str) -> tuple[Draft | None, int]:
    """A draft, and the newest revision heard of its contribution; None and 0 where there is none."""
    row = await queries.load_draft(connection, id=id_)
    return (Draft.model_validate_json(row["state"]), row["heard"]) if row else (None, 0)


async def save_draft(tx: Connection, draft: Draft, *, heard: int = 0) -> None:
    """A draft as it is now. `heard`: the revision of its contribution, where that is what changed it."""
    await queries.save_draft(
        tx,
        id=draft.id,
        revision=draft.revision,
        item_id=draft.item_id,
        status=draft.status,
        origin=draft.origin,
        heard=heard,
        state=draft.model_dump_json(),
    )


async def waiting_drafts_of(connection: Connection, item_id: str) -> list[Draft]:
    """The drafts that wait to begin or change an item."""
    rows = queries.waiting_drafts_of(connection, item_id=item_id)
    return [Draft.model_validate_json(row["state"]) async for row in rows]


async def list_drafts(connection: Connection, *, status: str | None = None) -> Sequence[Draft]:
    """Drafts, the newest first."""
    rows = queries.list_drafts(connection, status=status)
    return [Draft.model_validate_json(row["state"]) async for row in rows]


async def review_known(tx: Connection, review: Review) -> bool:
    """Whether it was heard of before."""
    return bool(await queries.review_known(tx, id=review.id))


async def claim_review(tx: Connection, review: Review) -> bool:
    """Whether it is newer than what was heard of it; then it is remembered."""
    return bool(await queries.claim_review(tx, id=review.id, revision=review.revision))


async def figures(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """The figures of the health page."""
    return dict(await queries.figures(pool))


async def _items(rows: Any) -> list[LibraryItem]:
    return [LibraryItem.model_validate_json(row["state"]) async for row in rows]
