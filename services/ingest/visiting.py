"""Visiting: one board is asked what it shows, and what follows is concluded; or it is left alone until its next turn."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog

from loti_contracts.delivery.database import passes
from loti_contracts.delivery.traced_work import step, work
from services.ingest import concluding, metrics, records, sightings_store, store
from services.ingest.assess import assess, to_look_at
from services.ingest.boards import NotABoard
from services.ingest.boards.snapshot import Unchanged
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.guard import Witness
from services.ingest.identity import Seen
from services.ingest.poll import Found, Poll, day_of, hold
from services.ingest.reading import Readings, read_snapshot
from services.ingest.records import Quiet
from services.ingest.recovery.claiming import claim
from services.ingest.schedule import next_ask
from services.ingest.second_look import look_at
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source
from services.ingest.store import Turn

_log = structlog.get_logger("polling")

_NO_OWN_BOARD: Final = 99
"""How far a board is from any employer that advertises for nobody in particular."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A board found unchanged since its poll number `run` was concluded, and left alone until the monotonic clock
    says `until`."""

    run: int
    until: float
    quiet: Quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """How boards are read. Times in seconds. `rests` is what is remembered of boards that have not changed,
    `readings` how each board's adverts were read last."""

    sources: Mapping[str, Source]
    fetcher: Fetcher
    every: float
    whole_every: float
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    rests: dict[str, Rest] = field(default_factory=dict)
    readings: dict[str, Readings] = field(default_factory=lambda: defaultdict(Readings))

    def rank(self, source_id: str) -> int:
        """How far a board is from the employer: for how many authorities it advertises."""
        source = self.sources.get(source_id)
        return len(source.authorities) or _NO_OWN_BOARD if source else _NO_OWN_BOARD

    async def visit(self, pool: "asyncpg.Pool[Any]", turn: Turn) -> None:
        """Poll one board. A bug that one board's content brings to light must not keep the others from being read."""
        source, begun = self.sources[turn.source_id], time.monotonic()
        try:
            with work("poll", {"loti.source": source.id}):
                await self._visit(pool, turn, source, begun)
        except (FetchFailed, NotABoard) as error:
            await self._failed(pool, turn, error, begun)
        except Exception as error:
            if passes(error):
                raise
            _log.exception("board_not_understood", source=turn.source_id)
            await self._failed(pool, turn, error, begun)

    async def _visit(self, pool: "asyncpg.Pool[Any]", turn: Turn, source: Source, begun: float) -> None:
        found = await self._read(pool, turn, source)
        if isinstance(found.answer, Unchanged) and await self._rest(pool, turn, found.answer, begun):
            return
        with step("conclude"):
            async with pool.acquire() as tx, tx.transaction():
                poll = self._concluded(turn, begun)
                if not await hold(tx, poll):
                    _log.info("poll_overtaken", source=source.id)
                    return
                await concluding.learned(tx, poll, found)
        self.rests.pop(source.id, None)

    def _concluded(self, turn: Turn, begun: float) -> Poll:
        rest = self.rests.get(turn.source_id)
        return Poll(
            turn=turn,
            source=self.sources[turn.source_id],
            every=self.every,
            rank=self.rank,
            seconds=time.monotonic() - begun,
            now=self.clock(),
            quiet=rest.quiet if rest is not None and rest.run == turn.run else None,
        )

    async def _rest(self, pool: "asyncpg.Pool[Any]", turn: Turn, answer: Unchanged, begun: float) -> bool:
        """Leave a board alone that has not changed; False where there is something to write all the same."""
        if turn.failures or turn.failing:
            return False
        now, rest = datetime.now(UTC), self.rests.get(turn.source_id)
        before = rest.quiet if rest is not None and rest.run == turn.run else None
        quiet = Quiet(
            times=before.times + 1 if before else 1,
            first_at=before.first_at if before else now,
            last_at=now,
            seconds=time.monotonic() - begun,
        )
        async with pool.acquire() as connection:
            if await store.overdue(connection, turn.source_id, day_of(self.clock()).today):
                return False
            looks = await records.looks(connection, turn.source_id)
        wait = next_ask(
            [*looks, *quiet.looks],
            every=self.every,
            random=random.random(),  # noqa: S311 - jitter is no secret
            fresh_for=answer.fresh_for,
        )
        self.rests[turn.source_id] = Rest(turn.run, time.monotonic() + wait, quiet)
        metrics.polls.labels(turn.source_id, "unchanged").inc()
        return True

    async def _read(self, pool: "asyncpg.Pool[Any]", turn: Turn, source: Source) -> Found:
        """The board over the network, and the own pages of roles that it no longer lists."""
        stale = turn.whole_age is None or turn.whole_age > self.whole_every
        answer = await take_snapshot(
            self.fetcher,
            source,
            etag=None if stale else turn.etag,
            last_modified=None if stale else turn.last_modified,
        )
        if isinstance(answer, Unchanged):
            return Found(answer)
        with step("extract"):
            seen, keys = await asyncio.to_thread(
                read_snapshot, answer, source, now=self.clock(), before=self.readings[source.id]
            )
        with step("look again"):
            async with pool.acquire() as tx, tx.transaction():
                await claim(tx, source.id, seen, keys)
            return Found(answer, seen, keys, await self._look(pool, turn, source, seen))

    async def _look(
        self, pool: "asyncpg.Pool[Any]", turn: Turn, source: Source, seen: Seen
    ) -> Mapping[str, Witness]:
        """The second look, before the last step. What it is decided by is read again in the transaction."""
        async with pool.acquire() as connection:
            known = await sightings_store.known_sightings(connection, source.id)
        today = day_of(self.clock()).today
        found = assess(known, seen, recent=turn.recent, doubts=turn.doubts, today=today)
        ids = to_look_at(known, found, today=today)
        return await look_at(self.fetcher, ids, known, lists=(str(source.url),))

    async def _failed(self, pool: "asyncpg.Pool[Any]", turn: Turn, error: Exception, begun: float) -> None:
        expected = isinstance(error, (FetchFailed, NotABoard))
        async with pool.acquire() as tx, tx.transaction():
            poll = self._concluded(turn, begun)
            if not await hold(tx, poll):
                return
            await concluding.failed(
                tx,
                poll,
                str(error),
                told=None if expected else "it brings a fault of ours to light",
                retry_after=error.retry_after if isinstance(error, FetchFailed) else None,
            )
        self.rests.pop(turn.source_id, None)
        _log.warning("board_not_read", source=turn.source_id, why=str(error)[:300])
