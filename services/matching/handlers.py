"""What matching does when it hears something. The consumer owns the transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.events import (
    AnswerStated,
    BenchmarkInBrief,
    BenchmarkUpdated,
    Envelope,
    Match,
    Request,
    RequestStated,
    SupporterStated,
)
from services.matching import answers, benchmarks, matches, store
from services.matching.eligibility import SupporterNow, bar
from services.matching.fit import Weights
from services.matching.matches import Case
from services.matching.shortlist import SIZE, Shortlist, shortlist

_log = structlog.get_logger("matching")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Matching:
    """The handlers, with what they are told once: the weights, the size of a shortlist, and the clock."""

    weights: Weights = field(default_factory=Weights)
    size: int = SIZE
    clock: Callable[[], datetime] = _utc_now

    async def on_request_stated(self, envelope: Envelope[RequestStated], tx: Connection) -> None:
        """Find supporters for a request that is new or changed, or let go of one that is withdrawn."""
        request = envelope.event.request
        await store.one_at_a_time(tx)
        if not await store.save_request(tx, request):
            return
        case = await store.load_case(tx, request.id)
        assert case is not None  # noqa: S101 - it was saved a moment ago
        await self._reconsider(tx, [case], request.kind, cause=envelope)
        if case.match and case.status == "accepted" and request.status == "withdrawn":
            await self._reconsider_open(tx, case.match.kind, cause=envelope)

    async def on_supporter_stated(self, envelope: Envelope[SupporterStated], tx: Connection) -> None:
        """Look again at every open request that a new, changed or withdrawn supporter may concern."""
        supporter = envelope.event.supporter
        await store.one_at_a_time(tx)
        before = await store.load_supporter(tx, supporter.id)
        if not await store.save_supporter(tx, supporter):
            return
        kinds = {supporter.kind} | ({before.supporter.kind} if before else set())
        for kind in sorted(kinds):
            await self._reconsider_open(tx, kind, cause=envelope)

    async def on_answer_stated(self, envelope: Envelope[AnswerStated], tx: Connection) -> None:
        """Introduce whom the borough chose, or note that it declined."""
        said = envelope.event.answer
        await store.one_at_a_time(tx)
        case = await store.load_case_of_match(tx, said.id)
        if case is None:
            raise Park(
                f"there is no match {said.id} to answer: a match is answered after it is proposed. If its request "
                "was stated since, replay this message; otherwise correct the match id"
            )
        if not await store.save_answer(tx, said):
            return
        named = await store.load_supporter(tx, said.supporter_id) if said.supporter_id else None
        try:
            after = answers.answer(
                case,
                said,
                barred=bar(case.request, named, today=self._today()) if named else None,
                found=self._shortlist(case.request, await store.load_supporters(tx, case.request.kind)),
                benchmark=await _benchmark(tx, case.request),
                now=self.clock(),
            )
        except answers.CannotBe as error:
            raise Park(str(error)) from error
        if after is None or after.match is None:
            return
        await _save_and_announce(tx, case, after, after.match, cause=envelope)
        await self._reconsider(tx, [after], after.request.kind, cause=envelope)
        if after.status == "accepted":
            await self._reconsider_open(tx, after.match.kind, cause=envelope)

    async def on_benchmark_updated(self, envelope: Envelope[BenchmarkUpdated], tx: Connection) -> None:
        """Keep the benchmark for the introductions to come."""
        await store.save_benchmark(tx, envelope.event.benchmark)

    async def _reconsider_open(self, tx: Connection, kind: str, *, cause: Envelope[Any]) -> None:
        await self._reconsider(tx, await store.load_open_cases(tx, kind), kind, cause=cause)

    async def _reconsider(
        self, tx: Connection, cases: Sequence[Case], kind: str, *, cause: Envelope[Any]
    ) -> None:
        """Look afresh at who could help with these requests, all for one kind of help."""
        supporters = await store.load_supporters(tx, kind) if cases else []
        for case in cases:
            found = self._shortlist(case.request, supporters)
            after = matches.reconsider(case, found, now=self.clock())
            if after is not None and after.match is not None:
                await _save_and_announce(tx, case, after, after.match, cause=cause)
            if case.request.status == "open" and not case.settled and not found.candidates:
                reasons = found.left_out[: matches.LEFT_OUT_TOLD]
                await store.keep_waiting(tx, case.request.id, reasons, now=self.clock())
                _log.info("request_waiting", request_id=case.request.id, left_out=len(found.left_out))
            else:
                await store.stop_waiting(tx, case.request.id)

    def _shortlist(self, request: Request, supporters: Sequence[SupporterNow]) -> Shortlist:
        return shortlist(request, supporters, today=self._today(), weights=self.weights, size=self.size)

    def _today(self) -> date:
        return self.clock().date()


async def _save_and_announce(
    tx: Connection, before: Case, after: Case, match: Match, *, cause: Envelope[Any]
) -> None:
    await store.save_match(tx, after, match)
    await outbox.add(tx, matches.announcement(before.match, match), caused_by=cause)
    _log.info(
        "match_said",
        match_id=match.id,
        revision=match.revision,
        status=match.status,
        candidates=len(match.shortlist),
    )


async def _benchmark(tx: Connection, request: Request) -> BenchmarkInBrief | None:
    if request.standard_role is None:
        return None
    return benchmarks.best_of(request, await store.load_benchmarks(tx, request.standard_role))
