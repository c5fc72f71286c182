"""What a service can say of its own tables, so that they can be had again from topics, and topics from them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, Event, Topic

Adopt = Callable[[Sequence[Envelope[Any]], Connection], Awaitable[None]]
Restate = Callable[[Connection], AsyncIterator[Event]]
Hear = Callable[[Sequence[Envelope[Any]], Connection], Awaitable[None]]
Settle = Callable[[Connection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Recovery:
    """How one service gets back what it decided, and says again what it holds.

    `says`: its own topics, in the order in which they are adopted.
    `adopt(said, tx)`: these newest states of its own topics are what it decided: take over each that is newer, by its
    revision, than what the tables hold, and say nothing. After it, hearing again what led to them decides nothing anew.
    They come topic by topic, a few hundred at a time; the newest message of an erased contact is its erasure.
    `restate(tx)`: every state that the service holds now of what it says, whole, each as an event of its topic with the
    revision that it has. Subscribers that have it drop it; those that lost it take it. What the topic has already is not
    said again, so it may simply yield everything.
    `hear(said, tx)`: takes in again what was heard before, where the service's own handlers would decide it anew. What
    it says is not said. None: the service's handlers do it.
    `hear_since(said, tx)`: the same, of what was heard after a backup was made that is now restored. None: as `hear`.
    `settle(tx)`: once everything was heard again: what counting, or the time that has passed, makes of it. What it says
    is said.
    `compared`: for tables whose rows are the same though their columns are not: by table, a query of what must be equal.
    """

    says: Sequence[Topic]
    adopt: Adopt
    restate: Restate
    hear: Hear | None = None
    hear_since: Hear | None = None
    settle: Settle | None = None
    compared: Mapping[str, str] = field(default_factory=dict)
