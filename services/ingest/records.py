"""The records: how every poll went, and what became of each role and why. Kept for 400 days."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from loti_contracts.delivery.database import Connection, queries_beside
from services.ingest.decisions import Decision

_queries = queries_beside(__file__)

Outcome = Literal["complete", "partial", "failed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Run:
    """One poll: what came of it, how many postings were on the board, how many of them are digital roles, how many
    could not be read, how many events of each kind were said, and how many seconds it took."""

    outcome: Outcome
    seconds: float
    why: str | None = None
    postings: int = 0
    digital: int = 0
    refused: int = 0
    said: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Polls in a row that found a board unchanged, which are written down with the next that has something to write:
    how many, the moment of the first and the last, and how many seconds that took."""

    times: int
    first_at: datetime
    last_at: datetime
    seconds: float

    @property
    def looks(self) -> list[tuple[datetime, bool]]:
        """As in `looks`."""
        return [(at, False) for at in dict.fromkeys((self.first_at, self.last_at))]


async def save_run(tx: Connection, source_id: str, run: int, went: Run) -> None:
    """Keep how a poll went."""
    await _queries.save_run(
        tx,
        source=source_id,
        run=run,
        seconds=went.seconds,
        outcome=went.outcome,
        why=went.why,
        postings=went.postings,
        digital=went.digital,
        refused=went.refused,
        said=json.dumps(dict(went.said)),
    )


async def save_quiet(tx: Connection, source_id: str, run: int, quiet: Quiet) -> None:
    """Keep polls that found no change, as one run."""
    await _queries.save_unchanged(
        tx,
        source=source_id,
        run=run,
        first_at=quiet.first_at,
        last_at=quiet.last_at,
        seconds=quiet.seconds,
        times=quiet.times,
    )


async def save_decisions(
    tx: Connection, source_id: str, run: int | None, decisions: Sequence[Decision]
) -> None:
    """Keep what was decided, apart from what goes without saying. `run` is None where the calendar decided."""
    told = [decision for decision in decisions if decision.what != "as it was"]
    if told:
        await _queries.save_decisions(
            tx,
            source=source_id,
            run=run,
            role_ids=[decision.role_id for decision in told],
            decisions=[decision.what for decision in told],
            whys=[decision.why for decision in told],
        )


async def looks(tx: Connection, source_id: str) -> list[tuple[datetime, bool]]:
    """A board's last looks that taught something, in order: when, and whether anything was said of it. Looks in a row
    that found no change are there with their first and last."""
    found: list[tuple[datetime, bool]] = []
    async for row in _queries.looks(tx, source=source_id):
        found.append((row["started_at"], row["changed"]))
        if row["last_at"] > row["started_at"]:
            found.append((row["last_at"], False))
    return found


async def runs_of(
    connection: Connection, source_id: str | None = None, *, most: int = 50
) -> list[dict[str, Any]]:
    """A board's polls, newest first: source, run, started_at, seconds, outcome, why, postings, digital, refused, said
    (kind → number), times, last_at. Of all boards where none is named."""
    rows = [dict(row) async for row in _queries.runs_of(connection, source=source_id, most=most)]
    return [row | {"said": json.loads(row["said"])} for row in rows]


async def decisions_about(
    connection: Connection, *, source_id: str | None = None, role_id: str | None = None, most: int = 50
) -> list[dict[str, Any]]:
    """What was decided, newest first: source, run, role_id, decision, why, at, title."""
    rows = _queries.decisions_about(connection, source=source_id, role_id=role_id, most=most)
    return [dict(row) async for row in rows]
