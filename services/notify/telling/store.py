"""What telling knows: things, and what contacts chose as far as it decides what they are told. SQL in `queries.sql`."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Answer, Outcome, PaySignal, QuietHours, Role, State, Subscription
from services.notify.telling.audience import Reader, Telling
from services.notify.telling.timing import When
from services.notify.things import Thing, ThingKind, kind_of, read

_queries = queries_beside(__file__)
_SUBSCRIPTIONS: Final = TypeAdapter(tuple[Subscription, ...])
_TURNS: Final = 5
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


async def expect_growth(tx: Connection) -> None:
    """Nothing in this transaction reads a whole table, however small it was when the statement was planned."""
    await _queries.expect_growth(tx)


class Keyed(NamedTuple):
    """A reader with the keys of all its subscriptions (`keys.py`)."""

    reader: Reader
    keys: Sequence[str]


async def save_thing(
    tx: Connection, state: State, *, current: bool, event_id: str, correlation_id: str
) -> None:
    """Keep a thing as it is now, unless it is stale. `current`: whether it is worth telling.

    No mail shows a role's description; of answers and outcomes nothing is kept but that they were heard.
    """
    if isinstance(state, (Answer, Outcome)):
        dumped = state.model_dump_json(include={"id", "revision"})
    else:
        dumped = state.model_dump_json(exclude={"description"} if isinstance(state, Role) else None)
    await _queries.save_thing(
        tx,
        kind=kind_of(state),
        id=state.id,
        revision=state.revision,
        current=current,
        # The one character that PostgreSQL cannot keep; the pattern is slow, and almost no text has it.
        state=_NUL.sub(r"\1", dumped) if "\\u0000" in dumped else dumped,
        event_id=event_id,
        correlation_id=correlation_id,
    )


async def take_things(tx: Connection, most: int) -> list[Thing]:
    """Things that were not yet held against the choices, locked until `tx` ends."""
    return [_thing(row) async for row in _queries.take_things(tx, most=most)]


async def take_choices(tx: Connection, most: int) -> list[Keyed]:
    """Choices that were not yet held against the things, locked until `tx` ends."""
    return [Keyed(_reader(row), row["wanted"]) async for row in _queries.take_choices(tx, most=most)]


async def judged(tx: Connection, things: Sequence[Thing] = (), readers: Sequence[Reader] = ()) -> None:
    """These were held against all that is known of the other side, if `tx` commits."""
    if things:
        await _queries.judged_things(
            tx, kinds=[kind_of(one) for one in things], ids=[one.id for one in things]
        )
    if readers:
        await _queries.judged_choices(tx, ids=[reader.contact_id for reader in readers])


async def signals_of(tx: Connection, role_ids: Sequence[str]) -> list[PaySignal]:
    """Signals worth telling that are about these roles."""
    if not role_ids:
        return []
    found = [_thing(row) async for row in _queries.signals_of(tx, role_ids=role_ids)]
    return [one for one in found if isinstance(one, PaySignal)]


async def roles(tx: Connection, ids: Sequence[str]) -> dict[str, Role]:
    """Those of these roles that are known."""
    if not ids:
        return {}
    found = [_thing(row) async for row in _queries.roles(tx, ids=ids)]
    return {one.id: one for one in found if isinstance(one, Role)}


async def current_things(tx: Connection, kinds: Sequence[ThingKind]) -> list[Thing]:
    """Everything of these kinds that is worth telling now."""
    return [_thing(row) async for row in _queries.current_things(tx, kinds=kinds)] if kinds else []


async def matches_waiting_for(tx: Connection, contact_ids: Sequence[str]) -> list[Thing]:
    """Matches of which these contacts are to hear."""
    return [_thing(row) async for row in _queries.matches_waiting_for(tx, contact_ids=contact_ids)]


async def who_may_want(tx: Connection, keys: Sequence[str]) -> list[Keyed]:
    """Readers who said yes and have one of these keys."""
    if not keys:
        return []
    return [Keyed(_reader(row), row["wanted"]) async for row in _queries.who_may_want(tx, keys=keys)]


async def readers(tx: Connection, contact_ids: Sequence[str]) -> dict[str, Reader]:
    """These contacts; of those that chose nothing or are not known, the id alone."""
    found = {row["contact_id"]: _reader(row) async for row in _queries.readers(tx, ids=contact_ids)}
    return {id_: found.get(id_) or Reader(id_) for id_ in contact_ids}


async def add_tellings(tx: Connection, tellings: Sequence[Telling], *, retimed: Sequence[Telling]) -> None:
    """These are to be told, each once for ever; of those that are `retimed` what waits already goes by their times."""
    anew = {one.id: one for one in retimed}
    unique = {one.id: one for one in tellings} | anew
    if not unique:
        return
    each = list(unique.values())
    columns: dict[str, Any] = {
        "ids": list(unique),
        "kinds": [one.kind for one in each],
        "abouts": [one.about for one in each],
        "thing_kinds": [one.thing_kind for one in each],
        "thing_ids": [one.thing_id for one in each],
        "contact_ids": [one.contact_id for one in each],
        "whys": [one.why for one in each],
        "relevances": [one.relevance for one in each],
        "due": [one.when.due_at for one in each],
        "held": [one.when.held for one in each],
    }
    for turn in count(1):
        try:
            async with tx.transaction():
                await _queries.add_tellings(tx, **columns, retimed=list(anew))
        except asyncpg.UniqueViolationError:
            if turn == _TURNS:
                raise
            # Another process told one of these just now, and the key that ON CONFLICT does not arbitrate by was hit first.
        else:
            return


async def hold(tx: Connection, held: Sequence[tuple[UUID, When]], *, carried: bool) -> None:
    """These wait until then; those that are `carried` go with the contact's next mail, even if it leaves earlier."""
    if held:
        await _queries.hold(
            tx,
            ids=[id_ for id_, _ in held],
            due=[until.due_at for _, until in held],
            whys=[until.held for _, until in held],
            carried=[carried] * len(held),
        )


def quiet_hours(text: str | None) -> QuietHours | None:
    """Quiet hours as they are kept."""
    return _quiet_hours(text) if text is not None else None


def _reader(row: Any) -> Reader:
    return Reader(
        contact_id=row["contact_id"],
        subscriptions=_subscriptions(row["subscriptions"]),
        agreed=row["agreed"],
        borough=row["borough"],
        roles=_words(row["roles"]),
        quiet_hours=quiet_hours(row["quiet_hours"]),
        most_a_day=row["most_a_day"],
    )


def _thing(row: Any) -> Thing:
    return _read(row["kind"], row["state"])


@lru_cache(maxsize=2_000)  # an open role is read again for every contact that joins
def _read(kind: ThingKind, state: str) -> Thing:
    return read(kind, state)


@lru_cache(maxsize=5_000)  # most people choose what others chose
def _subscriptions(text: str) -> tuple[Subscription, ...]:
    return _SUBSCRIPTIONS.validate_json(text)


@lru_cache(maxsize=1_000)
def _quiet_hours(text: str) -> QuietHours:
    return QuietHours.model_validate_json(text)


@lru_cache(maxsize=1_000)
def _words(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))
