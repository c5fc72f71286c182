"""What the pages on rounds read. The SQL is in `queries.sql`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Round, RoundResult
from services.portal.rounds.naming import Names, Person, asking, everybody, helping

_queries = queries_beside(__file__)

PAGE = 50
"""Rounds on a page of the list."""
MOST = 300
"""Requests, and supporters, that can be chosen one by one; where there are more, a round is of everybody."""


@dataclass(frozen=True, slots=True)
class Held:
    """A round with what was said of it last."""

    round: Round
    result: RoundResult | None


async def load_rounds(connection: Connection, *, page: int) -> tuple[Sequence[Held], bool]:
    """One page of rounds, the newest first, and whether there are more."""
    found = [_held(row) async for row in _queries.rounds(connection, most=PAGE + 1, past=(page - 1) * PAGE)]
    return found[:PAGE], len(found) > PAGE


async def load_round(connection: Connection, round_id: str) -> Held | None:
    """A round; None where nobody stated it."""
    row = await _queries.round(connection, id=round_id)
    return _held(row) if row else None


async def load_names(connection: Connection, held: Held) -> Names:
    """Everybody whom a page about the round tells of."""
    requests, supporters = everybody(held.round, held.result)
    return Names(
        {row["id"]: _asking(row) async for row in _queries.requests_named(connection, ids=sorted(requests))},
        {
            row["id"]: _helping(row)
            async for row in _queries.supporters_named(connection, ids=sorted(supporters))
        },
    )


async def load_people(
    connection: Connection, kind: str
) -> tuple[Sequence[Person] | None, Sequence[Person] | None]:
    """Whom a round of that kind could bring together, requests and supporters; None for those who are too many to be
    chosen one by one."""
    asks = [_asking(row) async for row in _queries.open_requests(connection, kind=kind, most=MOST + 1)]
    helps = [_helping(row) async for row in _queries.listed_supporters(connection, kind=kind, most=MOST + 1)]
    return asks if len(asks) <= MOST else None, helps if len(helps) <= MOST else None


async def one_at_a_time(tx: Connection, what: str) -> None:
    """Whoever else states the same new round waits until `tx` ends."""
    await _queries.one_at_a_time(tx, what=what)


def _held(row: Mapping[str, Any]) -> Held:
    result = RoundResult.model_validate_json(row["result"]) if row["result"] else None
    return Held(Round.model_validate_json(row["round"]), result)


def _asking(row: Mapping[str, Any]) -> Person:
    return asking(row["id"], row["name"], row["borough"], role=row["role"], level=row["level"])


def _helping(row: Mapping[str, Any]) -> Person:
    return helping(row["id"], row["name"], row["borough"], known=row["known"], level=row["level"])
