"""The tables of rounds, as typed functions. The SQL and its explanations are in `queries.sql`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Envelope, Round, RoundResult
from services.matching.cases import Case
from services.matching.store import case_of

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Known:
    """A round as it was last stated, and what was said of it."""

    round: Round
    said: RoundResult | None
    proposed: RoundResult | None
    """The last result with pairs."""
    decided_revision: int
    correlation_id: str
    causation_id: str

    @property
    def waits(self) -> bool:
        """Whether nothing was said of its newest revision yet."""
        return self.decided_revision < self.round.revision

    @property
    def next_revision(self) -> int:
        """Of what is said next."""
        return self.said.revision + 1 if self.said else 1


async def save(tx: Connection, round_: Round, *, cause: Envelope[Any]) -> None:
    """Keep what a round states, and what to say as the cause of its result."""
    await _queries.save_round(
        tx,
        id=round_.id,
        revision=round_.revision,
        status=round_.status,
        state=round_.model_dump_json(),
        correlation_id=cause.correlation_id,
        causation_id=cause.id,
    )


async def load(tx: Connection, round_id: str) -> Known | None:
    """A round; None when nobody stated it."""
    row = await _queries.load_round(tx, id=round_id)
    if row is None or row["revision"] == 0:  # what was said of it is known again, but not yet what was stated
        return None
    return Known(
        round=Round.model_validate_json(row["state"]),
        said=_result(row["result"]),
        proposed=_result(row["proposed"]),
        decided_revision=row["decided_revision"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
    )


async def to_decide(connection: Connection) -> Sequence[str]:
    """The rounds of whose newest revision nothing was said yet."""
    return [row["id"] async for row in _queries.rounds_to_decide(connection)]


async def save_result(tx: Connection, result: RoundResult) -> None:
    """Keep what is said of a round now."""
    await _queries.save_result(
        tx,
        id=result.id,
        decided_revision=result.round_revision,
        result=result.model_dump_json(),
        with_pairs=result.status == "proposed",
    )


async def load_cases(tx: Connection, *, kind: str, named: Sequence[str]) -> Sequence[Case]:
    """The requests that are named; where none is, every open one of the kind that somebody is looked for."""
    return [case_of(row) async for row in _queries.load_cases(tx, kind=kind, named=list(named))]


async def places_of(tx: Connection, round_id: str) -> Mapping[str, str]:
    """The requests that a place of this round is still kept for, with the supporter who keeps it."""
    rows = _queries.places_of_round(tx, round_id=round_id)
    return {row["request_id"]: row["supporter_id"] async for row in rows}


def _result(state: str | None) -> RoundResult | None:
    return RoundResult.model_validate_json(state) if state else None
