"""A world for the tests of faults: the sample boards over HTTP, a fetcher, and one board under each face."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx2

from deploy.local.boards.adverts import load
from deploy.local.boards.faces import FACES
from deploy.local.boards.listed import PLAIN, address
from services.ingest.boards import KINDS, NotABoard, Posting
from services.ingest.boards.snapshot import Snapshot
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

BOARDS, _ = load()
BY_ID = {board.id: board for board in BOARDS}
NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
READ = [*PLAIN, *sorted(FACES.keys() & KINDS.keys())]
"""Every kind of board that is served and can be read."""
_AT_ONCE = [
    "csv",
    "eploy",
    "greenhouse",
    "itrent",
    "jobtrain",
    "lever",
    "oleeo",
    "rss",
    "sitemap",
    "workable",
]
PAGED = [kind for kind in READ if kind not in _AT_ONCE]
"""Those that spread sixty adverts over several pages."""
LINKLESS = {"itrent", "jobtrain", "oracle", "taleo", "workday"}
"""Those whose readers make the address from a number."""
PATIENCE = 15.0
"""Seconds within which any reading must have ended, on a busy machine."""

Outcome = Snapshot | NotABoard | FetchFailed


class World:
    """The boards, a client that may reach them, and one board under one face."""

    def __init__(self, base: str, fetcher: Fetcher) -> None:
        self.base = base
        self.fetcher = fetcher

    async def put(self, wish: object, board: str) -> None:
        """Change a board, or robots.txt."""
        async with httpx2.AsyncClient(verify=False) as client:
            answer = await client.put(f"{self.base}/control/{board}", content=json.dumps(wish))
            assert answer.status_code == 204, answer.text

    async def read(self, kind: str, fault: str | None = None, **more: object) -> Outcome:
        """The board of that kind, with that fault; ends in good time, as a snapshot or one of the two failures."""
        source = self.source(kind)
        await self.put({"answer": {"fault": fault, **more} if fault or more else None}, source.id)
        began = time.monotonic()
        try:
            found = await take_snapshot(self.fetcher, source, etag=None, last_modified=None)
        except (NotABoard, FetchFailed) as error:
            return error
        finally:
            assert time.monotonic() - began < PATIENCE
        assert isinstance(found, Snapshot)
        return found

    async def whole(self, kind: str, fault: str | None = None) -> tuple[Posting, ...]:
        """The postings of a board that must be read completely."""
        found = await self.read(kind, fault)
        assert isinstance(found, Snapshot)
        assert found.why_incomplete is None
        return found.postings

    def source(self, kind: str) -> Source:
        """A board under that face; north-west London's plain one pages."""
        board = BY_ID[{"rss": "southwark", "jsonld": "north-west-london"}.get(kind, "city-of-london")]
        options = FACES[kind].options_of(board) if kind in FACES else {}
        entry: dict[str, Any] = {"id": board.id, "name": board.name, "kind": kind, "options": options}
        return Source.model_validate(entry | {"url": address(board, kind, self.base)})


def nothing_follows(found: Outcome) -> str:
    """The reason why nothing may be concluded from this reading; there must be one."""
    why = found.why_incomplete if isinstance(found, Snapshot) else str(found)
    assert why
    return why


def titles(postings: tuple[Posting, ...]) -> list[str]:
    """In one order."""
    return sorted(posting.title for posting in postings)
