"""Judging: new things are held against everybody's choices, and new choices against all that is worth telling.

Handlers only write down what they hear, so they need no lock and read no more than their own event. Pairs are found
here, after the commit: a choice and a thing that two processes write at the same moment cannot miss each other, since
whichever is committed later is judged after its commit, and then sees the other. So do an offer and its role.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Match, PaySignal, Role, SubscriptionTopic
from services.notify.telling import audience, store
from services.notify.telling.audience import Reader, Telling
from services.notify.telling.keys import keys
from services.notify.telling.news import News, news, over
from services.notify.telling.timing import Digests
from services.notify.things import Thing, ThingKind, kind_of

THINGS, CHOICES, TELLINGS = 100, 100, 5_000
"""How much is judged at once: no more than so many things, choices, and when so much came of it, no more."""

_KINDS: Final[dict[SubscriptionTopic, ThingKind]] = {
    "new role": "role",
    "benchmark moved": "signal",
    "offer below market": "signal",
    "shared demand": "demand",
    "novel role": "novel role",
    "source failing": "source",
    "library news": "item",
    "event": "item",
}


async def judge(tx: Connection, now: datetime, digests: Digests) -> bool:
    """Judge some of what came; whether there may be more."""
    of_things, more_things = await _judge_things(tx, now, digests)
    of_choices, more_choices = await _judge_choices(tx, now, digests)
    # At once, since two processes that each add twice could wait for each other.
    await store.add_tellings(tx, of_things, retimed=of_choices)
    return more_things or more_choices


async def _judge_things(tx: Connection, now: datetime, digests: Digests) -> tuple[list[Telling], bool]:
    taken = await store.take_things(tx, THINGS)
    if not taken:
        return [], False
    new_roles = {one.id: one for one in taken if isinstance(one, Role)}
    offers = await store.signals_of(tx, list(new_roles))
    told = await _news(tx, [*taken, *offers], now, known=new_roles)
    by_key = _by_key(await store.who_may_want(tx, sorted({key for one in told for key in keys(one)})))
    news_of = _by_thing(told, offers)
    parts = await _parts_of_matches(tx, [one for one in taken if isinstance(one, Match)], now, digests)
    tellings: list[Telling] = []
    done: list[Thing] = []
    for thing in taken:
        if len(tellings) >= TELLINGS:
            break
        tellings += parts.get(thing.id, ()) if isinstance(thing, Match) else ()
        for one in news_of[kind_of(thing), thing.id]:
            readers = {reader.contact_id: reader for key in keys(one) for reader in by_key[key]}
            tellings += _told(readers.values(), [one], now, digests)
        done.append(thing)
    await store.judged(tx, things=done)
    return tellings, len(done) < len(taken) or len(taken) == THINGS


async def _judge_choices(tx: Connection, now: datetime, digests: Digests) -> tuple[list[Telling], bool]:
    taken = await store.take_choices(tx, CHOICES)
    if not taken:
        return [], False
    topics = {one.topic for reader, _ in taken if reader.agreed for one in reader.subscriptions}
    kinds = sorted({_KINDS[topic] for topic in topics if topic in _KINDS})
    by_key: defaultdict[str, list[News]] = defaultdict(list)
    for one in await _news(tx, await store.current_things(tx, kinds), now, known={}):
        for key in keys(one):
            by_key[key].append(one)
    tellings: list[Telling] = []
    done: list[Reader] = []
    for reader, its_keys in taken:
        if len(tellings) >= TELLINGS:
            break
        mine = {(one.topic, one.thing_id): one for key in its_keys for one in by_key[key]}
        tellings += _told([reader], mine.values(), now, digests)
        done.append(reader)
    tellings += await _parts_of_readers(tx, done, now, digests)
    await store.judged(tx, readers=done)
    return tellings, len(done) < len(taken) or len(taken) == CHOICES


async def _news(
    tx: Connection, things: Iterable[Thing], now: datetime, *, known: dict[str, Role]
) -> list[News]:
    """What is to be told of these, as far as it is not over and the role of an offer is known."""
    each = list({(type(one), one.id): one for one in things}.values())
    wanted = {one.role_id for one in each if isinstance(one, PaySignal) and one.role_id}
    roles = await store.roles(tx, sorted(wanted - known.keys())) | known
    found = []
    for thing in each:
        role = roles.get(thing.role_id or "") if isinstance(thing, PaySignal) else None
        one = news(thing, role) if over(thing, now, role) is None else None
        if one is not None:
            found.append(one)
    return found


def _by_thing(
    told: Iterable[News], offers: Iterable[PaySignal]
) -> defaultdict[tuple[ThingKind, str], list[News]]:
    """News by its thing; that of an offer by its role too, whichever of the two came now."""
    roles = {offer.id: offer.role_id for offer in offers}
    by_thing: defaultdict[tuple[ThingKind, str], list[News]] = defaultdict(list)
    for one in told:
        by_thing[one.thing_kind, one.thing_id].append(one)
        if one.thing_kind == "signal" and (role_id := roles.get(one.thing_id)):
            by_thing["role", role_id].append(one)
    return by_thing


def _by_key(found: Iterable[store.Keyed]) -> defaultdict[str, list[Reader]]:
    by_key: defaultdict[str, list[Reader]] = defaultdict(list)
    for reader, its_keys in found:
        for key in its_keys:
            by_key[key].append(reader)
    return by_key


def _told(
    readers: Iterable[Reader], told: Iterable[News], now: datetime, digests: Digests
) -> Iterator[Telling]:
    each = list(told)
    for reader in readers:
        for one in each:
            found = audience.telling(reader, one, now, digests)
            if found is not None:
                yield found


async def _parts_of_matches(
    tx: Connection, matches: Sequence[Match], now: datetime, digests: Digests
) -> dict[str, list[Telling]]:
    """What those who take part in these matches are to be told, by match."""
    parts = {match.id: list(audience.parts(match)) for match in matches}
    ids = sorted({part.contact_id for each in parts.values() for part in each})
    readers = await store.readers(tx, ids) if ids else {}
    return {
        match.id: [
            audience.part_told(match, part, readers[part.contact_id], now, digests)
            for part in parts[match.id]
        ]
        for match in matches
    }


async def _parts_of_readers(
    tx: Connection, readers: Sequence[Reader], now: datetime, digests: Digests
) -> list[Telling]:
    """What these are to be told of matches and is in no mail yet, at the times that they chose now."""
    ids = {reader.contact_id for reader in readers}
    matches = [one for one in await store.matches_waiting_for(tx, sorted(ids)) if isinstance(one, Match)]
    told = await _parts_of_matches(tx, matches, now, digests)
    return [one for each in told.values() for one in each if one.contact_id in ids]
