"""The tables, as typed functions. The SQL and its explanations are in `queries.sql`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Answer, Benchmark, Candidate, LeftOut, Match, Request, Supporter
from services.matching.eligibility import SupporterNow
from services.matching.matches import Case

_queries = queries_beside(__file__)
_candidates = TypeAdapter(tuple[Candidate, ...])
_left_out = TypeAdapter(tuple[LeftOut, ...])


async def one_at_a_time(tx: Connection) -> None:
    """Hold everyone else who changes requests, supporters or answers until `tx` ends. Take it before reading."""
    await _queries.one_at_a_time(tx)


async def save_supporter(tx: Connection, supporter: Supporter) -> bool:
    """Keep what a supporter states; False when it is not newer than what is known."""
    saved = await _queries.save_supporter(
        tx,
        id=supporter.id,
        revision=supporter.revision,
        kind=supporter.kind,
        state=supporter.model_dump_json(),
    )
    return saved is not None


async def save_request(tx: Connection, request: Request) -> bool:
    """Keep what a request states; False when it is not newer than what is known."""
    saved = await _queries.save_request(
        tx,
        id=request.id,
        revision=request.revision,
        kind=request.kind,
        status=request.status,
        state=request.model_dump_json(),
    )
    return saved is not None


async def save_answer(tx: Connection, said: Answer) -> bool:
    """Keep an answer; False when it is not newer than what is known."""
    saved = await _queries.save_answer(
        tx, match_id=said.id, revision=said.revision, state=said.model_dump_json()
    )
    return saved is not None


async def save_benchmark(tx: Connection, benchmark: Benchmark) -> bool:
    """Keep a benchmark; False when it is not newer than what is known."""
    saved = await _queries.save_benchmark(
        tx,
        id=benchmark.id,
        revision=benchmark.revision,
        standard_role=benchmark.standard_role,
        state=benchmark.model_dump_json(),
    )
    return saved is not None


async def save_match(tx: Connection, case: Case, match: Match) -> None:
    """Keep a match as it is now, with what its case remembers beside it."""
    await _queries.save_match(
        tx,
        id=match.id,
        request_id=match.request_id,
        status=match.status,
        accepted_supporter_id=match.accepted.supporter_id if match.accepted else None,
        state=match.model_dump_json(),
        offered=_candidates.dump_json(case.offered).decode(),
        answered_revision=case.answered_revision,
    )


async def load_supporter(tx: Connection, id: str) -> SupporterNow | None:
    """One supporter with their load; None when nobody has that id."""
    row = await _queries.load_supporter(tx, id=id)
    return _supporter(row) if row else None


async def load_supporters(tx: Connection, kind: str) -> Sequence[SupporterNow]:
    """Everyone listed as that kind of help, or withdrawn from it, with their load."""
    return [_supporter(row) async for row in _queries.load_supporters(tx, kind=kind)]


async def load_open_cases(tx: Connection, kind: str) -> Sequence[Case]:
    """Every open request for that kind of help that nobody has been accepted for."""
    return [_case(row) async for row in _queries.load_open_cases(tx, kind=kind)]


async def load_case(tx: Connection, request_id: str) -> Case | None:
    """One request with its match; None when the request is not known."""
    row = await _queries.load_case(tx, request_id=request_id)
    return _case(row) if row else None


async def load_case_of_match(tx: Connection, match_id: str) -> Case | None:
    """The request that a match is for; None when the match is not known."""
    row = await _queries.load_case_of_match(tx, match_id=match_id)
    return _case(row) if row else None


async def load_benchmarks(tx: Connection, standard_role: str) -> Sequence[Benchmark]:
    """Every cell known of a standard role."""
    rows = _queries.load_benchmarks(tx, standard_role=standard_role)
    return [Benchmark.model_validate_json(row["state"]) async for row in rows]


async def keep_waiting(
    tx: Connection, request_id: str, left_out: Sequence[LeftOut], *, now: datetime
) -> None:
    """Remember that nobody can help with this request now, and why."""
    reasons = _left_out.dump_json(tuple(left_out)).decode()
    await _queries.keep_waiting(tx, request_id=request_id, since=now, left_out=reasons)


async def stop_waiting(tx: Connection, request_id: str) -> None:
    """The request has a shortlist, or needs none."""
    await _queries.stop_waiting(tx, request_id=request_id)


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that is still open: with its match, or why it waits and since when."""

    request: Request
    match: Match | None
    waiting_since: datetime | None
    left_out: tuple[LeftOut, ...]


async def load_open_requests(connection: Connection) -> Sequence[OpenRequest]:
    """Every open request, oldest first."""
    return [
        OpenRequest(
            request=Request.model_validate_json(row["request"]),
            match=Match.model_validate_json(row["match"]) if row["match"] else None,
            waiting_since=row["since"],
            left_out=_left_out.validate_json(row["left_out"]) if row["left_out"] else (),
        )
        async for row in _queries.load_open_requests(connection)
    ]


def _supporter(row: Mapping[str, Any]) -> SupporterNow:
    return SupporterNow(Supporter.model_validate_json(row["state"]), row["load"])


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        request=Request.model_validate_json(row["request"]),
        match=Match.model_validate_json(row["match"]) if row["match"] else None,
        offered=_candidates.validate_json(row["offered"]) if row["offered"] else (),
        answered_revision=row["answered_revision"],
    )
