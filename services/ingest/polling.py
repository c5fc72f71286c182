"""Polling: each board is read when it is due, and what it says is saved and announced in one transaction."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import PASSING, Connection, passes
from loti_contracts.delivery.waiting import wait_for_any
from services.ingest import store
from services.ingest.boards import NotABoard
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.lifecycle import Decision, Seen, decide, doubts_after, expire
from services.ingest.reading import read_snapshot
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source
from services.ingest.store import Claim

_log = structlog.get_logger("polling")

_LONDON = ZoneInfo("Europe/London")
_DAY = 24 * 3600.0
_LEASE = 30.0
"""How long a board stays ours without a sign of life: should this process die, another takes it then."""
_LOOK = 0.5


@dataclass(frozen=True, slots=True)
class Polling:
    """How boards are polled. Times in seconds."""

    sources: Mapping[str, Source]
    fetcher: Fetcher
    every: float
    whole_every: float
    at_once: int
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Poll what is due until `stopping`; a database that is away is waited for."""
        registered = False
        while not stopping.is_set():
            try:
                if not registered:
                    await store.register(pool, list(self.sources.values()))
                    registered = True
                polled = await self.poll_due(pool)
            except PASSING as error:
                _log.warning("polling_interrupted", error=type(error).__name__)
                polled = 0
            if not polled:
                await wait_for_any(stopping, timeout=_LOOK)

    async def poll_due(self, pool: "asyncpg.Pool[Any]") -> int:
        """Poll up to `at_once` of the boards that are due; gives how many were. Raises PASSING when the database is
        away, after all of them have ended."""
        claims = await store.claim_due(pool, list(self.sources), lease=_LEASE, most=self.at_once)
        polls = (self._poll(pool, claim) for claim in claims)
        for outcome in await asyncio.gather(*polls, return_exceptions=True):
            if outcome is not None:
                raise outcome
        return len(claims)

    async def _poll(self, pool: "asyncpg.Pool[Any]", claim: Claim) -> None:
        """One board. A bug that one board's content brings to light must not keep the others from being read."""
        try:
            found = await self._read(pool, claim)
            await self._learned(pool, claim, self.sources[claim.source_id], found)
        except (FetchFailed, NotABoard) as error:
            await self._failed(pool, claim, error)
        except Exception as error:
            if passes(error):
                raise
            _log.exception("board_not_understood", source=claim.source_id)
            await self._failed(pool, claim, error)

    async def _read(self, pool: "asyncpg.Pool[Any]", claim: Claim) -> Snapshot | Unchanged:
        """The board over the network, our claim to it renewed meanwhile, but never after: the transaction that
        follows says when it is due again."""
        stale = claim.whole_age is None or claim.whole_age > self.whole_every
        renewing = asyncio.create_task(_keep(pool, claim))
        try:
            return await take_snapshot(
                self.fetcher,
                self.sources[claim.source_id],
                etag=None if stale else claim.etag,
                last_modified=None if stale else claim.last_modified,
            )
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _learned(
        self, pool: "asyncpg.Pool[Any]", claim: Claim, source: Source, found: Snapshot | Unchanged
    ) -> None:
        now = self.clock()
        today = now.astimezone(_LONDON).date()
        keys: dict[str, str] = {}
        seen: Seen | None = None
        if isinstance(found, Snapshot):
            seen, keys = read_snapshot(found, source, now=now)
        async with pool.acquire() as tx, tx.transaction():
            if not await store.hold(tx, claim):
                _log.info("poll_overtaken", source=source.id)
                return
            known = await store.known_roles(tx, source.id)
            doubts = claim.doubts
            if seen is None:
                decisions = expire(known, now=now, today=today)
            else:
                doubts = doubts_after(claim.doubts, known, seen)
                decisions = decide(known, seen, doubts=doubts, now=now, today=today)
            said = await self._announce(tx, decisions, keys)
            whole = isinstance(found, Snapshot) and found.why_incomplete is None and doubts == 0
            # Only what was read whole, with nothing to look at again, may be taken for known the next time.
            settled = whole and not any(decision.missing for decision in decisions)
            known_as: Snapshot | Claim | None = (
                claim if isinstance(found, Unchanged) else found if settled else None
            )
            outcome = _outcome(found)
            await store.poll_went_well(
                tx,
                claim,
                next_in=self.every * random.uniform(0.8, 1.2),  # noqa: S311 - jitter is no secret
                etag=known_as.etag if known_as else None,
                last_modified=known_as.last_modified if known_as else None,
                whole=whole,
                doubts=doubts,
                outcome=outcome,
            )
        if said or isinstance(found, Snapshot):
            _log.info("board_read", source=source.id, outcome=outcome, said=said)

    async def _failed(self, pool: "asyncpg.Pool[Any]", claim: Claim, error: Exception) -> None:
        now = self.clock()
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        wait = min(_DAY, max(asked or 0.0, self.every * 2 ** min(claim.failures + 1, 10)))
        async with pool.acquire() as tx, tx.transaction():
            if not await store.hold(tx, claim):
                return
            known = await store.known_roles(tx, claim.source_id)
            await self._announce(tx, expire(known, now=now, today=now.astimezone(_LONDON).date()), {})
            await store.poll_failed(
                tx,
                claim,
                next_in=wait * random.uniform(0.9, 1.0),  # noqa: S311
                outcome=f"failed: {error}"[:500],
            )
        _log.warning("board_not_read", source=claim.source_id, why=str(error)[:300])

    async def _announce(
        self, tx: Connection, decisions: Sequence[Decision], keys: Mapping[str, str]
    ) -> dict[str, int]:
        said: dict[str, int] = {}
        for decision in decisions:
            if decision.event is None:
                await store.save_missing(tx, decision.role_id, decision.missing)
                continue
            role = decision.event.role
            # A role that is not on the board now is known already: its key stays what it was.
            await store.save_role(tx, role, posting_key=keys.get(role.id, role.id), missing=decision.missing)
            await outbox.add(tx, decision.event)
            kind = decision.event.type.split(".")[3]
            said[kind] = said.get(kind, 0) + 1
            _log.info(f"role_{kind}", role_id=role.id, source=role.source, why=decision.why)
        return said


async def _keep(pool: "asyncpg.Pool[Any]", claim: Claim) -> None:
    """Renew the lease while the board is being read."""
    while True:
        await asyncio.sleep(_LEASE / 3)
        await store.renew(pool, claim, lease=_LEASE)


def _outcome(found: Snapshot | Unchanged) -> str:
    if isinstance(found, Unchanged):
        return "unchanged"
    refused = f", {len(found.refused)} refused" if found.refused else ""
    gaps = f", incomplete: {found.why_incomplete}" if found.why_incomplete else ""
    return f"{len(found.postings)} postings{refused}{gaps}"[:500]
