"""A world for the test of manners: the sample boards as hosts, and a clock that moves when nobody is talking."""

import asyncio
import heapq
import json
import random
from collections import deque
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.boards.adverts import load
from deploy.local.boards.faces import FACES
from deploy.local.boards.listed import PLAIN, address
from deploy.local.boards.request_log import LogRequests
from deploy.local.boards.server import create_app
from services.ingest.boards import KINDS, NotABoard
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

START = datetime(2027, 1, 4, tzinfo=UTC)
DAY = 86_400.0
FAULTS = (
    {"status": 500}, {"status": 503, "retry_after": "40"}, {"status": 503, "retry_after": "7200"},
    {"status": 429, "retry_after": "30"}, {"status": 429}, {"status": 404}, {"fault": "empty"},
    {"fault": "truncated"}, {"fault": "login"}, {"fault": "redirect_loop"}, {"fault": "robots"},
    {"fault": "missing_page"}, {"fault": "changed_ids"}, {"fault": "charset"},
)  # fmt: skip
ROBOTS = (
    None, {"text": ""}, {"text": "User-agent: *\nCrawl-delay: 7"}, {"status": 404}, {"status": 500}, {"status": 429},
    {"text": "User-agent: TalentExchange\nDisallow: /*/as/\nAllow: /*/as/oleeo/\nCrawl-delay: 2.5"},
    {"text": "User-agent: *\nDisallow: /*page=2\nDisallow: /camden/\nDisallow: /*/jobs/\nCrawl-delay: 300"},
    {"text": "User-agent: TalentExchange\nDisallow: /"},
)  # fmt: skip


class Time:
    """A clock that stands still while a request is on its way, and else goes to whoever waits the shortest."""

    def __init__(self) -> None:
        self.now = 0.0
        self.under_way = 0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    def of_day(self) -> datetime:
        """The time in the hosts' logs."""
        return START + timedelta(seconds=self.now)

    async def sleep(self, seconds: float) -> None:
        """Wait for so much of this time."""
        self._count += 1
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + seconds, self._count, woken))
        await woken

    async def go_on(self) -> None:
        """Move on whenever all are waiting, until cancelled."""
        while True:
            await asyncio.sleep(0.0003)
            if self._waiting and not self.under_way:
                self.now, _, woken = heapq.heappop(self._waiting)
                if not woken.done():
                    woken.set_result(None)


class Counting(Fetcher):
    """The real client, telling the clock while it talks."""

    time: Time

    async def _ask(self, *args: Any) -> Any:
        self.time.under_way += 1
        try:
            return await super()._ask(*args)
        finally:
            self.time.under_way -= 1


class Host:
    """The sample boards as one host, which takes its time with some answers."""

    def __init__(self, time: Time, seed: int) -> None:
        self.time = time
        self.random = random.Random(seed)
        self.log: deque[dict[str, Any]] = deque()
        self.app: ASGIApp = LogRequests(self._slowly, log=self.log, clock=time.of_day)
        self._boards = create_app(START.date())
        self.address = ""

    async def _slowly(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.random.random() < 0.3 and not scope["path"].startswith("/control/"):
            self.time.under_way -= 1
            try:
                await self.time.sleep(self.random.uniform(0.1, 6))
            finally:
                self.time.under_way += 1
        await self._boards(scope, receive, send)

    async def put(self, what: str, wish: object) -> None:
        """Change a board, or robots.txt."""
        async with httpx2.AsyncClient(verify=False) as client:
            answer = await client.put(f"{self.address}/control/{what}", content=json.dumps(wish))
            assert answer.status_code == 204, answer.text


def sources(host: Host) -> list[Source]:
    """Every sample board, each under another face."""
    boards, _ = load()
    kinds = [*PLAIN, *sorted(FACES.keys() & KINDS.keys())]
    found = []
    for place, kind in enumerate(kinds):
        board = boards[place % len(boards)]
        options = FACES[kind].options_of(board) if kind in FACES else {}
        entry: dict[str, Any] = {"id": board.id, "name": board.name, "kind": kind, "options": options}
        found.append(Source.model_validate(entry | {"url": address(board, kind, host.address)}))
    return found


async def poll(
    fetcher: Fetcher,
    host: Host,
    *,
    rounds: int,
    seed: int,
    faults: Sequence[dict[str, Any]] = FAULTS,
    share: float = 0.4,
    pauses: Sequence[float] = (60, 900, 4_000, DAY / 2),
) -> dict[str, int]:
    """Poll a host's boards, four a round; counts what came of it.

    Of the boards, a `share` goes wrong, by one of `faults`; `pauses` are seconds between rounds. All as `seed` has it.
    """
    known: dict[str, Snapshot] = {}
    chance, came = random.Random(seed), {"whole": 0, "unchanged": 0, "in part": 0, "failed": 0}
    listed = sources(host)

    async def one(source: Source) -> str:
        before = known.get(source.id + source.kind)
        etag, changed = (before.etag, before.last_modified) if before else (None, None)
        try:
            found = await take_snapshot(fetcher, source, etag=etag, last_modified=changed)
        except (FetchFailed, NotABoard):
            return "failed"
        if isinstance(found, Unchanged):
            return "unchanged"
        if found.why_incomplete is None:
            known[source.id + source.kind] = found
        return "in part" if found.why_incomplete else "whole"

    faulty: set[str] = set()
    for _ in range(rounds):
        await host.put("robots", chance.choice((None, None, None, *ROBOTS)))
        chosen = chance.sample(listed, 4)
        for source in chosen:
            if chance.random() < share:
                fault = chance.choice(faults) | {
                    "share": chance.choice((1, 0.5)),
                    "seed": chance.randrange(99),
                }
                await host.put(source.id, {"answer": fault})
                faulty.add(source.id)
            elif source.id in faulty:
                await host.put(source.id, {"answer": None})
                faulty.remove(source.id)
        asked: Sequence[Awaitable[str]] = [one(source) for source in chosen]
        for word in await asyncio.gather(*asked):
            came[word] += 1
        await host.time.sleep(chance.choice(pauses))
    return came
