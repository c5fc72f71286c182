"""How the portal's tables are had again: from the topics that it hears, and what people stated on it from its own.

Sessions and the audit log are nowhere else; they stay.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.events import (
    TOPICS,
    AnswerStated,
    Contact,
    ContactErased,
    ContactStated,
    Contribution,
    ContributionStated,
    Envelope,
    Event,
    Outcome,
    OutcomeStated,
    Replay,
    ReplayAsked,
    Request,
    RequestStated,
    Review,
    ReviewStated,
    Round,
    RoundStated,
    State,
    Supporter,
    SupporterStated,
    topic_named,
)
from loti_contracts.events.answers import Answer
from services.portal.heard import store
from services.portal.heard.columns import TABLES
from services.portal.heard.handlers import on_events

_queries = queries_beside(__file__)

STATED: Final[Mapping[type[State], type[Event]]] = {
    Contact: ContactStated,
    Request: RequestStated,
    Supporter: SupporterStated,
    Answer: AnswerStated,
    Outcome: OutcomeStated,
    Contribution: ContributionStated,
    Review: ReviewStated,
    Round: RoundStated,
    Replay: ReplayAsked,
}
"""What people state on the portal, and the event that says it."""


async def hear(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Keep it, as ever; but the erasure of somebody who was stated anew since takes nothing of what is stated now."""
    waiting: list[Envelope[Any]] = []
    for one in said:
        if isinstance(one.event, ContactErased) and await store.newest(tx, Contact, one.subject):
            await on_events(waiting, tx)
            waiting = []
            await _queries.forget_what_was_told(tx, contact_id=one.subject)
        else:
            waiting.append(one)
    await on_events(waiting, tx)


async def settle(tx: Connection) -> None:
    """Who was erased so long ago that its tombstone is gone must not come back by what was told to it."""
    await _queries.forget_strangers(tx)


async def restate(tx: Connection) -> AsyncIterator[Event]:
    """The newest state of everything that people stated here, and who was erased."""
    for kind, event in STATED.items():
        keep_for = topic_named(event.topic).keep_for
        since = datetime.now(UTC) - keep_for if keep_for else datetime.min.replace(tzinfo=UTC)
        query = f"SELECT state FROM {TABLES[kind].name} WHERE said_at > $1 ORDER BY said_at, id"
        for row in await tx.fetch(query, since + timedelta(hours=1)):
            yield event.model_validate({event.about: kind.model_validate_json(row["state"])})
    async for row in _queries.erased_contacts(tx):
        yield ContactErased(contact_id=row["id"])


RECOVERY: Final = Recovery(
    says=tuple(topic for topic in TOPICS if topic.owner == "portal"),
    adopt=on_events,
    restate=restate,
    hear=hear,
    settle=settle,
)
