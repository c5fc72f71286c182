"""Taking a snapshot: a board is read over all its pages and details, and what could not be read is noted."""

import asyncio
from dataclasses import dataclass, field

from services.ingest.boards import KINDS, BoardPage, NotABoard, Posting, Refused
from services.ingest.boards.posting import distinct
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified
from services.ingest.sources import Source

MOST_PAGES = 50
DETAILS_AT_ONCE = 4


@dataclass(slots=True)
class _Gathering:
    postings: list[Posting] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, page: BoardPage, where: str) -> None:
        self.postings.extend(page.postings)
        self.refused.extend(page.refused)
        if not page.complete:
            self.gaps.append(f"{where}: {page.why_incomplete or 'not read completely'}")


async def take_snapshot(
    fetcher: Fetcher, source: Source, *, etag: str | None, last_modified: str | None
) -> Snapshot | Unchanged:
    """Read a board with all its pages and details.

    Raises FetchFailed or NotABoard when its first page cannot be had; what fails later leaves it incomplete.
    """
    asked = str(source.url)
    first = await fetcher.fetch(asked, etag=etag, last_modified=last_modified)
    if isinstance(first, NotModified):
        return Unchanged()
    gathering = _Gathering()
    details: dict[str, None] = {}
    page = await _read(source, first)
    gathering.add(page, first.url)
    details.update(dict.fromkeys(page.detail_urls))
    seen, pages = {asked, first.url}, 1
    while page.next_url is not None and page.next_url not in seen:
        if pages == MOST_PAGES:
            gathering.gaps.append(f"more than {MOST_PAGES} pages")
            break
        further = await _further(fetcher, source, page.next_url)
        if isinstance(further, str):
            gathering.gaps.append(further)
            break
        where, following = further
        if where in seen:
            gathering.gaps.append(f"{page.next_url}: leads back to {where}")
            break
        seen |= {page.next_url, where}
        pages += 1
        page = following
        gathering.add(page, where)
        details.update(dict.fromkeys(page.detail_urls))
    await _read_details(fetcher, source, list(details), gathering)
    return Snapshot(
        postings=distinct(gathering.postings),
        refused=tuple(gathering.refused),
        why_incomplete="; ".join(gathering.gaps[:5]) or None,
        etag=first.etag,
        last_modified=first.last_modified,
    )


async def _read(source: Source, found: Fetched) -> BoardPage:
    return await asyncio.to_thread(
        KINDS[source.kind], found.body, base_url=found.url, content_type=found.content_type
    )


async def _further(fetcher: Fetcher, source: Source, url: str) -> tuple[str, BoardPage] | str:
    """Another page and where it was found; or why it cannot be had."""
    try:
        answer = await fetcher.fetch(url)
        if not isinstance(answer, Fetched):
            return f"{url}: answered 304 to an unconditional request"
        return answer.url, await _read(source, answer)
    except FetchFailed as error:
        return str(error)
    except NotABoard as error:
        return f"{url}: {error}"


async def _read_details(fetcher: Fetcher, source: Source, urls: list[str], gathering: _Gathering) -> None:
    at_once = asyncio.Semaphore(DETAILS_AT_ONCE)

    async def one(url: str) -> tuple[str, BoardPage] | str:
        async with at_once:
            return await _further(fetcher, source, url)

    for url, found in zip(urls, await asyncio.gather(*map(one, urls)), strict=True):
        if isinstance(found, str):
            gathering.gaps.append(found)
            continue
        where, page = found
        gathering.add(page, where)
        if page.complete and not page.postings:
            gathering.gaps.append(f"{url}: holds no posting, though the list says so")
