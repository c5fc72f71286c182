"""Restating: everything that matching says, as it is now."""

from collections.abc import AsyncIterator
from typing import Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import (
    DemandEnded,
    DemandShared,
    Event,
    FollowUpDue,
    HardRole,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    NovelRole,
    OutcomeRecorded,
    RoleHardToRecruit,
    RoleNoLongerHard,
    RoleNoLongerNovel,
    RoleNovel,
    RoundDecided,
    RoundResult,
    SharedDemand,
)

_queries = queries_beside(__file__)

_BY_STAGE: Final = {
    "open": MatchUnmatched,
    "proposed": MatchProposed,
    "accepted": MatchAnswered,
    "declined": MatchAnswered,
    "withdrawn": MatchWithdrawn,
    "lapsed": MatchLapsed,
    "introduced": MatchIntroduced,
    "outcome": OutcomeRecorded,
}


async def restate(tx: Connection) -> AsyncIterator[Event]:
    """Every match, result of a round, demand, novel and hard role."""
    async for row in _queries.every_match(tx):
        yield of_match(Match.model_validate_json(row["state"]))
    async for row in _queries.every_result(tx):
        yield RoundDecided(result=RoundResult.model_validate_json(row["result"]))
    async for row in _queries.every_demand(tx):
        demand = SharedDemand.model_validate_json(row["state"])
        yield (DemandShared if demand.status == "current" else DemandEnded)(demand=demand)
    async for row in _queries.every_novel(tx):
        novel = NovelRole.model_validate_json(row["state"])
        yield (RoleNovel if novel.status == "novel" else RoleNoLongerNovel)(novel=novel)
    async for row in _queries.every_hard(tx):
        hard = HardRole.model_validate_json(row["state"])
        yield (RoleHardToRecruit if hard.status == "hard" else RoleNoLongerHard)(hard=hard)


def of_match(match: Match) -> Event:
    """By which event a match that is so far was said last, as far as its state tells."""
    stage = match.stage or match.status
    asked = [one.after for one in match.follow_ups if one.asked_at is not None]
    if stage == "followed up" and match.accepted is not None and asked:
        both = (match.requester_contact_id, match.accepted.contact_id)
        return FollowUpDue(match=match, after=asked[-1], contact_ids=both)
    return _BY_STAGE.get(stage, MatchAnswered)(match=match)
