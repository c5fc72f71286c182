"""The tables, as typed functions. The SQL and its explanations are in `queries.sql`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.turns import in_turn
from loti_contracts.events import Answer, Candidate, Match, Outcome, Request, Supporter
from services.matching.cases import Case, Place
from services.matching.course import succeeded, to_ask
from services.matching.eligibility import SupporterNow
from services.matching.shortlist import Shortlist

_queries = queries_beside(__file__)
_candidates = TypeAdapter(tuple[Candidate, ...])


async def one_at_a_time(tx: Connection) -> str:
    """Hold everyone else who changes requests, supporters, answers or outcomes until `tx` ends; gives back which
    transaction it is. Take it before reading."""
    return str(await in_turn(_queries.one_at_a_time(tx)))


async def save_supporter(tx: Connection, supporter: Supporter, *, stated_at: datetime) -> bool:
    """Keep what a supporter states; False when it is not newer than what is known."""
    saved = await _queries.save_supporter(
        tx,
        id=supporter.id,
        revision=supporter.revision,
        kind=supporter.kind,
        state=supporter.model_dump_json(),
        stated_at=stated_at,
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
        stated_at=request.stated_at,
    )
    return saved is not None


async def save_shortlist(tx: Connection, request_id: str, found: Shortlist, *, judged_on: date) -> None:
    """Remember who could be proposed, so that whoever changes later can be held against them."""
    await _queries.save_shortlist(
        tx,
        id=request_id,
        shortlisted=[one.supporter_id for one in found.candidates],
        worst=found.worst,
        judged_on=judged_on,
    )


async def save_answer(tx: Connection, said: Answer) -> bool:
    """Keep an answer; False when it is not newer than what is known."""
    saved = await _queries.save_answer(
        tx, match_id=said.id, revision=said.revision, state=said.model_dump_json()
    )
    return saved is not None


async def save_outcome(tx: Connection, said: Outcome) -> bool:
    """Keep what is said to have come of a match; False when it is not newer than what is known."""
    saved = await _queries.save_outcome(
        tx, match_id=said.id, revision=said.revision, state=said.model_dump_json()
    )
    return saved is not None


async def save_match(tx: Connection, case: Case, match: Match) -> None:
    """Keep a match as it is now, with what its case remembers beside it."""
    await _queries.save_match(
        tx,
        id=match.id,
        request_id=match.request_id,
        status=match.status,
        stage=match.stage,
        accepted_supporter_id=match.accepted.supporter_id if match.accepted else None,
        state=match.model_dump_json(),
        offered=_candidates.dump_json(case.offered).decode(),
        answered_revision=case.settled_revision,
        said_revision=case.said_revision,
        finished=case.finished,
        good=succeeded(match),
        follow_up_on=min((one.due_on for one in to_ask(match)), default=None),
        proposed_at=match.first_proposed_at,
        answered_at=match.answered_at,
        introduced_at=match.introduced_at,
        outcome_at=match.outcome.recorded_at if match.outcome and case.finished else None,
    )


@dataclass(frozen=True, slots=True)
class ChangedSupporter:
    """A supporter as they are now; `own` where the transaction that reads it wrote it, and may yet be undone."""

    now: SupporterNow
    position: int
    own: bool


async def load_changed_supporters(
    tx: Connection, *, since: int, doubted: Sequence[str] = ()
) -> Sequence[ChangedSupporter]:
    """Who changed since that position, or is in doubt; position 0 gives everybody."""
    rows = _queries.load_changed_supporters(tx, since=since, doubted=list(doubted))
    return [
        ChangedSupporter(
            now=SupporterNow(
                Supporter.model_validate_json(row["state"]),
                load=row["load"],
                kept=row["kept"],
                good=row["good"],
                ended=row["ended"],
                stated_on=row["stated_at"].astimezone(UTC).date(),
            ),
            position=row["position"],
            own=row["own"],
        )
        async for row in rows
    ]


@dataclass(frozen=True, slots=True)
class OpenShortlist:
    """An open request, whose supporters are looked for, and who could be proposed when it was last looked at."""

    request: Request
    shortlisted: tuple[str, ...]
    worst: float | None


async def load_unsettled(tx: Connection, kind: str, *, supporter_id: str) -> Sequence[OpenShortlist]:
    """The open requests for that kind of help, or with that supporter on their shortlist."""
    rows = _queries.load_unsettled_requests(tx, kind=kind, supporter_id=supporter_id)
    return [
        OpenShortlist(Request.model_validate_json(row["state"]), tuple(row["shortlisted"]), row["worst"])
        async for row in rows
    ]


async def load_case(tx: Connection, request_id: str) -> Case | None:
    """One request with its match; None when the request is not known."""
    row = await _queries.load_case(tx, request_id=request_id)
    return case_of(row) if row else None


async def load_case_of_match(tx: Connection, match_id: str) -> Case | None:
    """The request that a match is for; None when the match is not known."""
    row = await _queries.load_case_of_match(tx, match_id=match_id)
    return case_of(row) if row else None


async def keep_place(tx: Connection, request_id: str, place: Place) -> None:
    """Keep a place for a request that a round was published for."""
    await _queries.keep_place(
        tx,
        request_id=request_id,
        round_id=place.round_id,
        supporter_id=place.candidate.supporter_id,
        request_revision=place.request_revision,
        candidate=place.candidate.model_dump_json(),
    )


async def let_go_of_place(tx: Connection, request_id: str) -> None:
    """Keep no place for a request any more."""
    await _queries.let_go_of_place(tx, request_id=request_id)


def case_of(row: Mapping[str, Any]) -> Case:
    """A case from a row of `load_case`."""
    place = None
    if row["round_id"] is not None:
        candidate = Candidate.model_validate_json(row["candidate"])
        place = Place(row["round_id"], row["request_revision"], candidate)
    return Case(
        request=Request.model_validate_json(row["request"]),
        match=Match.model_validate_json(row["match"]) if row["match"] else None,
        offered=_candidates.validate_json(row["offered"]) if row["offered"] else (),
        settled_revision=row["answered_revision"],
        said_revision=row["said_revision"],
        place=place,
    )
