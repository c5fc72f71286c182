"""Looking at a board by hand, from a file or over the network, as politely as the service does. Nothing is stored."""

import asyncio
import contextlib
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import structlog

from services.ingest.boards import KINDS, Ask, Board, Missed, Page, Reading
from services.ingest.boards.posting import MAX_BODY, distinct
from services.ingest.boards.snapshot import Snapshot
from services.ingest.fetch import Fetched, Fetcher, FetchFailed
from services.ingest.settings import IngestSettings
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

NOWHERE = "https://board.invalid/"
"""The address that a file's links are completed with where nobody says a better one."""


class NotAFile(Exception):
    """What was named can be read neither as a file nor as an address; the text says why."""


def is_file(address: str) -> bool:
    """Whether it is meant as a file rather than an address."""
    return not address.lower().startswith(("http://", "https://"))


def read_file(name: str, url: str | None) -> Page:
    """A file as the answer that it was, found at `url`. Raises NotAFile."""
    try:
        if "://" in name:
            raise NotAFile("only http and https addresses are fetched")
        with Path(name).open("rb") as file:
            return Page(url or NOWHERE, file.read(MAX_BODY + 1), None)
    except (OSError, ValueError) as error:
        raise NotAFile(str(error.strerror if isinstance(error, OSError) else error)) from error


def read_body(source: Source, page: Page) -> Snapshot:
    """What a board's adapter makes of one body, the answer to its first question; all else it asks is not to be had.

    Raises NotABoard.
    """
    reading = Reading()
    steps = KINDS[source.kind](Board(str(source.url), source.options), reading)
    first, *others = next(steps)
    answers: tuple[Page | Missed, ...] = (Page(page.url, page.body, page.content_type), *map(_absent, others))
    with contextlib.suppress(StopIteration):
        while first:
            answers = tuple(map(_absent, steps.send(answers)))
    return Snapshot(
        postings=distinct(reading.postings),
        refused=tuple(reading.refused),
        why_incomplete="; ".join(reading.gaps[:5]) or None,
        etag=None,
        last_modified=None,
    )


def _absent(ask: Ask) -> Missed:
    return Missed(ask.url, f"{ask.url}: was not asked, for one file was given")


class Visit:
    """One visit to the network: one client for everything that a command asks, so that no host is hurried by it.

    Every method raises FetchFailed.
    """

    def __init__(self, settings: IngestSettings) -> None:
        self._runner = asyncio.Runner()
        self._settings = settings
        self._client: Fetcher | None = None
        self._logging: dict[str, Any] = {}

    def __enter__(self) -> Self:
        # Standard output is for what is asked for; what is noted on the way belongs beside it.
        self._logging = structlog.get_config()
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._client is not None:
                self._runner.run(self._client.aclose())
        finally:
            self._runner.close()
            structlog.configure(**self._logging)

    @property
    def _fetcher(self) -> Fetcher:
        self._client = self._client or self._settings.fetcher()
        return self._client

    def page(self, url: str) -> Page:
        """One page."""
        got = self._runner.run(self._fetcher.fetch(url))
        if not isinstance(got, Fetched):
            raise FetchFailed("protocol", url, "answered 304 to an unconditional request")
        return Page(got.url, got.body, got.content_type)

    def sitemap(self, url: str) -> Page | None:
        """The sitemap where every site keeps it, if it has one that can be had."""
        try:
            return self.page(urljoin(url, "/sitemap.xml"))
        except FetchFailed:
            return None

    def board(self, source: Source) -> Snapshot:
        """A whole board. Raises NotABoard, too."""
        found = self._runner.run(take_snapshot(self._fetcher, source, etag=None, last_modified=None))
        if not isinstance(found, Snapshot):
            raise FetchFailed("protocol", str(source.url), "answered 304 to an unconditional request")
        return found
