"""Says again what a service holds and its topics lack; and finds what its topics said that it does not hold."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from loti_contracts.delivery import outbox, parking
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.recovering_topics import Log
from loti_contracts.delivery.service import Service
from loti_contracts.events import Envelope, Erasure, Event, MessageParked, NotReadable, Topic, Unknown, decode
from loti_contracts.events.topics import DEAD_LETTERS

_queries = queries_beside(__file__)
_AT_ONCE: Final = 500
_NEVER: Final = 0
_ERASED: Final = -1


@dataclass(slots=True)
class OwnTopics:
    """What a service's own topics hold. `last` is the revision of each thing's last message."""

    newest: dict[Topic, dict[str, Received]] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    """Those of the wanted event ids that were published."""

    def lacks(self, event: Event) -> bool:
        """Whether the topic does not hold this state, or a newer one, as the last word on its thing."""
        last = self.last.get((event.topic, event.subject), _NEVER)
        return last != _ERASED if isinstance(event, Erasure) else last < event.state.revision

    def note(self, event: Event) -> None:
        """It will be the last word."""
        self.last[event.topic, event.subject] = (
            _ERASED if isinstance(event, Erasure) else event.state.revision
        )

    def chunks(self, topics: Sequence[Topic]) -> Iterable[list[Envelope[Any]]]:
        """The newest state of each thing, topic by topic."""
        for topic in topics:
            messages = list(self.newest.get(topic, {}).values())
            for start in range(0, len(messages), _AT_ONCE):
                read = (decode(one.key, one.value, one.headers) for one in messages[start : start + _AT_ONCE])
                yield [one for one in read if isinstance(one, Envelope)]


async def read_own(log: Log, topics: Sequence[Topic], *, wanted_ids: Iterable[str] = ()) -> OwnTopics:
    """Read them from the start. Raises TimeoutError and KafkaError."""
    own, wanted = OwnTopics(), set(wanted_ids)
    for topic in topics:
        newest: dict[str, tuple[int, Received]] = {}
        async for heard in log.messages([topic]):
            message = heard.message
            try:
                said = decode(message.key, message.value, message.headers)
            except NotReadable:  # nobody could handle it; it was parked, and is no state of anything
                continue
            if isinstance(said, Unknown):
                continue
            own.ids |= wanted & {said.id}
            own.note(said.event)
            revision = _ERASED if isinstance(said.event, Erasure) else said.event.state.revision
            known, _ = newest.get(said.subject, (_NEVER, None))
            if revision == _ERASED or revision > known:  # of two with one revision all keep the first
                newest[said.subject] = (revision, message)
        own.newest[topic] = {subject: message for subject, (_, message) in newest.items()}
    return own


async def drop_published(tx: Connection, own: OwnTopics) -> int:
    """Take out of the outbox what was published already, or has been overtaken since; how many events. What stays will be
    the last word."""
    gone = []
    async for row in _queries.outbox_rows(tx):
        event, id_ = _waiting(row)
        if event is None:
            continue
        if id_ in own.ids or not own.lacks(event):
            gone.append(row["position"])
        else:
            own.note(event)
    if gone:
        await _queries.forget_published(tx, positions=gone)
    return len(gone)


async def ids_in_outbox(tx: Connection) -> list[str]:
    """The ids of the events that wait to be published."""
    return [json.loads(row["headers"]).get("ce_id", "") async for row in _queries.outbox_rows(tx)]


async def topics_in_outbox(tx: Connection) -> set[str]:
    """The topics that they are for."""
    return {row["topic"] async for row in _queries.outbox_rows(tx)}


async def note_outbox(tx: Connection, own: OwnTopics) -> None:
    """What waits to be published will be the last word."""
    async for row in _queries.outbox_rows(tx):
        event, _ = _waiting(row)
        if event is not None:
            own.note(event)


async def say_what_lacks(tx: Connection, service: Service, own: OwnTopics) -> Counter[str]:
    """Say again what the service holds and its topics lack; how many states of which topic."""
    said: Counter[str] = Counter()
    lacking: list[Event] = []
    async for event in _held(tx, service):
        if own.lacks(event):
            own.note(event)
            said[event.topic] += 1
            lacking.append(event)
        if len(lacking) >= _AT_ONCE:
            await outbox.add(tx, *lacking, source=f"/loti/{service.name}")
            lacking = []
    if lacking:
        await outbox.add(tx, *lacking, source=f"/loti/{service.name}")
    return said


async def _held(tx: Connection, service: Service) -> AsyncIterator[Event]:
    if service.recovery is not None:
        async for event in service.recovery.restate(tx):
            yield event
    if service.speaks:
        async for row in _queries.letters_to_say(tx):
            yield MessageParked(dead_letter=parking.told(row, service=service.name))


def own_topics(service: Service) -> list[Topic]:
    """What it says, with its dead letters."""
    said = service.recovery.says if service.recovery else ()
    return list(dict.fromkeys([*said, *([DEAD_LETTERS] if service.speaks else [])]))


def _waiting(row: Any) -> tuple[Event | None, str]:
    headers = json.loads(row["headers"])
    try:
        said = decode(row["key"], row["value"], [(name, text.encode()) for name, text in headers.items()])
    except NotReadable:  # written by another version; the relay will publish it as it is
        return None, ""
    return (None, "") if isinstance(said, Unknown) else (said.event, said.id)
