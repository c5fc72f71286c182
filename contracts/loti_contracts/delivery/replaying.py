"""Replays: a dead letter is handled again, now that its cause is mended.

A wish is a mark on the letter in the service's own table. It comes as an event on the topic of replays, or from the
shell. The service takes each letter that is wished for as if it came now: the same inbox, the same handler, and in the
same transaction the letter is marked as replayed and that is said. No batch is handled meanwhile, so the handlers see
one event at a time, as ever. What fails again is parked again with its new reason; what may succeed later is tried again
by itself. Killed at any moment, either all of it happened or nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from loti_contracts.delivery import erasing, inbox, metrics, outbox, parking
from loti_contracts.delivery.batch import BatchHandling
from loti_contracts.delivery.database import PASSING, Connection, passes, queries_beside
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.letters import Letter, thread_of
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from loti_contracts.events import Envelope, MessageReplayed, NotReadable, ReplayAsked, Unknown, decode

_queries = queries_beside(__file__)
_log = structlog.get_logger("replaying")

_LOOK = 1.0


async def ask(tx: Connection, id_: uuid.UUID) -> bool:
    """Wish that this dead letter is handled again; whether there is such a letter. One that was replayed or discarded
    stays so."""
    return await _queries.ask_replay(tx, id=id_) is not None


async def ask_all(tx: Connection, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """The same for those of them that are still set aside; which they are, in the order in which they will be handled."""
    return [row["id"] async for row in _queries.ask_replays(tx, ids=ids)]


def hearing(handling: BatchHandling) -> BatchHandling:
    """The same handling, that also hears which of its own dead letters somebody wants to be handled again."""
    handle, handles, service = handling.handle, handling.handles, handling.service

    async def with_replays(said: Sequence[Envelope[Any]], tx: Connection) -> None:
        rest = [one for one in said if type(one.event) in handles]
        if rest:
            await handle(rest, tx)
        for one in said:
            if isinstance(one.event, ReplayAsked) and one.event.replay.service == service:
                await _heard(tx, one.event, service)

    return replace(handling, handle=with_replays, handles=handles | {ReplayAsked})


async def _heard(tx: Connection, asked: ReplayAsked, service: str) -> None:
    try:
        id_ = uuid.UUID(asked.replay.id)
    except ValueError as error:
        raise Park(
            f"{asked.replay.id[:60]!r} is no id of a dead letter; `loti dead-letters list` shows them"
        ) from error
    if not await ask(tx, id_):
        raise Park(
            f"{service} has no dead letter {id_}: it is another service's, or was forgotten with a person"
        )


async def run(handling: BatchHandling) -> None:
    """Handle what is wished for, until `handling.stopping`. Outages are waited out."""
    backoff = Backoff(first=_LOOK, most=30.0)
    while not handling.stopping.is_set():
        if await replay_asked(handling):
            backoff.reset()
            await wait_for_any(handling.stopping, timeout=_LOOK)
        else:
            await backoff.wait(handling.stopping)


async def replay_asked(handling: BatchHandling) -> bool:
    """Handle each letter that is wished for, once; whether none of them has to wait for better times."""
    try:
        asked = [row["id"] async for row in _queries.replays_asked(handling.pool)]
    except PASSING as error:
        _log.warning("replays_wait", error=type(error).__name__)
        return False
    done = True
    for id_ in asked:
        try:
            await _replay(handling, id_)
        except Exception as error:
            if not isinstance(error, TryAgain) and not passes(error):
                raise
            _log.warning("replay_held", letter=str(id_), error=type(error).__name__, detail=str(error)[:300])
            done = False
    return done


async def _replay(handling: BatchHandling, id_: uuid.UUID) -> None:
    """Take one letter as if it came now. Raises TryAgain and what passes, with nothing done."""
    about: dict[str, str] = {}
    try:
        async with handling.pool.acquire() as tx, tx.transaction():
            await _queries.keep_batches_out(tx)
            row = await _queries.letter_to_replay(tx, id=id_)
            if row is None:  # another process of the service was faster
                return
            message = parking.as_received(row)
            about = thread_of(message)
            await _handle(handling, message, tx)
            done = await _queries.mark_replayed(tx, id=id_)
            if done is None:  # an erasure's handler forgot it, with all else of that contact
                replayed_at = await tx.fetchval("SELECT now()")
                done = dict(row) | {"revision": row["revision"] + 1, "replayed_at": replayed_at}
            await _say(tx, handling, done)
    except Exception as error:
        if isinstance(error, TryAgain) or passes(error):
            raise
        await _park_again(handling, id_, error)
        _log.error("message_parked_again", letter=str(id_), error=type(error).__name__, **about)
    else:
        metrics.replayed.labels(handling.service).inc()
        _log.info("message_replayed", letter=str(id_), **about)


async def _handle(handling: BatchHandling, message: parking.Received, tx: Connection) -> None:
    try:
        read = decode(message.key, message.value, message.headers)
    except NotReadable as error:
        raise Park(str(error)) from error
    if isinstance(read, Unknown) or type(read.event) not in handling.handles:
        return  # what came like this would be passed over
    letter = Letter(message, envelope=read)
    if await erasing.behind(tx, [letter]):
        raise Park(erasing.WHY_BEHIND)
    follow: Sequence[dict[str, Any]] = ()
    if letter.erases:
        await erasing.forget_earlier(tx, message)
        follow = await erasing.later_ones(tx, message)
    new = await inbox.only_new(tx, [read])
    if new:
        await handling.handle(new, tx)
    await _queries.still_whole(tx)
    await erasing.let_follow(tx, follow)


async def _park_again(handling: BatchHandling, id_: uuid.UUID, error: Exception) -> None:
    async with handling.pool.acquire() as tx, tx.transaction():
        row = await _queries.park_again(
            tx, id=id_, reason=parking.reason_of(error), stack=parking.stack_of(error)
        )
        if row is not None:
            await _say(tx, handling, row)


async def _say(tx: Connection, handling: BatchHandling, row: Any) -> None:
    if handling.says:
        letter = parking.told(row, service=handling.service)
        changed = ("attempts", "reason") if letter.replayed_at is None else ("status", "replayed_at")
        event = MessageReplayed(dead_letter=letter, changed=changed)
        await outbox.add(tx, event, source=f"/loti/{handling.service}")
