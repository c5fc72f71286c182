"""What the pages of the library read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import ExemplarGap, LibraryItem, Review
from services.portal.library.shelf.asked import PER_PAGE, Asked

_queries = queries_beside(__file__)
MOST_FOUND: Final = 300
"""Items that a search puts in order; of more it shows these."""

Reading = Connection | asyncpg.Pool
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items. `near`: nothing fits to the letter, and these are what is spelled nearly so."""

    rows: Sequence[Row]
    total: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """An item as it was at one revision. `version` counts what it says; None: not counted."""

    revision: int
    said_at: datetime
    changed: Sequence[str]
    version: int | None
    status: str


async def find(tx: Connection, asked: Asked) -> Found:
    """The published items that are asked for; with slips of the pen where nothing fits otherwise."""
    filters: dict[str, Any] = {
        "kind": asked.kind,
        "role": asked.role,
        "level": asked.level,
        "skill": asked.skill,
        "borough": asked.borough,
        "most": PER_PAGE,
        "skip": (asked.page - 1) * PER_PAGE,
    }
    rows = [dict(row) async for row in _queries.find_items(tx, q=asked.q, **filters)]
    if rows or not asked.words or asked.page > 1:
        return Found(rows, rows[0]["found"] if rows else 0)
    async with tx.transaction():
        await _queries.near_enough(tx)
        rows = [dict(row) async for row in _queries.find_items_near(tx, words=asked.words[:12], **filters)]
    return Found(rows, rows[0]["found"] if rows else 0, near=bool(rows))


async def shelves(tx: Reading) -> Mapping[str, int]:
    """How many items of each kind are published."""
    return {row["kind"]: row["items"] async for row in _queries.shelves(tx)}


async def skills(tx: Reading) -> Sequence[str]:
    """What published items are about, the most common first."""
    return [row["skill"] async for row in _queries.skills(tx)]


async def versions(tx: Reading, item_id: str) -> Sequence[Version]:
    """How an item came to what it is, newest first."""
    return [Version(**row) async for row in _queries.item_versions(tx, id=item_id)]


async def item_then(tx: Reading, item_id: str, revision: int) -> LibraryItem | None:
    """An item as it was, or None."""
    state = await _queries.item_then(tx, id=item_id, revision=revision)
    return None if state is None else LibraryItem.model_validate_json(state)


async def related(tx: Reading, item: LibraryItem) -> Sequence[Row]:
    """Others about the same standard roles."""
    if not item.standard_roles:
        return ()
    return [dict(r) async for r in _queries.related_items(tx, roles=list(item.standard_roles), id=item.id)]


async def structures(tx: Reading) -> Sequence[Row]:
    """The team structures that can be compared."""
    return [dict(row) async for row in _queries.structures(tx)]


async def coming_events(tx: Reading, now: datetime) -> Sequence[LibraryItem]:
    """Events that are not over, the next first."""
    return [LibraryItem.model_validate_json(r["state"]) async for r in _queries.coming_events(tx, now=now)]


async def past_events(tx: Reading, now: datetime) -> Sequence[LibraryItem]:
    """Events that are over, the last first."""
    return [LibraryItem.model_validate_json(r["state"]) async for r in _queries.past_events(tx, now=now)]


async def editions(tx: Reading, page: int, per_page: int) -> tuple[Sequence[Row], int]:
    """A page of newsletters without their text, the last first, and how many there are."""
    found = _queries.editions(tx, most=per_page, skip=(page - 1) * per_page)
    return [dict(row) async for row in found], await _queries.count_editions(tx)


async def gaps(tx: Reading, page: int, per_page: int) -> tuple[Sequence[ExemplarGap], int]:
    """A page of roles without a job description, or with an old one, the most advertised first; and how many there
    are."""
    rows = [row async for row in _queries.gaps(tx, most=per_page, skip=(page - 1) * per_page)]
    return [ExemplarGap.model_validate_json(row["state"]) for row in rows], rows[0]["found"] if rows else 0


async def waiting_drafts(tx: Reading) -> Sequence[Row]:
    """Drafts that wait for a review; what people offered first."""
    return [dict(row) async for row in _queries.waiting_drafts(tx)]


async def offers_of(tx: Reading, contact_id: str) -> Sequence[Row]:
    """What a person offered, the last first."""
    return [dict(row) async for row in _queries.offers_of(tx, contact_id=contact_id)]


async def review_of(tx: Reading, draft_id: str) -> Review | None:
    """The last review of a draft."""
    row = await _queries.review_of(tx, draft_id=draft_id)
    return None if row is None else Review.model_validate_json(row["state"])


async def names(tx: Reading, ids: Sequence[str | None]) -> Mapping[str, str]:
    """What people are called, by contact id; who was forgotten is not among them."""
    return {row["id"]: row["name"] async for row in _queries.names(tx, ids=[id_ for id_ in ids if id_])}


async def answered(tx: Reading, offer_id: str) -> bool:
    """Whether the library has answered the newest that was offered under this id; true where nothing was."""
    return bool(await _queries.answered(tx, id=offer_id) is not False)


async def retiring(tx: Reading, item_id: str) -> bool:
    """Whether a reviewer said to retire an item, and the library has not answered yet."""
    return bool(await _queries.retiring(tx, item_id=item_id))
