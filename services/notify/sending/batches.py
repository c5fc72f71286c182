"""Batches: the mails in one process's hand, from claim to written down, never more than `at_once` (see `pace`).

What became of those that have ended is written down and as many more are claimed in one transaction, while the others are
still on their way: the relay is never waited for with nothing else to do, nor the database.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeAlias

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from services.notify.sending import endings, ledger
from services.notify.sending.ledger import Claimed
from services.notify.sending.loading import KnownThings
from services.notify.sending.outgoing import InDoubt, NotNow, Transport
from services.notify.sending.pace import Pace
from services.notify.sending.writing_down import Result, write_down
from services.notify.settings import NotifySettings

_log = structlog.get_logger("sending")

Pool: TypeAlias = "asyncpg.Pool[Any]"

_LINGER: Final = 0.02
"""Seconds that an ended mail waits at most for others to be written down with."""

_WRITTEN_TOGETHER: Final = 2
"""Letters that are written in one go. To write fifty takes as long as a quick relay needs for all that it was given."""


class Delivers(Protocol):
    """Hands a claimed mail over."""

    @property
    def transport(self) -> Transport:
        """By what."""
        ...

    async def deliver(self, claimed: Claimed, *, within: float) -> Result:
        """What became of it, after at most `within` seconds."""
        ...


class Batches:
    """One process's mails. `counts` says how many ended how: sent, refused, deferred, in doubt, withheld.

    `unreachable` is set while the relay serves nobody: then nothing is claimed.
    """

    def __init__(
        self, settings: NotifySettings, pool: Pool, stopping: asyncio.Event, delivery: Delivers
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.unreachable = False
        self._settings = settings
        self._pool = pool
        self._stopping = stopping
        self._delivery = delivery
        self._known = KnownThings()
        self._pace = Pace(settings.at_once)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._ended: list[Result] = []
        self._more = True  # perhaps more is due than was claimed
        self._stir = asyncio.Event()
        self._linger: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is in hand, or not yet written down."""
        return bool(self._in_hand or self._ended)

    def wake(self) -> None:
        """Something may be due."""
        self._more = True
        self._stir.set()

    async def run(self) -> None:
        """Send whatever is due whenever it is, until stopped; then finish what is in hand.

        While the database or the relay is away, try again with back-off.
        """
        database, relay = Backoff(first=0.1, most=5.0), Backoff(first=0.1, most=5.0)
        while not self._stopping.is_set() or self.busy:
            try:
                await self.turn()
            except PASSING as error:
                _log.warning("sending_interrupted", error=type(error).__name__)
                await self._patience(database)
                self._more = True
                continue
            database.reset()
            if not self.unreachable:
                relay.reset()
            elif not self.busy:
                await relay.wait(self._stopping)
                self.unreachable, self._more = False, True
                continue
            await self._wait()

    async def send_due(self) -> bool:
        """Send until nothing is due, or a stop; False where the relay is away."""
        self.unreachable, self._more = False, True
        backoff = Backoff(first=0.1, most=5.0)
        while self.busy or (self._more and not self._stopping.is_set()):
            try:
                await self.turn()
            except PASSING:
                if not self.busy:
                    raise
                await self._patience(backoff)
                continue
            if self.busy or self._held_back():
                await self._wait()
            elif self.unreachable:
                return False
        return True

    async def turn(self) -> None:
        """Write down what has ended and claim as many more, in one transaction."""
        self._stir.clear()
        ended, room = self._ended[:], self._room()
        if not ended and not room:
            return
        if room:
            self._more = False
        until = asyncio.get_running_loop().time() + self._settings.lease / 2
        async with self._pool.acquire() as tx, tx.transaction():
            if ended:
                await write_down(tx, ended, self._settings, datetime.now(UTC))
            claimed = await ledger.claim(tx, room, self._settings.lease, self._known) if room else []
        del self._ended[: len(ended)]
        if ended or not self._in_hand:
            self._pace.left(len(ended), asyncio.get_running_loop().time())
        endings.note(ended, self.counts)
        if room and len(claimed) == room:
            self._more = True
        for n, one in enumerate(claimed, 1):
            task = asyncio.create_task(self._deliver(one, until))
            self._in_hand.add(task)
            task.add_done_callback(self._has_ended)
            if n % _WRITTEN_TOGETHER == 0:
                await asyncio.sleep(0)

    def _room(self) -> int:
        if not self._more or self.unreachable or self._stopping.is_set() or self._held_back():
            return 0
        return max(0, self._pace.in_hand - len(self._in_hand))

    def _held_back(self) -> float:
        return self._delivery.transport.paused()

    async def _deliver(self, claimed: Claimed, until: float) -> None:
        """Half a lease is the most that a mail may take, so that whoever claims it next is alone with it."""
        within = until - asyncio.get_running_loop().time()
        try:
            if within > 0:
                result = await self._delivery.deliver(claimed, within=within)
            else:
                result = Result(claimed, NotNow("its turn came too late", wait=0.0))
        except Exception as error:  # noqa: BLE001 - a bug, and nobody knows whether before or after the handing over
            _log.exception("mail_not_delivered", mail_id=str(claimed.mail.id))
            result = Result(claimed, InDoubt(f"a bug of ours: {type(error).__name__}"))
        if isinstance(result.outcome, NotNow) and result.outcome.unreachable:
            self.unreachable = True
        self._ended.append(result)

    def _has_ended(self, task: "asyncio.Task[None]") -> None:
        self._in_hand.discard(task)
        if not self._in_hand or len(self._ended) >= self._pace.turn:
            self._stir.set()
        elif self._linger is None:
            self._linger = asyncio.get_running_loop().call_later(_LINGER, self._lingered)

    def _lingered(self) -> None:
        self._linger = None
        if self._ended:
            self._stir.set()

    async def _wait(self) -> None:
        """Until a turn is worth it: enough have ended, or all, or one some time ago; something may be due; a stop."""
        held_back = self._held_back()
        if self._more and not held_back and not self.busy:
            return
        longest = min(held_back, self._settings.send_poll) if held_back else self._settings.send_poll
        if self._stopping.is_set():
            await wait_for_any(self._stir, timeout=longest)
        elif not await wait_for_any(self._stopping, self._stir, timeout=longest):
            self._more = True

    async def _patience(self, backoff: Backoff) -> None:
        """Wait for the database. What was accepted is not given up for a stop: the service gives `drain` seconds."""
        await backoff.wait(asyncio.Event() if self._stopping.is_set() else self._stopping)
