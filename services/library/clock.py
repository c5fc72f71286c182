"""What the passing of time does: events are over, exemplars grow old, drafts are assembled.

Any number of processes may run it. Each thing that is due has a transaction of its own, in which it is looked at anew, so
that whoever comes second finds nothing to do. Assembling takes long; it happens between two short transactions.
"""

import asyncio
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.repeating import repeat
from loti_contracts.events import Content
from services.library import gap_store, reviewing, store
from services.library.adverts import Advert, digest
from services.library.assembling.assemble import NothingInCommon, assemble
from services.library.assembling.drafts import content_of, draft_id, exemplar_id, next_draft
from services.library.causes import NO_CAUSE
from services.library.gap_store import Due
from services.library.librarian import Librarian
from services.library.rules import months_before

_log = structlog.get_logger("library")


class Clock:
    """Finds what is due every so many seconds."""

    def __init__(self, librarian: Librarian, *, every: float) -> None:
        self._librarian = librarian
        self._every = every

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Turn until `stopping`; while the database is away, try again the next time."""
        await repeat(self.turn, pool, stopping, every=self._every, what="the library's clock")

    async def turn(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event | None = None) -> int:
        """Do all that is due now; how many things that were."""
        now = self._librarian.clock()
        async with pool.acquire() as connection:
            over = [row["id"] async for row in store.queries.items_over(connection, now=now)]
            before = months_before(now, self._librarian.rules.exemplar_months)
            old = await gap_store.grown_old(connection, before=before)
            due = await gap_store.gaps_to_assemble(connection)
        for item_id in over:
            async with pool.acquire() as tx, tx.transaction():
                await self._retire(tx, item_id)
        if old:
            async with pool.acquire() as tx, tx.transaction():
                await self._librarian.begin(tx)
                await self._librarian.look(tx, dict.fromkeys(old, NO_CAUSE))
        for number, one in enumerate(due):
            if stopping is not None and stopping.is_set():
                return len(over) + len(old) + number
            await self._assemble(pool, one)
        return len(over) + len(old) + len(due)

    async def _retire(self, tx: Connection, item_id: str) -> None:
        """An event that is over, unless it was retired or put off meanwhile."""
        await self._librarian.begin(tx)
        item = await store.load_item(tx, item_id)
        over = item and item.happening and item.happening.ends_at < self._librarian.clock()
        if over and item and item.status == "published":
            await self._librarian.keep_item(
                tx, item, reviewing.retired(item, item_id, now=self._librarian.clock())
            )

    async def _assemble(self, pool: "asyncpg.Pool[Any]", due: Due) -> None:
        """Make the draft of a gap anew, if its adverts changed since it was last made."""
        async with pool.acquire() as connection:
            adverts = await self._adverts(connection, due)
        made_from = digest(adverts, item_id=due.item_id or "")
        content, because = None, None
        if made_from != due.assembled_from:
            try:
                content = content_of(due.key, await asyncio.to_thread(assemble, adverts))
            except NothingInCommon as nothing:
                because = str(nothing)
        async with pool.acquire() as tx, tx.transaction():
            await self._librarian.begin(tx)
            gap = await gap_store.lock_gap(tx, due.key)
            if gap is None or gap.item_id != due.item_id:
                return  # done by another process, or to be looked at anew
            if digest(await self._adverts(tx, due), item_id=due.item_id or "") != made_from:
                return  # the next turn sees the newer adverts
            if made_from == due.assembled_from:
                await store.queries.unmark_to_assemble(tx, id=due.key.id)
                return
            await gap_store.mark_assembled(tx, due.key, digest=made_from, no_draft_because=because)
            if content is not None:
                await self._keep_draft(tx, due, content, gap)

    async def _adverts(self, connection: Connection, due: Due) -> list[Advert]:
        rules = self._librarian.rules
        since = months_before(self._librarian.clock(), rules.advert_months)
        return await gap_store.adverts_to_assemble(connection, due.key, since=since, most=rules.adverts_most)

    async def _keep_draft(self, tx: Connection, due: Due, content: Content, gap: gap_store.Locked) -> None:
        before, _ = await store.load_draft(tx, draft_id(due.key))
        if before is not None and before.origin != "assembled":
            _log.warning("draft_id_taken", draft_id=before.id)
            return
        after = next_draft(
            before,
            content,
            id_=draft_id(due.key),
            item_id=due.item_id or exemplar_id(due.key),
            now=self._librarian.clock(),
        )
        if after is None:
            return
        await self._librarian.keep_draft(tx, before, after, cause=gap.cause)
        _log.info(
            "draft_assembled", draft_id=after.id, revision=after.revision, adverts=len(content.made_from)
        )
        await self._librarian.look(tx, {due.key: gap.cause})
        await store.queries.unmark_to_assemble(tx, id=due.key.id)
