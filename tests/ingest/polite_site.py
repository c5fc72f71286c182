"""A host with a log, and a clock that only the waiting of its client moves on, so that no test waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from deploy.local.boards.server import serving
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.politeness import Politeness

AGENT = "TalentExchange/0.1 (tests; +https://exchange.example/contact)"
ONE_AT_A_TIME = Politeness(at_once=1)


@dataclass
class Time:
    """A clock that stands still unless somebody waits."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)
    before: Callable[[], Any] | None = None

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Move on at once; others get their turn first."""
        assert seconds > 0
        if self.before is not None:
            await self.before()
        await asyncio.sleep(0)
        self.waits.append(seconds)
        self.now += seconds


class Site:
    """A host with a log: when each request came, and what for. Pages are text, statuses or whole responses."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.address = ""
        self.robots: str | int | Response = 404
        self.pages: dict[str, str | int | Response] = {}
        self.log: list[tuple[float, str]] = []
        self.hold: asyncio.Event | None = None
        self.present = self.most_present = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.log.append((self.time(), path))
        self.present += 1
        self.most_present = max(self.present, self.most_present)
        if self.hold is not None and path != "/robots.txt":
            await self.hold.wait()
        self.present -= 1
        page = self.robots if path == "/robots.txt" else self.pages.get(path, "a page")
        if not isinstance(page, Response):
            page = Response(status_code=page) if isinstance(page, int) else PlainTextResponse(page)
        await page(scope, receive, send)

    @property
    def asked(self) -> list[str]:
        """Paths, in order."""
        return [path for _, path in self.log]

    @property
    def gaps(self) -> list[float]:
        """Seconds between one request and the next."""
        times = [when for when, _ in self.log]
        return [after - before for before, after in pairwise(times)]


@asynccontextmanager
async def standing() -> AsyncIterator[Site]:
    """A host on this machine."""
    site = Site(Time())
    async with serving(site) as site.address:
        yield site


@asynccontextmanager
async def client(
    site: Site, manners: Politeness = ONE_AT_A_TIME, timeout: float = 10
) -> AsyncIterator[Fetcher]:
    """A fetcher whose clock is the site's."""
    async with Fetcher(
        user_agent=AGENT,
        timeout=timeout,
        max_bytes=1_000_000,
        allow_private=True,
        politeness=manners,
        clock=site.time,
        sleep=site.time.sleep,
    ) as fetcher:
        yield fetcher


async def refused(fetcher: Fetcher, url: str) -> FetchFailed:
    """How fetching fails."""
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url)
    return caught.value
