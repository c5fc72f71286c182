"""Dead letters and boards that fail, for tests of the portal."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from loti_contracts.events import (
    ConsumerResumed,
    ConsumerState,
    ConsumerStopped,
    DeadLetter,
    MessageDiscarded,
    MessageParked,
    MessageReplayed,
    SourceFailing,
    SourceState,
)
from tests.portal.jobs.making import HACKNEY, named

PARKED: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def letter(number: int = 1, **other: Any) -> DeadLetter:
    """A message that matching could not handle."""
    facts: dict[str, Any] = {
        "id": str(uuid.UUID(int=number)),
        "revision": 1,
        "service": "matching",
        "topic": "loti.requests.v1",
        "partition": 2,
        "offset": number,
        "reason": "london.loti.request.stated.v1 does not fit its schema in 1 place(s); request.kind: Field required",
        "attempts": 1,
        "key": base64.b64encode(b"request-1").decode(),
        "value": base64.b64encode(b'{"request": {"id": "request-1"}}').decode(),
        "parked_at": PARKED + timedelta(minutes=number),
        "status": "parked",
    }
    return DeadLetter.model_validate(facts | other)


def parked(one: DeadLetter) -> MessageParked:
    """It was set aside."""
    return MessageParked(dead_letter=one)


def replayed(one: DeadLetter, *, at: datetime) -> MessageReplayed:
    """It was handled after all."""
    facts = {"revision": one.revision + 1, "status": "replayed", "replayed_at": at}
    return MessageReplayed(dead_letter=one.model_copy(update=facts), changed=("status", "replayed_at"))


def discarded(one: DeadLetter, *, at: datetime, why: str) -> MessageDiscarded:
    """It was given up."""
    facts = {"revision": one.revision + 1, "status": "discarded", "discarded_at": at, "discarded_why": why}
    changed = ("status", "discarded_at", "discarded_why")
    return MessageDiscarded(dead_letter=one.model_copy(update=facts), changed=changed)


def stopped(service: str, why: str) -> ConsumerStopped:
    """Its breaker opened."""
    state = ConsumerState(id=service, revision=1, status="stopped", reason=why, at=PARKED)
    return ConsumerStopped(consumer=state)


def resumed(service: str) -> ConsumerResumed:
    """Somebody closed it."""
    return ConsumerResumed(consumer=ConsumerState(id=service, revision=2, status="running", at=PARKED))


def parked_again(one: DeadLetter, reason: str) -> MessageReplayed:
    """It was tried, and set aside again."""
    facts = {"revision": one.revision + 1, "attempts": one.attempts + 1, "reason": reason}
    return MessageReplayed(dead_letter=one.model_copy(update=facts), changed=("attempts", "reason"))


def failing(source: str = "hackney", why: str = "its page answers 503") -> SourceFailing:
    """A board cannot be read."""
    state = SourceState(
        id=source,
        revision=1,
        status="failing",
        name="Hackney Council jobs",
        kind="rss",
        authorities=(named(HACKNEY),),
        last_good_at=PARKED,
        failures=3,
        why=why,
        at=PARKED + timedelta(hours=1),
    )
    return SourceFailing(source=state)
