"""All that there is at the end: every message of every topic, every row that matters, every mail. Values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from loti_contracts.events import Envelope, Erasure, Event, State
from loti_contracts.events.topics import Topic

S = TypeVar("S", bound=State)
Row = Mapping[str, Any]
Thing = tuple[str, str]
"""Topic and key."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a topic, where it stands and what it says."""

    topic: str
    partition: int
    offset: int
    said: Envelope[Any]

    @property
    def thing(self) -> Thing:
        """What it is about."""
        return (self.topic, self.said.subject)

    @property
    def revision(self) -> int:
        """Of its state; an erasure has none."""
        return 0 if isinstance(self.said.event, Erasure) else int(self.said.event.state.revision)


@dataclass(frozen=True)
class World:
    """`log` has each partition in its own order. `tables` are rows by service and table, `mails` as the mail catcher shows
    them. `unreadable` are messages that are no events, `unknown` how many are of a type that is newer than this."""

    log: Sequence[Heard] = ()
    tables: Mapping[str, Mapping[str, Sequence[Row]]] = field(default_factory=dict)
    mails: Sequence[Row] = ()
    unreadable: Sequence[str] = ()
    unknown: int = 0

    def rows(self, service: str, table: str) -> Sequence[Row]:
        """The rows of a table; none where it was not read."""
        return self.tables.get(service, {}).get(table, ())

    @cached_property
    def first(self) -> Sequence[Heard]:
        """Each event as it stands in the log for the first time; what the relay said again after a crash is left out."""
        seen: set[tuple[str, str]] = set()
        kept = []
        for one in self.log:
            if (one.topic, one.said.id) not in seen:
                seen.add((one.topic, one.said.id))
                kept.append(one)
        return kept

    @cached_property
    def newest(self) -> Mapping[Thing, Heard]:
        """The newest of each thing; nothing of what was erased and not stated since."""
        found: dict[Thing, Heard] = {}
        for one in self.first:
            if isinstance(one.said.event, Erasure):
                found.pop(one.thing, None)
            elif one.thing not in found or one.revision > found[one.thing].revision:
                found[one.thing] = one
        return found

    @cached_property
    def _of_topic(self) -> Mapping[str, Sequence[Heard]]:
        found = defaultdict(list)
        for one in self.first:
            found[one.topic].append(one)
        return found

    def said_on(self, topic: Topic) -> Sequence[Heard]:
        """Every event on a topic, each once."""
        return self._of_topic.get(topic.name, ())

    def states(self, topic: Topic, kind: type[S]) -> dict[str, S]:
        """The newest state of each thing on a topic."""
        found = {}
        for (name, key), one in self.newest.items():
            if name == topic.name and isinstance(state := one.said.event.state, kind):
                found[key] = state
        return found

    def events(self, topic: Topic) -> Iterator[Event]:
        """What was said on a topic, each event once."""
        return (one.said.event for one in self.said_on(topic))


def plain(state: State) -> dict[str, Any]:
    """A state as JSON has it."""
    return state.model_dump(mode="json")
