"""Rounds that wait to be decided: what they are decided from is read, they are decided apart, and the result is said.

A kill at any moment loses nothing, since the round waits in its table, and doubles nothing, since a result is said in
the transaction that notes it, and only of the revision that still waits.
"""

import asyncio
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.repeating import repeat
from loti_contracts.events import Round, RoundDecided, RoundResult
from services.matching.asked_rounds import store
from services.matching.asked_rounds.apart import Decide, Undecided, decide_apart
from services.matching.asked_rounds.facts import Asked, Asking, Offering
from services.matching.asked_rounds.standing import why_not_now
from services.matching.asked_rounds.store import Known
from services.matching.cases import Case
from services.matching.looking import Looking

_log = structlog.get_logger("rounds")

_TRIES = 2


class RoundClock:
    """Decides what waits, every so many seconds."""

    def __init__(self, looking: Looking, *, every: float, decide: Decide = decide_apart) -> None:
        self._looking = looking
        self._every = every
        self._decide = decide

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Turn until `stopping`; while the database is away, try again the next time."""
        await repeat(self.turn, pool, stopping, every=self._every, what="the rounds' clock")

    async def turn(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> int:
        """Decide every round that waits; how many were."""
        async with pool.acquire() as connection:
            waiting = await store.to_decide(connection)
        done = 0
        for round_id in waiting:
            async with pool.acquire() as tx, tx.transaction():
                asked = await self._facts(tx, round_id)
            result = await self._decided(asked, stopping) if asked else None
            if asked is None or result is None:
                continue
            async with pool.acquire() as tx, tx.transaction():
                done += await self._say(tx, asked, result)
        return done

    async def _facts(self, tx: Connection, round_id: str) -> Asked | None:
        """What a round is decided from, as it is now."""
        await self._looking.begin(tx)
        known = await store.load(tx, round_id)
        if known is None or not known.waits:
            return None
        round_, now = known.round, self._looking.clock()
        cases = await store.load_cases(tx, kind=round_.kind, named=round_.request_ids)
        people = self._looking.people.candidates
        if round_.supporter_ids:
            offering = [one for id_ in round_.supporter_ids if (one := people.get(id_)) is not None]
        else:
            offering = [
                one
                for one in people
                if one.supporter.kind == round_.kind and one.supporter.status == "listed"
            ]
        there = {case.request.id for case in cases} | {one.supporter.id for one in offering}
        named = {*round_.request_ids, *round_.supporter_ids} - {*round_.without}
        return Asked(
            round=round_,
            asking=tuple(Asking(request=case.request, not_now=self._not_now(case, round_)) for case in cases),
            offering=tuple(Offering.of(one) for one in sorted(offering, key=lambda one: one.supporter.id)),
            unknown=tuple(sorted(named - there)),
            fresh_for=self._looking.rules.fresh_for,
            before=known.proposed,
            revision=known.next_revision,
            now=now,
        )

    def _not_now(self, case: Case, round_: Round) -> str | None:
        looking = self._looking
        return why_not_now(
            case, kind=round_.kind, now=looking.clock(), unanswered_days=looking.unanswered_days
        )

    async def _decided(self, asked: Asked, stopping: asyncio.Event) -> RoundResult | None:
        for _ in range(_TRIES):
            try:
                return await self._decide(asked, stopping)
            except Undecided as error:
                why = str(error)
        return _refused(
            asked, f"It could not be decided: {why}. Take fewer people, or tell who runs the system."
        )

    async def _say(self, tx: Connection, asked: Asked, result: RoundResult) -> bool:
        """Say it, if the round still waits for it."""
        await self._looking.begin(tx)
        known = await store.load(tx, asked.round.id)
        if known is None or not known.waits or known.round.revision != asked.round.revision:
            return False
        try:
            await _add(tx, result, known)
        except outbox.TooLarge:
            result = _refused(
                asked,
                f"Its result, of {len(result.pairs)} pairs, is larger than a message may be. Split the round, by role "
                "family for example.",
            )
            await _add(tx, result, known)
        await store.save_result(tx, result)
        _log.info(
            "round_decided",
            round_id=result.id,
            revision=result.revision,
            status=result.status,
            pairs=len(result.pairs),
        )
        return True


async def _add(tx: Connection, result: RoundResult, known: Known) -> None:
    await outbox.add(
        tx,
        RoundDecided(result=result),
        correlation_id=known.correlation_id,
        causation_id=known.causation_id,
    )


def _refused(asked: Asked, why: str) -> RoundResult:
    return RoundResult(
        id=asked.round.id,
        revision=asked.revision,
        round_revision=asked.round.revision,
        status="refused",
        why=why,
        decided_at=asked.now,
    )
