"""A snapshot: everything one board says at one time, over all its pages, and whether that is all of it."""

import asyncio
from dataclasses import dataclass, field

from services.ingest.boards import KINDS, BoardPage, NotABoard, Posting, Refused
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified
from services.ingest.sources import Source

MOST_PAGES = 50
DETAILS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The board's first page is the one we know."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`why_incomplete` is None when the whole board was read: only then may something be concluded from absence."""

    postings: tuple[Posting, ...]
    refused: tuple[Refused, ...]
    why_incomplete: str | None
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class _Gathering:
    postings: dict[str, Posting] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, page: BoardPage, where: str) -> None:
        for posting in page.postings:
            self.postings.setdefault(posting.key, posting)
        self.refused.extend(page.refused)
        if not page.complete:
            self.gaps.append(f"{where}: {page.why_incomplete or 'not read completely'}")


async def take_snapshot(
    fetcher: Fetcher, source: Source, *, etag: str | None, last_modified: str | None
) -> Snapshot | Unchanged:
    """Read a board with all its pages and details.

    Raises FetchFailed or NotABoard when its first page cannot be had; what fails later leaves it incomplete.
    """
    read = KINDS[source.kind]
    first = await fetcher.fetch(str(source.url), etag=etag, last_modified=last_modified)
    if isinstance(first, NotModified):
        return Unchanged()
    gathering = _Gathering()
    details: list[str] = []
    seen: set[str] = set()
    fetched: Fetched | None = first
    while fetched is not None:
        seen.add(fetched.url)
        page = await asyncio.to_thread(
            read, fetched.body, base_url=fetched.url, content_type=fetched.content_type
        )
        gathering.add(page, fetched.url)
        details.extend(url for url in page.detail_urls if url not in details)
        fetched = await _next_page(fetcher, page.next_url, seen, gathering)
    await _read_details(fetcher, source, details, gathering)
    return Snapshot(
        postings=tuple(gathering.postings.values()),
        refused=tuple(gathering.refused),
        why_incomplete="; ".join(gathering.gaps[:5]) or None,
        etag=first.etag,
        last_modified=first.last_modified,
    )


async def _next_page(
    fetcher: Fetcher, url: str | None, seen: set[str], gathering: _Gathering
) -> Fetched | None:
    if url is None or url in seen:
        return None
    if len(seen) >= MOST_PAGES:
        gathering.gaps.append(f"more than {MOST_PAGES} pages")
        return None
    try:
        answer = await fetcher.fetch(url, etag=None, last_modified=None)
    except FetchFailed as error:
        gathering.gaps.append(str(error))
        return None
    return answer if isinstance(answer, Fetched) else None


async def _read_details(fetcher: Fetcher, source: Source, urls: list[str], gathering: _Gathering) -> None:
    at_once = asyncio.Semaphore(DETAILS_AT_ONCE)

    async def one(url: str) -> BoardPage | str:
        async with at_once:
            try:
                answer = await fetcher.fetch(url, etag=None, last_modified=None)
                if not isinstance(answer, Fetched):
                    return f"{url}: answered 304 to an unconditional request"
                return KINDS[source.kind](answer.body, base_url=answer.url, content_type=answer.content_type)
            except (FetchFailed, NotABoard) as error:
                return str(error)

    for url, page in zip(urls, await asyncio.gather(*map(one, urls)), strict=True):
        if isinstance(page, str):
            gathering.gaps.append(page)
        else:
            gathering.add(page, url)
