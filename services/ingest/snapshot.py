"""Taking a snapshot: a board's adapter asks, the fetcher answers, and what could not be had is noted."""

import asyncio

from services.ingest.boards import KINDS, Ask, Board, Missed, Page, Reading
from services.ingest.boards.adapter import Answer, Steps
from services.ingest.boards.posting import distinct
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified
from services.ingest.sources import Source

AT_ONCE = 4
"""Questions under way at the same time to one board."""

MOST_QUESTIONS = 1_000
"""In one conversation; an adapter that asks more is cut off, and the board is read incompletely."""


async def take_snapshot(
    fetcher: Fetcher, source: Source, *, etag: str | None, last_modified: str | None
) -> Snapshot | Unchanged:
    """Read a board with all its pages and details.

    Raises FetchFailed or NotABoard when its first page cannot be had; what fails later leaves it incomplete.
    """
    reading = Reading()
    steps = KINDS[source.kind](Board(str(source.url), source.options), reading)
    asks = await asyncio.to_thread(next, steps, ())
    if not asks:
        raise RuntimeError(f"the adapter {source.kind} asked nothing")
    first = await _ask(fetcher, asks[0], etag=etag, last_modified=last_modified)
    if isinstance(first, NotModified):
        return Unchanged(fresh_for=first.fresh_for)
    answers: tuple[Answer, ...] = (_page(first), *await _ask_all(fetcher, asks[1:]))
    asked = len(asks)
    while asks := await asyncio.to_thread(_next, steps, answers):
        asked += len(asks)
        if asked > MOST_QUESTIONS:
            reading.miss(f"more than {MOST_QUESTIONS} questions were asked")
            break
        answers = await _ask_all(fetcher, asks)
    return Snapshot(
        postings=distinct(reading.postings),
        refused=tuple(reading.refused),
        why_incomplete="; ".join(reading.gaps[:5]) or None,
        etag=first.etag,
        last_modified=first.last_modified,
        fresh_for=first.fresh_for,
    )


def _next(steps: Steps, answers: tuple[Answer, ...]) -> tuple[Ask, ...]:
    """The adapter's next questions; none when it has learned all it can. Adapters may be slow: run in a thread."""
    try:
        return steps.send(answers)
    except StopIteration:
        return ()


async def _ask_all(fetcher: Fetcher, asks: tuple[Ask, ...]) -> tuple[Answer, ...]:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def one(ask: Ask) -> Answer:
        async with at_once:
            try:
                answer = await _ask(fetcher, ask)
            except FetchFailed as error:
                return Missed(ask.url, str(error))
            if isinstance(answer, NotModified):
                return Missed(ask.url, f"{ask.url}: answered 304 to an unconditional request")
            return _page(answer)

    return tuple(await asyncio.gather(*map(one, asks)))


async def _ask(
    fetcher: Fetcher, ask: Ask, *, etag: str | None = None, last_modified: str | None = None
) -> Fetched | NotModified:
    return await fetcher.fetch(
        ask.url, method=ask.method, headers=ask.headers, body=ask.body, etag=etag, last_modified=last_modified
    )


def _page(fetched: Fetched) -> Page:
    return Page(fetched.url, fetched.body, fetched.content_type)
