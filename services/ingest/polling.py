"""Polling: each board is read when it is due, and what it says is saved and announced in one transaction."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import PASSING, Connection
from loti_contracts.delivery.waiting import wait_for_any
from services.ingest import store
from services.ingest.boards import NotABoard
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.lifecycle import Decision, Seen, decide, doubtful, expire
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

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Poll what is due until `stopping`; a database that is away is waited for."""
        registered = False
        while not stopping.is_set():
            try:
                if not registered:
                    await store.register(pool, list(self.sources.values()))
                    registered = True
                claims = await store.claim_due(pool, list(self.sources), lease=_LEASE, most=self.at_once)
                await asyncio.gather(*(self._poll(pool, claim) for claim in claims))
            except PASSING as error:
                _log.warning("polling_interrupted", error=type(error).__name__)
                claims = []
            if not claims:
                await wait_for_any(stopping, timeout=_LOOK)

    async def _poll(self, pool: "asyncpg.Pool[Any]", claim: Claim) -> None:
        """One board. A bug that one board's content brings to light must not keep the others from being read."""
        renewing = asyncio.create_task(_keep(pool, claim))
        try:
            await self._read(pool, claim)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - kept as the poll's outcome, with its stack in the log
            _log.exception("board_not_read", source=claim.source_id)
            await self._failed(pool, claim, error)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _read(self, pool: "asyncpg.Pool[Any]", claim: Claim) -> None:
        source = self.sources[claim.source_id]
        now = datetime.now(UTC)
        due = claim.last_whole_at is None or (now - claim.last_whole_at).total_seconds() > self.whole_every
        try:
            found = await take_snapshot(
                self.fetcher,
                source,
                etag=None if due else claim.etag,
                last_modified=None if due else claim.last_modified,
            )
        except (FetchFailed, NotABoard) as error:
            await self._failed(pool, claim, error)
        else:
            await self._learned(pool, claim, source, found)

    async def _learned(
        self, pool: "asyncpg.Pool[Any]", claim: Claim, source: Source, found: Snapshot | Unchanged
    ) -> None:
        now = datetime.now(UTC)
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
                doubts = claim.doubts + 1 if doubtful(known, seen) else 0
                decisions = decide(known, seen, doubts=doubts, now=now, today=today)
            said = await self._announce(tx, decisions, keys)
            whole = isinstance(found, Snapshot) and found.why_incomplete is None and doubts == 0
            outcome = _outcome(found)
            await store.poll_went_well(
                tx,
                claim,
                next_in=self.every * random.uniform(0.8, 1.2),  # noqa: S311 - jitter is no secret
                # An incomplete or doubted reading must not be taken for known the next time.
                etag=found.etag if isinstance(found, Snapshot) and whole else None,
                last_modified=found.last_modified if isinstance(found, Snapshot) and whole else None,
                whole=whole,
                doubts=doubts,
                outcome=outcome,
            )
        if said or isinstance(found, Snapshot):
            _log.info("board_read", source=source.id, outcome=outcome, said=said)

    async def _failed(self, pool: "asyncpg.Pool[Any]", claim: Claim, error: Exception) -> None:
        now = datetime.now(UTC)
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
