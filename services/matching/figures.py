"""What people who look in are shown: requests with their matches, and figures. The SQL is in `queries.sql`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Match, Request
from services.matching.metrics import Course

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its match, if anything was ever said of it."""

    request: Request
    match: Match | None

    @property
    def stage(self) -> str:
        """How far it is."""
        return self.match.stage or self.match.status if self.match else "open"


async def load_requests(connection: Connection, *, stages: Sequence[str] = ()) -> Sequence[Asked]:
    """Every request, oldest first; of these stages alone, if any are named."""
    return [
        Asked(
            request=Request.model_validate_json(row["request"]),
            match=Match.model_validate_json(row["match"]) if row["match"] else None,
        )
        async for row in _queries.load_requests(connection, stages=list(stages))
    ]


async def load_courses(connection: Connection) -> Sequence[Course]:
    """Every request, and when it first got how far."""
    return [Course(**dict(row)) async for row in _queries.load_courses(connection)]


async def outcome_revision(connection: Connection, match_id: str) -> int:
    """The revision of the last outcome stated of a match; 0 where none was."""
    return int(await _queries.outcome_revision(connection, match_id=match_id) or 0)


async def progress(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """The figures of the health page."""
    return dict(await _queries.progress(pool))
