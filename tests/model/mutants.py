"""Bugs, each put into a copy of the real code, which the model must find there.

A bug is a text of one file and what stands in its place. The text must be there exactly once, so that a bug cannot
quietly stop being one when the code changes.
"""

from dataclasses import dataclass
from typing import Final

_RELAY: Final = "delivery/relay.py"
_BATCH: Final = "delivery/batch.py"
_CONSUMER: Final = "delivery/consumer.py"
_INBOX: Final = "delivery/inbox.py"
_QUERIES: Final = "delivery/queries.sql"
_ISOLATING: Final = "delivery/isolating.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`part` of the system that is wrong, and `what` is wrong with it."""

    part: str
    what: str
    file: str
    before: str
    after: str


MUTANTS: Final = (
    Mutant(
        "outbox",
        "read in the order of time",
        _QUERIES,
        "FROM outbox ORDER BY position LIMIT :most",
        "FROM outbox ORDER BY added_at LIMIT :most",
    ),
    Mutant(
        "outbox",
        "everything up to the last position is deleted",
        _QUERIES,
        "DELETE FROM outbox WHERE position = ANY(:positions::bigint[])",
        "DELETE FROM outbox WHERE position <= (SELECT max(p) FROM unnest(:positions::bigint[]) AS p)",
    ),
    Mutant(
        "outbox",
        "counted past the last position",
        _RELAY,
        "                if rows:\n",
        "                rows = [row for row in rows if row['position'] > self.__dict__.get('last', 0)]\n"
        "                self.__dict__['last'] = max([0, *(row['position'] for row in rows)])"
        " or self.__dict__.get('last', 0)\n"
        "                if rows:\n",
    ),
    Mutant(
        "relay",
        "deletes before it publishes",
        _RELAY,
        "                    await publish(producer, rows)\n",
        '                    await _queries.forget_published(connection, positions=[row["position"] for row in rows])\n'
        "                    await publish(producer, rows)\n",
    ),
    Mutant(
        "relay",
        "publishes without leading",
        _RELAY,
        "while not await _queries.lead_the_relay(connection):",
        "while False:",
    ),
    Mutant(
        "relay",
        "a former leader is not fenced",
        _RELAY,
        'transactional_id=f"loti-{self._service}-relay"',
        'transactional_id=f"loti-{self._service}-relay-{id(self)}"',
    ),
    Mutant(
        "relay",
        "publishes the newest first",
        _QUERIES,
        "before < :bytes::bigint ORDER BY position;",
        "before < :bytes::bigint ORDER BY position DESC;",
    ),
    Mutant(
        "inbox",
        "ids are claimed outside the transaction",
        _BATCH,
        "new = await inbox.only_new(connection, said)",
        "new = await inbox.only_new(self.pool, said)",
    ),
    Mutant(
        "inbox",
        "lets everything through",
        _INBOX,
        "        if envelope.id in new:\n",
        "        if envelope.id in new or envelope.id:\n",
    ),
    Mutant(
        "inbox",
        "gives events back in another order",
        _INBOX,
        "    return fresh\n",
        "    return fresh[::-1]\n",
    ),
    Mutant(
        "batch",
        "keeps the claim of an event whose handler failed",
        _BATCH,
        "                await self.handle(new, connection)\n",
        "                try:\n"
        "                    async with connection.transaction():\n"
        "                        await self.handle(new, connection)\n"
        "                except TryAgain:\n"
        "                    pass\n",
    ),
    Mutant(
        "batch",
        "drops what comes after a bad message",
        _ISOLATING,
        "parts.extend(divided(part, culprit)[::-1])",
        "parts.extend(divided(part, culprit)[1::-1])",
    ),
    Mutant(
        "batch",
        "lets a key overtake its message that waits",
        _ISOLATING,
        "going = waiting.without(parts.pop())",
        "going = parts.pop()",
    ),
    Mutant(
        "batch",
        "parks at the first unexpected error",
        _ISOLATING,
        "if isinstance(letter.error, Park):\n            await _set_aside(handling, letters, letter)\n        else:",
        "if letter.error:\n            await _set_aside(handling, letters, letter)\n        else:",
    ),
    Mutant(
        "consumer",
        "acknowledges before the commit",
        _CONSUMER,
        "            await self._handling.process([received(record) for record in records])\n        except Held",
        "            await self._acknowledge(message)\n"
        "            await self._handling.process([received(record) for record in records])\n        except Held",
    ),
    Mutant(
        "consumer",
        "goes on past a batch that is held",
        _CONSUMER,
        "                self._rests.begin(message.consumer, partition, part[0].offset, str(error)[:200])\n",
        "                pass\n",
    ),
    Mutant(
        "rebalance",
        "a new member begins where the topic ends",
        "delivery/connection.py",
        'auto_offset_reset="earliest"',
        'auto_offset_reset="latest"',
    ),
)
