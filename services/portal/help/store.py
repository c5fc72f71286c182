"""What the pages on help read and say. The SQL is in `queries.sql`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Match, Outcome, Request, Role, Supporter
from loti_contracts.events.answers import Answer
from services.portal.help.shortlist import Person
from services.portal.help.standing import Known

_queries = queries_beside(__file__)

PAGE = 50
"""Requests on a page of the list."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests a list shows. `borough`: whose; None: everybody's. `stages`: of matches; None: all."""

    borough: str | None = None
    kind: str | None = None
    stages: tuple[str, ...] | None = None
    page: int = 1


async def load_requests(tx: Connection, wanted: Wanted) -> tuple[list[Known], bool]:
    """One page of requests, the newest first, and whether there are more."""
    rows = [
        row
        async for row in _queries.requests(
            tx,
            borough=wanted.borough,
            kind=wanted.kind,
            stages=list(wanted.stages) if wanted.stages is not None else None,
            most=PAGE + 1,
            past=(wanted.page - 1) * PAGE,
        )
    ]
    return [_known(row) for row in rows[:PAGE]], len(rows) > PAGE


async def load_request(tx: Connection, request_id: str) -> Known | None:
    """A request with all that was heard of it; None where nobody asked so."""
    row = await _queries.request_known(tx, request_id=request_id)
    return None if row is None else _known(row)


async def load_match(tx: Connection, match_id: str) -> Known | None:
    """The same by the id of its match."""
    row = await _queries.request_of_match(tx, match_id=match_id)
    return None if row is None else _known(row)


async def load_introductions(tx: Connection, contact_id: str) -> list[Known]:
    """Requests whose borough accepted this contact, the newest first."""
    rows = _queries.introductions(tx, contact_id=contact_id, most=PAGE)
    return [_known(row) async for row in rows]


async def load_people(tx: Connection, ids: Collection[str]) -> Mapping[str, Person]:
    """Those of these contacts that are known, by id."""
    rows = _queries.people(tx, ids=sorted(set(ids)))
    return {row["id"]: Person(**dict(row)) async for row in rows}


async def load_person_at(tx: Connection, email: str) -> Person | None:
    """The contact with that address; None where there is none."""
    row = await _queries.person_at(tx, email_key=email.casefold())
    return None if row is None else Person(**dict(row))


async def load_supporters(tx: Connection, ids: Collection[str]) -> Mapping[str, Supporter]:
    """Those of these supporters that are known, by id."""
    rows = _queries.supporters(tx, ids=sorted(set(ids)))
    return {row["id"]: Supporter.model_validate_json(row["state"]) async for row in rows}


async def load_own_supporters(tx: Connection, contact_id: str) -> list[Supporter]:
    """What a person offers; what is listed first."""
    rows = _queries.own_supporters(tx, contact_id=contact_id)
    return [Supporter.model_validate_json(row["state"]) async for row in rows]


async def load_earlier_supporters(tx: Connection, borough: str, kind: str) -> tuple[str, ...]:
    """The supporters of that kind whom the borough accepted before."""
    return tuple(
        [row["supporter_id"] async for row in _queries.earlier_supporters(tx, borough=borough, kind=kind)]
    )


async def load_role(tx: Connection, role_id: str) -> Role | None:
    """An advert, to ask for help with it."""
    state = await _queries.role_state(tx, role_id=role_id)
    return None if state is None else Role.model_validate_json(state)


async def one_at_a_time(tx: Connection, id_: str) -> None:
    """Hold everyone else who makes a thing of this id until `tx` ends."""
    await _queries.one_at_a_time(tx, id=id_)


async def count_supporters(tx: Connection) -> Mapping[str, int]:
    """How many are listed of each kind."""
    return {row["kind"]: row["listed"] async for row in _queries.listed_supporters(tx)}


async def count_to_answer(tx: Connection, borough: str) -> int:
    """How many of a borough's shortlists wait for its answer."""
    return int(await _queries.to_answer(tx, borough=borough))


def _known(row: Any) -> Known:
    return Known(
        request=Request.model_validate_json(row["request"]),
        request_said_at=row["request_said_at"],
        match=Match.model_validate_json(row["match"]) if row["match"] else None,
        match_said_at=row["match_said_at"],
        answer=Answer.model_validate_json(row["answer"]) if row["answer"] else None,
        outcome=Outcome.model_validate_json(row["outcome"]) if row["outcome"] else None,
    )
