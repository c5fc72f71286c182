"""The log of events in the database: added to in an order that readers can rely on."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import taken_back, takes_back
from loti_contracts.delivery.forgotten_letters import take_back_in_letters
from loti_contracts.delivery.turns import in_turn
from loti_contracts.events import Envelope, Event
from services.webhooks.cloud_events import body_of
from services.webhooks.concerns import concerned
from services.webhooks.cursors import Log
from services.webhooks.filters import Filter

queries = queries_beside(__file__)
Thing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """An event with its place in the log."""

    position: int
    id: str
    type: str
    topic: str
    key: str
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some events that follow a cursor, and where the next page begins. `more`: there are more already."""

    bodies: tuple[str, ...]
    next_position: int
    more: bool


@dataclass(slots=True)
class _Known:
    revision: int
    concerns: frozenset[str]
    position: int = 0


async def add(tx: Connection, said: Sequence[Envelope[Event]]) -> list[Kept]:
    """Add what is newer than what is kept of its thing; in order, each with its place. What is not newer is left out, as
    any consumer leaves it out. Nobody else adds until `tx` has committed."""
    await take_turn(tx)
    things = {(one.event.topic, one.subject) for one in said}
    asked = {"topics": [topic for topic, _ in things], "keys": [key for _, key in things]}
    known = {
        (row["topic"], row["key"]): _Known(row["revision"], frozenset(row["concerns"]))
        async for row in queries.known_things(tx, **asked)
    }
    rows: list[dict[str, Any]] = []
    newest: dict[Thing, _Known] = {}
    for place, one in enumerate(said):
        thing, revision = (one.event.topic, one.subject), one.event.state.revision
        before = known.get(thing)
        if before is not None and revision <= before.revision:
            continue
        concerns = concerned(one.event) | (before.concerns if before else frozenset())
        known[thing] = newest[thing] = _Known(revision, concerns)
        rows.append(
            {"place": place, "id": one.id, "type": one.event.type, "topic": thing[0], "key": thing[1],
             "concerns": sorted(concerns), "body": body_of(one), "said_at": one.time.isoformat()}
        )  # fmt: skip
    placed = {row["id"]: row["position"] async for row in queries.add_events(tx, events=json.dumps(rows))}
    kept = [
        Kept(placed[row["id"]], row["id"], row["type"], row["topic"], row["key"], tuple(row["concerns"]))
        for row in rows
        if row["id"] in placed
    ]
    for one_kept in kept:
        newest[one_kept.topic, one_kept.key].position = one_kept.position
    for place, one_kept in zip((row["place"] for row in rows if row["id"] in placed), kept, strict=True):
        if takes_back(said[place].event):
            await _take_back(tx, one_kept, said[place])
    await queries.save_things(
        tx,
        things=json.dumps(
            [
                {"topic": topic, "key": key, **asdict(state), "concerns": sorted(state.concerns)}
                for (topic, key), state in newest.items()
                if state.position
            ]
        ),
    )
    return kept


async def _take_back(tx: Connection, now: Kept, said: Envelope[Event]) -> None:
    """Words that their owner took back go from earlier events about the thing, and from what was set aside."""
    newest = body_of(said)
    async for row in queries.earlier_events(tx, topic=now.topic, key=now.key, position=now.position):
        left = taken_back(row["body"], newest)
        if left != row["body"]:
            await queries.save_body(tx, position=row["position"], body=left)
    await take_back_in_letters(tx, said.event)


async def log_of(connection: Connection) -> Log:
    """Which log it is and how far it goes."""
    row = await queries.log(connection)
    return Log(row["id"], row["last"], row["thinned"])


async def page(connection: Connection, log: Log, *, after: int, wanted: Filter, most: int) -> Page:
    """At most that many events after a position, read in the same snapshot as `log` was."""
    rows = [
        row
        async for row in queries.page(
            connection,
            after=after,
            types=wanted.exact_types,
            authorities=list(wanted.authorities) or None,
            most=most + 1,
        )
    ]
    shown, more = rows[:most], len(rows) > most
    # What the filter left out up to the end of the log need not be looked through again.
    return Page(
        tuple(row["body"] for row in shown), shown[-1]["position"] if more else max(after, log.last), more
    )


async def take_turn(tx: Connection) -> None:
    """Nobody else adds to the log or removes from it until `tx` has ended."""
    await in_turn(queries.take_turn(tx))


async def ring(tx: Connection) -> None:
    """Let whoever waits for news look, once `tx` has committed."""
    await queries.ring(tx)


async def thin(
    tx: Connection, *, superseded_before: datetime, forgotten: dict[str, datetime], most: int = 5_000
) -> int:
    """Remove states that were superseded before then, and what its topic forgets (topic by moment); how many. At most
    `most` of each, so that no transaction is long."""
    await take_turn(tx)  # nobody lets an event be pushed again that is being removed
    gone = [row["position"] async for row in queries.thin_superseded(tx, before=superseded_before, most=most)]
    for topic, before in forgotten.items():
        of_topic = [
            row["position"] async for row in queries.thin_forgotten(tx, topic=topic, before=before, most=most)
        ]
        if of_topic:
            await queries.forget_things(tx, topic=topic)
        gone += of_topic
    if gone:
        await queries.mark_thinned(tx, position=max(gone))
    return len(gone)
