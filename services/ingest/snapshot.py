"""Taking a snapshot: a board's adapter asks, the fetcher answers, and what could not be had is noted."""

import asyncio
from dataclasses import dataclass, field

from loti_contracts.delivery.traced_work import step
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
    """Read a board with all its pages and details, for at most the fetcher's `board_seconds`.

    `etag` and `last_modified` go with the first question that they may go with (Ask.conditional).

    Raises FetchFailed or NotABoard when its first page cannot be had; what fails later, or is not asked because the
    time is over, leaves it incomplete.
    """
    reading = Reading()
    steps = KINDS[source.kind](Board(str(source.url), source.options), reading)
    talk = _Talk(fetcher, fetcher.board_seconds, etag, last_modified)
    asks = await asyncio.to_thread(next, steps, ())
    if not asks:
        raise RuntimeError(f"the adapter {source.kind} asked nothing")
    asked, first = len(asks), await talk.begin(asks[0])
    answers = (first,) if talk.unchanged else (first, *await talk.go_on(asks[1:]))
    while not talk.unchanged and (asks := await _decoded(steps, answers)):
        asked += len(asks)
        if asked > MOST_QUESTIONS:
            reading.miss(f"more than {MOST_QUESTIONS} questions were asked")
            break
        answers = await talk.go_on(asks)
    if talk.unchanged:
        return Unchanged(fresh_for=talk.unchanged.fresh_for)
    gaps = [talk.too_long, *reading.gaps] if talk.is_over else reading.gaps
    return Snapshot(
        postings=distinct(reading.postings),
        refused=tuple(reading.refused),
        why_incomplete="; ".join(gaps[:5]) or None,
        etag=talk.etag,
        last_modified=talk.last_modified,
        fresh_for=talk.fresh_for,
    )


async def _decoded(steps: Steps, answers: tuple[Answer, ...]) -> tuple[Ask, ...]:
    """The adapter's next questions; none when it has learned all it can. Adapters may be slow, hence the thread."""
    with step("decode"):
        return await asyncio.to_thread(_next, steps, answers)


def _next(steps: Steps, answers: tuple[Answer, ...]) -> tuple[Ask, ...]:
    try:
        return steps.send(answers)
    except StopIteration:
        return ()


@dataclass(slots=True)
class _Talk:
    """One conversation with a board. `etag` and `last_modified` are those that it had before, until the question by
    which it is known again is asked; then those of the answer, with its `fresh_for`."""

    fetcher: Fetcher
    seconds: float
    etag: str | None
    last_modified: str | None
    fresh_for: float | None = None
    unchanged: NotModified | None = None
    is_over: bool = False
    may_tell: bool = True
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    @property
    def too_long(self) -> str:
        """Why no more is asked."""
        return f"reading it took longer than {self.seconds:g} seconds"

    async def begin(self, ask: Ask) -> Answer:
        """The first answer, without which nothing is learned. Raises FetchFailed."""
        try:
            async with asyncio.timeout_at(self.began + self.seconds):
                return await self._answer(ask, tells=self._tells((ask,)))
        except TimeoutError as error:
            raise FetchFailed("timeout", ask.url, f"no answer, and {self.too_long}") from error

    async def go_on(self, asks: tuple[Ask, ...]) -> tuple[Answer, ...]:
        """The answers to questions whose order does not matter. When the time is over, nothing is asked any more."""
        at_once, tells = asyncio.Semaphore(AT_ONCE), self._tells(asks)

        async def one(ask: Ask) -> Answer:
            try:
                async with asyncio.timeout_at(self.began + self.seconds), at_once:
                    return await self._answer(ask, tells=tells)
            except TimeoutError:
                self.is_over = True
                return Missed(ask.url, f"{ask.url}: was not had in time")
            except FetchFailed as failed:
                return Missed(ask.url, str(failed), failed.status)

        return tuple(await asyncio.gather(*map(one, asks)))

    def _tells(self, asks: tuple[Ask, ...]) -> bool:
        """Whether this is the question by which the board is known to be unchanged; there is one in a conversation."""
        first = self.may_tell and any(ask.conditional for ask in asks)
        self.may_tell = self.may_tell and not first
        return first and len(asks) == 1

    async def _answer(self, ask: Ask, *, tells: bool) -> Answer:
        etag, last_modified = (self.etag, self.last_modified) if tells else (None, None)
        if tells:
            self.etag = self.last_modified = None
        with step("fetch", "client"):
            got = await self.fetcher.fetch(
                ask.url,
                method=ask.method,
                headers=ask.headers,
                body=ask.body,
                etag=etag,
                last_modified=last_modified,
            )
        if isinstance(got, Fetched):
            if tells:
                self.etag, self.last_modified, self.fresh_for = got.etag, got.last_modified, got.fresh_for
            return Page(got.url, got.body, got.content_type)
        if tells:
            self.unchanged = got
        return Missed(ask.url, f"{ask.url}: answered 304 to an unconditional request", 304)
