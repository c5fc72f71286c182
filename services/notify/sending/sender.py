"""The sender: due mails leave, each once in ordinary running, and what became of each is written down.

Mails are claimed (`sending`, one attempt more) and that is committed; then each is handed over, with no transaction
open; then what became of it and the events that say so are written together. How that is done for many at a time is
`batches`. Whoever is killed leaves the mails in its hand IN DOUBT, `at_once` at most: the relay may have one or not, and
nobody can know. Doubt is resolved one way: when the lease has passed a mail is SENT AGAIN, with the same Message-ID,
since a borough that misses an introduction loses more than one that sees it twice, and a mailbox that folds equal
Message-IDs shows one; only where the transport can ask what became of it (GOV.UK Notify), its answer counts.
`mail.doubts` counts how often that happened to a mail. The same holds where the connection breaks after the handing over
and before the answer. Everything that the relay surely did not take is due again, with back-off, or `refused` for ever.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import structlog

from loti_contracts.delivery.database import PASSING, Connection
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from services.notify.sending.batches import Batches, Delivers, Pool
from services.notify.settings import NotifySettings

_log = structlog.get_logger("sending")

Step: TypeAlias = Callable[[Connection, NotifySettings, datetime], Awaitable[bool]]
"""A bounded piece of work that makes mails, in a transaction of its own; True: there is more to do at once."""


@dataclass(frozen=True, slots=True)
class Woken:
    """A step that need not be tried at once when something else was committed than rows `of` these tables; it is tried
    every `send_poll` all the same."""

    step: Step
    of: frozenset[str]

    async def __call__(self, tx: Connection, settings: NotifySettings, now: datetime) -> bool:
        """As the step does."""
        return await self.step(tx, settings, now)


def sender(settings: NotifySettings, delivery: Delivers, steps: Sequence[Step]) -> Loop:
    """The loop that sends, for as many processes at once as one likes."""

    async def send_loop(pool: Pool, stopping: asyncio.Event) -> None:
        await Sending(settings, pool, stopping, delivery, steps).run()

    return send_loop


class Sending:
    """One process that makes and sends mails."""

    def __init__(
        self,
        settings: NotifySettings,
        pool: Pool,
        stopping: asyncio.Event,
        delivery: Delivers,
        steps: Sequence[Step],
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._stopping = stopping
        self._transport = delivery.transport
        self._steps = steps
        self._batches = Batches(settings, pool, stopping, delivery)
        self._to_make = asyncio.Event()
        self._committed: set[str] = set()

    @property
    def counts(self) -> Counter[str]:
        """How many mails ended how: sent, refused, deferred, in doubt, withheld."""
        return self._batches.counts

    @property
    def busy(self) -> bool:
        """Whether anything is in hand, or not yet written down."""
        return self._batches.busy

    async def run(self) -> None:
        """Make and send mails whenever the database says that there is something to do, until stopped."""
        try:
            async with asyncio.TaskGroup() as together:
                together.create_task(self._listen())
                together.create_task(self._make())
                together.create_task(self._batches.run())
        finally:
            await self._transport.close()

    async def send_due(self) -> bool:
        """Make and send mails until nothing is due, or a stop; False where the relay is away."""
        try:
            reached = True
            while reached and not self._stopping.is_set():
                made = await self.make_due()
                before = self.counts.total()
                reached = await self._batches.send_due()
                if not made and self.counts.total() == before:
                    break
            return reached
        finally:
            await self._transport.close()

    async def make_due(self) -> bool:
        """Make the mails that are due, until no step has more to do, or a stop; whether there was anything."""
        any_made = False
        while not self._stopping.is_set() and await self._make_once(self._steps):
            any_made = True
        return any_made

    async def _make_once(self, steps: Sequence[Step]) -> list[Step]:
        """Those of the steps that have more to do at once."""
        more = []
        for step in steps:
            async with self._pool.acquire() as tx, tx.transaction():
                if await step(tx, self._settings, datetime.now(UTC)):
                    more.append(step)
        return more

    async def _make(self) -> None:
        backoff = Backoff(first=0.1, most=5.0)
        loop = asyncio.get_running_loop()
        more: list[Step] = []
        all_at = loop.time()  # when every step is to be tried, whatever was committed
        while not self._stopping.is_set():
            self._to_make.clear()
            committed, self._committed = self._committed, set()
            steps = [step for step in self._steps if step in more or _wakes(committed, step)]
            if loop.time() >= all_at:
                steps, all_at = list(self._steps), loop.time() + self._settings.send_poll
            try:
                more = await self._make_once(steps)
            except PASSING as error:
                _log.warning("making_mails_interrupted", error=type(error).__name__)
                all_at = loop.time()
                await backoff.wait(self._stopping)
                continue
            except Exception:  # noqa: BLE001 - a bug in what makes some mails: those that are made already go on leaving
                _log.exception("mails_not_made")
                all_at = loop.time()
                await backoff.wait(self._stopping)
                continue
            backoff.reset()
            if more:
                self._batches.wake()
            else:
                await wait_for_any(self._stopping, self._to_make, timeout=max(0.0, all_at - loop.time()))

    async def _listen(self) -> None:
        """Wake the others when a transaction that made work is committed."""
        backoff = Backoff(first=0.1, most=5.0)
        while not self._stopping.is_set():
            try:
                await self._listen_once(backoff)
            except PASSING as error:
                _log.warning("listening_interrupted", error=type(error).__name__)
            if not self._stopping.is_set():
                await backoff.wait(self._stopping)

    async def _listen_once(self, backoff: Backoff) -> None:
        lost = asyncio.Event()
        async with self._pool.acquire() as connection:
            try:
                connection.add_termination_listener(lambda *_: lost.set())
                await connection.add_listener("mail", self._wake)
                self._wake()
                backoff.reset()
                await wait_for_any(self._stopping, lost)
            finally:
                # A connection with a listener must not go back to the pool, and one that broke cannot unlisten.
                connection.terminate()

    def _wake(self, _: object = None, process: int = 0, channel: str = "", what: object = "") -> None:
        """Committed is a mail that is due, or `what` mails are made of."""
        if what != "mail":
            self._committed.add(str(what))
            self._to_make.set()
        if what in ("", "mail"):
            self._batches.wake()


def _wakes(committed: set[str], step: Step) -> bool:
    return bool(committed) and (
        not isinstance(step, Woken) or "" in committed or not step.of.isdisjoint(committed)
    )
