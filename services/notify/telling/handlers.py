"""What telling does with what it hears: it writes it down. What follows from it is found in `judging`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.events import (
    AnswerStated,
    DemandEnded,
    DemandShared,
    Envelope,
    Event,
    FollowUp,
    FollowUpDue,
    ItemPublished,
    ItemRetired,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    OutcomeRecorded,
    OutcomeStated,
    PaySignalRaised,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleNoLongerNovel,
    RoleNovel,
    RoleReadvertised,
    SourceFailing,
    SourceRecovered,
    State,
)
from services.notify.telling import introductions, store
from services.notify.telling.news import is_current


async def on_thing(envelope: Envelope[Any], tx: Connection) -> None:
    """Know a thing as it is now; who wants it and was not told is told.

    A role that is only now read as fitting a subscription is news to its contact, so a change counts too.
    """
    await _save(tx, envelope, envelope.event.state)


async def on_match(envelope: Envelope[Any], tx: Connection) -> None:
    """Know a match as it is now: who asked hears of the shortlist, and two who accepted are introduced."""
    match: Match = envelope.event.match
    if match.status == "accepted":
        try:
            introductions.introduced(match)
        except introductions.NobodyToIntroduce as error:
            raise Park(f"{error}: matching must state whom it introduces") from error
    await _save(tx, envelope, match)


async def on_follow_up_due(envelope: Envelope[FollowUpDue], tx: Connection) -> None:
    """Know that it is time to ask how it went, even where the match itself does not say that it was asked."""
    due, match = envelope.event, envelope.event.match
    if not any(one.after == due.after and one.asked_at is not None for one in match.follow_ups):
        others = tuple(one for one in match.follow_ups if one.after != due.after)
        asked = FollowUp(after=due.after, due_on=envelope.time.date(), asked_at=envelope.time)
        match = match.model_copy(update={"follow_ups": (*others, asked)})
    await on_match(replace(envelope, event=due.model_copy(update={"match": match})), tx)


async def _save(tx: Connection, envelope: Envelope[Any], state: State) -> None:
    await store.save_thing(
        tx, state, current=is_current(state), event_id=envelope.id, correlation_id=envelope.correlation_id
    )


HANDLERS: Mapping[type[Event], Handler] = {
    RoleDiscovered: on_thing,
    RoleReadvertised: on_thing,
    RoleChanged: on_thing,
    RoleClosed: on_thing,
    PaySignalRaised: on_thing,
    DemandShared: on_thing,
    DemandEnded: on_thing,
    RoleNovel: on_thing,
    RoleNoLongerNovel: on_thing,
    SourceFailing: on_thing,
    SourceRecovered: on_thing,
    ItemPublished: on_thing,
    ItemRetired: on_thing,
    MatchProposed: on_match,
    MatchUnmatched: on_match,
    MatchAnswered: on_match,
    MatchWithdrawn: on_match,
    MatchLapsed: on_match,
    MatchIntroduced: on_match,
    FollowUpDue: on_follow_up_due,
    OutcomeRecorded: on_match,
    AnswerStated: on_thing,
    OutcomeStated: on_thing,
}
