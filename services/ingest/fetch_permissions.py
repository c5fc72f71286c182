"""Permissions: whether an origin's robots.txt lets us ask for an address, and how long that is known.

A robots.txt is kept for a day. Where there is none (4xx, or redirects without end) everything is allowed; while it
cannot be had (no answer, 5xx, 429) nothing is, and it is asked for again after five seconds, then ten, and so on up to
five minutes: a server that is being started must not cost its boards five minutes.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx2
import structlog

from services.ingest.fetch_answers import Fetched, FetchFailed, NotModified
from services.ingest.politeness import DAY, MOST_CRAWL_DELAY, Clock, Hosts
from services.ingest.robots import Robots, read_robots

_log = structlog.get_logger("fetch")

_NO_RULES = Robots()
_AGAIN_FIRST, _AGAIN_MOST = 5.0, 300.0
_MANY = 5_000

AskRobots = Callable[[str], Awaitable[Fetched | NotModified]]
"""Gets the robots.txt at an address, politely; raises FetchFailed."""


@dataclass(slots=True)
class _Permission:
    """What an origin's robots.txt said, until when that holds; or why it could not be had, how often in a row."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = -math.inf
    robots: Robots = _NO_RULES
    failed: FetchFailed | None = None
    failures: int = 0


class Permissions:
    """What all origins allow us. `user_agent` is ours, whole; `hosts` are told the Crawl-delays."""

    def __init__(self, user_agent: str, hosts: Hosts, clock: Clock, ask: AskRobots) -> None:
        self._user_agent = user_agent
        self._hosts = hosts
        self._clock = clock
        self._ask = ask
        self._known: dict[str, _Permission] = {}

    async def permit(self, url: str, address: httpx2.URL) -> None:
        """Raises FetchFailed when robots.txt forbids the address, while it cannot be had, and when the host rests."""
        permission = self._of(address)
        async with permission.asking:
            if permission.until <= self._clock():
                try:
                    await self._learn(permission, address)
                except FetchFailed as rest:
                    raise FetchFailed(rest.what, url, rest.why, rest.retry_after) from rest
        if failed := permission.failed:
            left = max(0.0, permission.until - self._clock())
            told = f"robots.txt could not be had ({failed.why}); until it can, nothing is fetched"
            why = failed.why if failed.what == "refused_address" else told
            raise FetchFailed(
                "robots" if failed.what == "status" else failed.what, url, why, left
            ) from failed
        if rule := permission.robots.refusal(address.raw_path.decode("ascii")):
            raise FetchFailed("robots", url, f"robots.txt refuses it: {rule}")

    def _of(self, address: httpx2.URL) -> _Permission:
        if len(self._known) >= _MANY:
            now = self._clock()
            self._known = {origin: each for origin, each in self._known.items() if each.until > now}
        return self._known.setdefault(_origin(address), _Permission())

    async def _learn(self, permission: _Permission, address: httpx2.URL) -> None:
        """Ask an origin's robots.txt. Raises FetchFailed when the host rests, and nothing was asked."""
        host, origin = self._hosts.of(address.host, address.port), _origin(address)
        robots, failure, until = _NO_RULES, None, self._clock() + DAY
        try:
            found = await self._ask(f"{origin}/robots.txt")
            if isinstance(found, Fetched):
                robots = await asyncio.to_thread(read_robots, found.body, self._user_agent)
        except FetchFailed as failed:
            if failed.what == "resting":
                raise
            if not _means_none(failed):
                _log.warning("robots_not_read", origin=origin, why=failed.why)
                again = min(_AGAIN_MOST, _AGAIN_FIRST * 2.0 ** min(permission.failures, 10))
                failure, until = failed, self._clock() + min(DAY, max(again, failed.retry_after or 0.0))
        permission.robots, permission.failed, permission.until = robots, failure, until
        permission.failures = permission.failures + 1 if failure else 0
        if failure is None and host.slow_down(origin, robots.crawl_delay):
            _log.warning(
                "crawl_delay_capped", origin=origin, asked=robots.crawl_delay, obeyed=MOST_CRAWL_DELAY
            )


def _origin(address: httpx2.URL) -> str:
    return f"{address.scheme}://{address.netloc.decode('ascii')}"


def _means_none(failed: FetchFailed) -> bool:
    """Whether an origin without a robots.txt answers so (RFC 9309, 2.3.1.2 and 2.3.1.3)."""
    absent = failed.status is not None and 200 <= failed.status < 500 and failed.status not in (304, 429)
    return absent or failed.what == "redirects"
