"""Politeness: how often and how many at once a host is asked, and when it is left alone.

Each host has a gate that every request to it passes. The gate keeps a distance between requests, lets few through at
the same time, and closes when the host asks for a pause or no longer answers.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

DAY = 86_400.0
MOST_CRAWL_DELAY = 60.0
"""Seconds between requests that a robots.txt can ask for; a longer Crawl-delay counts as this."""

_MANY = 5_000
"""Hosts remembered before those with nothing to remember are forgotten."""

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Politeness:
    """How hosts are treated. Times in seconds.

    Attributes:
        interval: at least so long between the beginnings of two requests to a host.
        at_once: requests under way to a host.
        robots: whether robots.txt is asked for and obeyed, Crawl-delay too.
        rests: whether Retry-After and repeated failure give the whole host a rest.
        patience: a pause asked for that is no longer is waited out; a longer one fails what would be asked.
        failures: so many in a row, and the host rests.
        first_pause: how long it rests then, before one request is tried; doubles with each that fails, up to a day.
    """

    interval: float = 1.0
    at_once: int = 2
    robots: bool = True
    rests: bool = True
    patience: float = 60.0
    failures: int = 5
    first_pause: float = 60.0

    def __post_init__(self) -> None:
        if not (self.interval >= 0 and self.at_once >= 1 and self.failures >= 1 and self.first_pause > 0):
            raise ValueError("a politeness needs interval >= 0, at_once and failures >= 1, first_pause > 0")


AT_HOME = Politeness(interval=0.0, at_once=50, robots=False, rests=False)
"""For a server of our own on this machine: nobody needs sparing."""


class Resting(Exception):
    """The host is left alone for `left` more seconds."""

    def __init__(self, why: str, left: float) -> None:
        super().__init__(why)
        self.why = why
        self.left = left


class Host:
    """The gate of one host."""

    def __init__(self, manners: Politeness, clock: Clock, sleep: Sleep) -> None:
        self._manners = manners
        self._clock = clock
        self._sleep = sleep
        self._places = asyncio.Semaphore(manners.at_once)
        self._queue = asyncio.Lock()
        self._present = 0
        self._last = -math.inf
        self._crawl_delays: dict[str, float] = {}
        self._held_until = -math.inf
        self._failures = 0
        self._rests_until: float | None = None
        self._pause = manners.first_pause
        self._probing = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn to make one request, and make it inside; say `answered` or `failed` before leaving.

        Raises:
            Resting: the host is left alone for longer than one waits.
        """
        self._present += 1
        try:
            async with self._places:
                async with self._queue:
                    while (now := self._clock()) < (ready := self._ready(now)):
                        await self._sleep(ready - now)
                    self._last = now
                    probes = self._probing = self._rests_until is not None
                try:
                    yield
                finally:
                    if probes:
                        self._probing = False
        finally:
            self._present -= 1

    def _ready(self, now: float) -> float:
        """When the next request may begin."""
        if self._rests_until is not None:
            left = self._rests_until - now
            if left > 0:
                raise Resting(f"{self._failures} failures in a row", left)
            if self._probing:
                raise Resting(
                    "one request is finding out whether it answers again", self._manners.first_pause
                )
        if self._held_until - now > self._manners.patience:
            raise Resting("it asked for a pause", self._held_until - now)
        return max(self._held_until, self._last + self._distance)

    def slow_down(self, origin: str, crawl_delay: float | None) -> bool:
        """Obey an origin's Crawl-delay, up to MOST_CRAWL_DELAY; gives whether it asked for more.

        http and https on one host are two origins behind one gate: the longer delay counts.
        """
        asked = crawl_delay or 0.0
        self._crawl_delays[origin] = min(asked, MOST_CRAWL_DELAY)
        return asked > MOST_CRAWL_DELAY

    @property
    def _distance(self) -> float:
        return max(self._manners.interval, *self._crawl_delays.values(), 0.0)

    def hold(self, seconds: float) -> None:
        """Leave the host alone for so long, at most a day; an earlier, longer hold stands."""
        if self._manners.rests:
            self._held_until = max(self._held_until, self._clock() + min(seconds, DAY))

    def answered(self) -> None:
        """A request had an answer of whatever kind: the host is there."""
        self._failures = 0
        self._rests_until = None
        self._pause = self._manners.first_pause

    def failed(self) -> bool:
        """A request had no answer, or the host's own failure for one. Gives whether the host begins to rest."""
        if not self._manners.rests:
            return False
        if self._rests_until is not None and not self._probing:
            return False  # it was under way when the rest began
        self._failures += 1
        if self._rests_until is not None:
            self._pause = min(DAY, self._pause * 2)
        elif self._failures < self._manners.failures:
            return False
        self._rests_until = self._clock() + self._pause
        return True

    @property
    def forgettable(self) -> bool:
        """Whether a new gate would let the same through."""
        quiet = not self._present and not self._failures and not any(self._crawl_delays.values())
        return quiet and max(self._last + self._distance, self._held_until) <= self._clock()


class Hosts:
    """The gates of all hosts. A host is a name, with the port where that is not the scheme's own."""

    def __init__(self, manners: Politeness, clock: Clock, sleep: Sleep) -> None:
        self._made_with = manners, clock, sleep
        self._known: dict[tuple[str, int | None], Host] = {}

    def of(self, name: str, port: int | None) -> Host:
        """The gate of this host."""
        if len(self._known) >= _MANY:
            self._known = {key: host for key, host in self._known.items() if not host.forgettable}
        key = (name.lower().rstrip("."), port)
        if key not in self._known:
            self._known[key] = Host(*self._made_with)
        return self._known[key]
