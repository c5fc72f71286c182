"""The commonest conversation: a list whose pages name the next one, and perhaps a page for each advert."""

from services.ingest.boards.adapter import (
    MOST_DETAILS,
    MOST_PAGES,
    Adapter,
    Answer,
    Ask,
    Board,
    Missed,
    Reading,
    Steps,
)
from services.ingest.boards.posting import BoardPage, NotABoard, Reader


def paged(read: Reader) -> Adapter:
    """An adapter for boards that one reader of pages understands, lists and details alike."""

    def converse(board: Board, reading: Reading) -> Steps:
        details: dict[str, None] = {}
        seen = {board.url}
        asked = board.url
        (answer,) = yield (Ask(board.url),)
        for number in range(1, MOST_PAGES + 1):
            page = _page(read, answer, reading, first=number == 1)
            if page is None:
                break
            seen |= {asked, answer.url}
            details.update(dict.fromkeys(page.detail_urls))
            if page.next_url is None or page.next_url in seen:
                break
            if number == MOST_PAGES:
                reading.miss(f"more than {MOST_PAGES} pages")
                break
            asked = page.next_url
            (answer,) = yield (Ask(asked),)
            if answer.url in seen:
                reading.miss(f"{asked}: leads back to {answer.url}")
                break
        yield from read_details(read, list(details), reading)

    return converse


def read_details(read: Reader, urls: list[str], reading: Reading) -> Steps:
    """Read the page of each advert; one that holds no posting, though the list says so, is a gap."""
    if len(urls) > MOST_DETAILS:
        reading.miss(f"more than {MOST_DETAILS} adverts have pages of their own")
    asked = tuple(Ask(url) for url in urls[:MOST_DETAILS])
    if not asked:
        return
    for ask, answer in zip(asked, (yield asked), strict=True):
        page = _page(read, answer, reading)
        if page is not None and page.complete and not page.postings:
            reading.miss(f"{ask.url}: holds no posting, though the list says so")


def _page(read: Reader, answer: Answer, reading: Reading, *, first: bool = False) -> BoardPage | None:
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return None
    try:
        page = read(answer.body, base_url=answer.url, content_type=answer.content_type)
    except NotABoard as error:
        if first:
            raise
        reading.miss(f"{answer.url}: {error}")
        return None
    reading.add(page, answer.url)
    return page
