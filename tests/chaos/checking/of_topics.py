"""Topics: every revision of every thing, once, in order, on one partition. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping

from loti_contracts.events import TOPICS, Erasure, Event
from loti_contracts.events.topics import topic_named
from tests.chaos.checking.findings import Finding
from tests.chaos.checking.world import Heard, Thing, World
from tests.chaos.ledger import Ledger


def check_topics(world: World) -> Iterator[Finding]:
    """Of each thing: its revisions from one on without a gap, each said by one event, in rising order as they first
    stand in the log, all on one partition; what changed is named. What a relay said again after a crash has the same id."""
    for text in world.unreadable:
        yield Finding("wrong", "its topic", text, "every message is an event of the contract")
    highest: dict[Thing, Heard] = {}
    places: dict[Thing, int] = {}
    ids: dict[tuple[str, str, int], str] = {}
    for one in world.first:
        if places.setdefault(one.thing, one.partition) != one.partition:
            yield Finding("out of order", one.topic, one.said.subject, "a thing stays on one partition")
        if isinstance(one.said.event, Erasure):
            highest.pop(one.thing, None)
            continue
        if ids.setdefault((*one.thing, one.revision), one.said.id) != one.said.id:
            what = f"{one.said.subject}, revision {one.revision}"
            yield Finding("doubled", one.topic, what, "one revision is said by one event")
            continue
        yield from _follows(highest.get(one.thing), one)
        if one.thing not in highest or one.revision > highest[one.thing].revision:
            highest[one.thing] = one


def _follows(before: Heard | None, one: Heard) -> Iterator[Finding]:
    number = before.revision if before else 0
    what = f"{one.said.subject}, revision {one.revision}"
    if one.revision <= number:
        yield Finding("out of order", one.topic, what, f"it comes before revision {number}")
    elif one.revision > number + 1 and not _forgets(one.topic, first=before is None):
        yield Finding("lost", one.topic, what, f"revision {number + 1} comes before it")


def _forgets(topic: str, *, first: bool) -> bool:
    """Whether the broker itself may have dropped what came before: topics about people are compacted within the hour. And a
    thing that was erased is stated anew with the revision that its owner is at."""
    return topic_named(topic).restricted


def said_again(world: World) -> Mapping[str, int]:
    """How many messages of each topic stand in the log more than once: a relay was killed before it had deleted them."""
    every = Counter(one.topic for one in world.log)
    every.subtract(Counter(one.topic for one in world.first))
    return {topic: number for topic, number in every.items() if number}


def check_statements(world: World, ledger: Ledger) -> Iterator[Finding]:
    """Everything that people stated is on its topic as they stated it; what they sent by a form is there once."""
    there: dict[tuple[str, str, int], Event] = {}
    erased = {one.said.subject for one in world.first if isinstance(one.said.event, Erasure)}
    for one in world.first:
        there[*one.thing, one.revision] = one.said.event
    for event in ledger.said:
        if isinstance(event, Erasure):
            if event.subject not in erased:
                yield Finding("lost", event.topic, event.subject, "its erasure was said")
            continue
        found = there.get((event.topic, event.subject, event.state.revision))
        what = f"{event.subject}, revision {event.state.revision}"
        if found is None and event.subject not in erased and not _superseded(world, event):
            yield Finding("lost", event.topic, what, f"{event.type} was said by people")
        elif found is not None and found.state != event.state:
            yield Finding("wrong", event.topic, what, "it says what people said")
    notes = Counter(getattr(e.state, "note", None) for e in world.events(topic_named("loti.requests.v1")))
    for form in ledger.forms:
        number = notes[form.note]
        if not number:
            yield Finding("lost", "loti.requests.v1", form.request_id, f"the form was taken: {form.note}")
        elif number > 1:
            yield Finding(
                "doubled", "loti.requests.v1", form.request_id, f"one form, one request: {form.note}"
            )


def _superseded(world: World, event: Event) -> bool:
    """Whether the broker may have compacted it away: a newer state of it is there, on a topic that is compacted so soon."""
    newest = world.newest.get((event.topic, event.subject))
    return (
        newest is not None and newest.revision > event.state.revision and _forgets(event.topic, first=False)
    )


KNOWN = frozenset(topic.name for topic in TOPICS)
