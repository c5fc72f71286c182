"""What must hold when all has come to rest: every committed event had its effect once and in order, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """An event that a transaction said. `poison`: no handler can handle it."""

    thing: str
    revision: int
    poison: bool


def findings(
    *,
    committed: Mapping[str, Said],
    on_topic: Sequence[tuple[str, str]],
    effects: Sequence[tuple[str, str, int]],
    parked: Sequence[str],
) -> list[str]:
    """What is wrong, in words. `on_topic`: key and event id; `effects`: event id, thing and revision, both in their order;
    `parked`: ids of the events that were set aside."""
    heard = [id_ for _, id_ in on_topic]
    done = [id_ for id_, _, _ in effects]
    good = {id_ for id_, one in committed.items() if not one.poison}
    return [
        *_each("lost on its way to the topic", committed.keys() - set(heard), committed),
        *_each("said though it was rolled back", set(heard) - committed.keys(), committed),
        *_each("without its effect", good - set(done), committed),
        *_each("handled though nobody said it", set(done) - committed.keys(), committed),
        *_each("handled though it is poison", set(done) & committed.keys() - good, committed),
        *_each("with its effect twice", (id_ for id_, n in Counter(done).items() if n > 1), committed),
        *_each("poison that was not set aside", committed.keys() - good - set(parked), committed),
        *_each("set aside without need", set(parked) & good, committed),
        *_each("set aside twice", (id_ for id_, n in Counter(parked).items() if n > 1), committed),
        *_out_of_order("handled", [(thing, revision) for _, thing, revision in effects]),
        *_out_of_order("said", _first_time(on_topic, committed)),
        *_not_last(on_topic, committed),
    ]


def _each(what: str, ids: Iterable[str], committed: Mapping[str, Said]) -> list[str]:
    return [f"{committed.get(id_, id_)} is {what}" for id_ in sorted(ids)]


def _out_of_order(what: str, places: Iterable[tuple[str, int]]) -> list[str]:
    newest: dict[str, int] = {}
    found = []
    for thing, revision in places:
        if revision < newest.get(thing, 0):
            found.append(f"{thing}: revision {revision} is {what} after {newest[thing]}")
        newest[thing] = max(revision, newest.get(thing, 0))
    return found


def _first_time(on_topic: Iterable[tuple[str, str]], committed: Mapping[str, Said]) -> list[tuple[str, int]]:
    """A relay that was killed between publishing and deleting says the same again; that is no disorder."""
    return [
        (committed[id_].thing, committed[id_].revision)
        for id_ in dict.fromkeys(id_ for _, id_ in on_topic)
        if id_ in committed
    ]


def _not_last(on_topic: Iterable[tuple[str, str]], committed: Mapping[str, Said]) -> list[str]:
    """On a compacted topic the last message is the state: it must be the newest."""
    last = {committed[id_].thing: committed[id_].revision for _, id_ in on_topic if id_ in committed}
    newest: dict[str, int] = {}
    for one in committed.values():
        newest[one.thing] = max(one.revision, newest.get(one.thing, 0))
    return [
        f"{thing}: the topic ends with revision {revision}, not with {newest[thing]}"
        for thing, revision in last.items()
        if revision != newest[thing]
    ]
