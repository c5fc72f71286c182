"""Recovery: a service's tables from topics, and its topics from its tables. All of it in one transaction, or nothing.

rebuild    the derived tables are emptied; the service takes over what it said (its own topics), and hears again what it
           heard before, without saying anything. The tables end as they were.
restored   after a backup was restored: the same without emptying, with what the backup's outbox still held and the topics
           have by now taken out.
republish  after a broker lost topics: what the service holds and its topics lack is said again, through the outbox.

The first two end with the third: what follows from the tables and was never said is said. What the service did not hear
before it hears when it runs, as ever.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from loti_contracts.delivery import outbox, standing_aside
from loti_contracts.delivery import recovering_saying as saying
from loti_contracts.delivery.database import OLDER, Connection, queries_beside
from loti_contracts.delivery.recovering_hearing import Hearing
from loti_contracts.delivery.recovering_saying import OwnTopics
from loti_contracts.delivery.recovering_tables import Compared, Derived
from loti_contracts.delivery.recovering_topics import Log
from loti_contracts.delivery.service import Service
from loti_contracts.events import TOPICS

_queries = queries_beside(__file__)

Kind = Literal["rebuild", "restored", "republish"]


class RecoveryRefused(Exception):
    """It cannot be done now, and nothing was done; the text says why and what to do."""


@dataclass(slots=True)
class Recovered:
    """What was done. `said`: how many states of which topic are said again; `dropped`: how many events the outbox held
    that had been published; `left`: what the service has still to hear when it runs."""

    service: str
    kind: Kind
    heard: int = 0
    left: int = 0
    parked: int = 0
    dropped: int = 0
    said: Counter[str] = field(default_factory=Counter)
    tables: list[Compared] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether every table is as it was."""
        return all(table.same for table in self.tables)


async def rebuild(
    service: Service, connection: Connection, log: Log, *, check: bool = False, even_if_lost: bool = False
) -> Recovered:
    """Empty the derived tables and fill them anew. `check`: only look what would become of them, and change nothing.

    Nobody else may work on the tables (`alone`). Raises RecoveryRefused where tables would be empty because topics are,
    unless `even_if_lost`; and what an outage raises.
    """
    done = Recovered(service.name, "rebuild")
    derived = _derived(service)
    async with _one_transaction(connection, undo=check):
        own = await saying.read_own(log, saying.own_topics(service))
        await saying.note_outbox(connection, own)
        await derived.remember(connection)
        aside = await derived.empty(connection)
        await _hear_again(service, connection, log, own, done, anew=True)
        await aside.put_back(connection)
        await _settle(service, connection, own, done)
        done.tables = await derived.compare(connection)
        if not even_if_lost:
            await _refuse_what_is_lost(service, log, done)
    return done


async def restored(service: Service, connection: Connection, log: Log) -> Recovered:
    """Bring the tables of a restored backup to what was said since. Nobody else may work on them (`alone`)."""
    done = Recovered(service.name, "restored")
    derived = _derived(service)
    async with _one_transaction(connection):
        waiting = await saying.topics_in_outbox(connection)
        topics = saying.own_topics(service)
        more = [topic for topic in TOPICS if topic.name in waiting and topic not in topics]
        own = await saying.read_own(log, [*topics, *more], wanted_ids=await saying.ids_in_outbox(connection))
        done.dropped = await saying.drop_published(connection, own)
        await derived.remember(connection)
        await _hear_again(service, connection, log, own, done, anew=False)
        await _settle(service, connection, own, done)
        done.tables = await derived.compare(connection)
    return done


async def republish(service: Service, connection: Connection, log: Log) -> Recovered:
    """Say again what the service holds and its topics lack. The service may run: others wait to say something until this is
    committed."""
    done = Recovered(service.name, "republish")
    own = await saying.read_own(log, saying.own_topics(service))
    async with _one_transaction(connection):
        await _queries.hold_the_outbox(connection)
        await saying.note_outbox(connection, own)
        done.said = await saying.say_what_lacks(connection, service, own)
    return done


async def alone(
    connection: Connection, service: Service, *, members: Callable[[], Awaitable[int]], wait: float
) -> None:
    """Be the only one that works on the service's tables, until the connection ends. Processes of the service stand aside
    by themselves; for at most `wait` seconds that is waited for. `members`: how many of them read now. Raises
    RecoveryRefused."""
    if not await standing_aside.begin(connection):
        raise RecoveryRefused(f"somebody else recovers {service.name} already; wait for its end")
    until = asyncio.get_running_loop().time() + wait
    while True:
        leads = await _queries.lead_the_relay(connection)
        reading = await members()
        if leads and not reading:
            return
        if asyncio.get_running_loop().time() >= until:
            runs = f"{reading} of its processes read" if reading else "one of its processes publishes"
            raise RecoveryRefused(
                f"{service.name} runs ({runs}): stop it first, or give --hold: then it stands aside, and goes on by itself"
            )
        await asyncio.sleep(0.5)


async def _hear_again(
    service: Service, tx: Connection, log: Log, own: OwnTopics, done: Recovered, *, anew: bool
) -> None:
    if service.recovery is not None:
        with outbox.muted():
            for chunk in own.chunks(service.recovery.says):
                await service.recovery.adopt(chunk, tx)
    hearing = Hearing(tx, service, anew)
    await hearing.run(log)
    done.heard, done.left, done.parked = hearing.heard, hearing.left, hearing.parked


async def _settle(service: Service, tx: Connection, own: OwnTopics, done: Recovered) -> None:
    if service.recovery is not None and service.recovery.settle is not None:
        await service.recovery.settle(tx)
        await saying.note_outbox(tx, own)
    done.said = await saying.say_what_lacks(tx, service, own)


async def _refuse_what_is_lost(service: Service, log: Log, done: Recovered) -> None:
    gone = [table.table for table in done.tables if table.before and not table.after]
    says = service.recovery.says if service.recovery else ()
    lost = [topic.name for topic in await log.empty(dict.fromkeys([*service.hears, *says]))]
    if gone and lost:
        raise RecoveryRefused(
            f"{', '.join(gone)} would be empty, since there is nothing on {', '.join(lost)}. If the broker lost them, let "
            "their owners say them again first (`loti republish`); if there was never anything on them, or you mean it, "
            "give --even-if-lost"
        )


@asynccontextmanager
async def _one_transaction(connection: Connection, *, undo: bool = False) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except BaseException as error:
        if not connection.is_closed():
            await transaction.rollback()
        if isinstance(error, OLDER):
            raise RecoveryRefused(f"the database lacks a table ({error}); start the service once") from error
        raise
    await (transaction.rollback() if undo else transaction.commit())


def _derived(service: Service) -> Derived:
    compared = service.recovery.compared if service.recovery else {}
    return Derived([one for one in service.holdings if one.comes_from == "topics"], compared)
