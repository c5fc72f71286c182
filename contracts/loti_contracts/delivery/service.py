"""What makes one service different from another."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from loti_contracts.delivery.batch import BatchHandler, Handler
from loti_contracts.delivery.health import OwnReport
from loti_contracts.delivery.holdings import Holding
from loti_contracts.delivery.recovery import Recovery
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Event, Topic

Loop = Callable[["asyncpg.Pool[Any]", asyncio.Event], Coroutine[Any, Any, None]]
"""Work of a service that no event starts. It must return soon after its event is set; it is never cancelled
within `drain` seconds."""


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service different from another.

    `on` handles events one by one; `on_batch` handles many at once, of the classes in `handles`.
    """

    name: str
    settings: ServiceSettings
    migrations: Path | None = None
    hears: Sequence[Topic] = ()
    on: Mapping[type[Event], Handler] = field(default_factory=dict)
    on_batch: BatchHandler | None = None
    handles: frozenset[type[Event]] = frozenset()
    loops: Sequence[Loop] = ()
    report: OwnReport | None = None
    """What the service itself shows on its health page, beside delivery."""
    speaks: bool = True
    """A service that does not speak makes no topics, publishes nothing, and keeps its dead letters to itself."""
    holdings: Sequence[Holding] = ()
    """Its own tables."""
    recovery: Recovery | None = None
    """How its tables can be had again from topics, and its topics from its tables."""
