"""Turns: mails wait here for what the limits allow, in the order in which they came."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence

from services.notify.sending.limits import TURN, Limits
from services.notify.sending.outgoing import NotNow


class Turns:
    """One for a pool. Only a place among the mails of a domain is waited for; what rests, or is over the rate, is held
    back at once, so that others can go on."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    async def begin(self, domains: Sequence[str], deadline: float) -> NotNow | None:
        """None: it is this mail's turn, and `end` must follow. `deadline` is in the loop's time."""
        called = not any(self._waiting.get(one) for one in domains)
        while True:
            wait = self._limits.begin(domains, asyncio.get_running_loop().time()) if called else TURN
            if not wait:
                return None
            if wait != TURN:
                self._call_next(domains)
                return NotNow(f"held back here for {wait:.1f} seconds", wait=wait)
            called = await self._called(domains, deadline)
            if not called:
                return NotNow("held back here: others to its domain were before it", wait=1.0)

    def end(self, domains: Sequence[str], *, rests: bool | None) -> None:
        """It ended, and what was learned of the domain."""
        self._limits.end(domains, asyncio.get_running_loop().time(), rests=rests)
        self._call_next(domains)

    def paused(self) -> float:
        """Seconds until the rate lets another mail go."""
        return self._limits.paused(asyncio.get_running_loop().time())

    async def _called(self, domains: Sequence[str], deadline: float) -> bool:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for domain in domains:
            self._waiting.setdefault(domain, deque()).append(turn)
        try:
            async with asyncio.timeout_at(deadline):
                await turn
        except BaseException as error:
            for domain in domains:
                with contextlib.suppress(KeyError, ValueError):
                    self._waiting[domain].remove(turn)
            if turn.done() and not turn.cancelled():  # called and gone: somebody else's turn
                self._call_next(domains)
            if isinstance(error, TimeoutError):
                return False
            raise
        for domain in domains:
            with contextlib.suppress(KeyError, ValueError):
                self._waiting[domain].remove(turn)
        return True

    def _call_next(self, domains: Sequence[str]) -> None:
        for domain in domains:
            waiting = self._waiting.get(domain)
            while waiting and waiting[0].done():
                waiting.popleft()
            if waiting:
                waiting.popleft().set_result(None)
            if not waiting:
                self._waiting.pop(domain, None)
