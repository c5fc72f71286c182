"""What the boards that answer in JSON have in common: paging with a cross-check, and details."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from services.ingest.boards.adapter import MOST_DETAILS, MOST_PAGES, Answer, Ask, Missed, Page, Reading
from services.ingest.boards.ats_posting import tell
from services.ingest.boards.json_documents import at
from services.ingest.boards.posting import NotABoard, Refused
from services.ingest.boards.text import plain

Row = Mapping[str, Any]
"""One JSON object as the vendor wrote it; nothing about its values is known."""

Talk = Generator[tuple[Ask, ...], tuple[Answer, ...], dict[str, Row]]
"""A part of a conversation that ends with rows by their keys."""

JSON_HEADERS = (("Accept", "application/json"), ("Content-Type", "application/json"))


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list. `total` is how many the board says it has on all pages, None if it does not say."""

    rows: list[Any]
    total: int | None = None
    following: Ask | None = None


def read_list(
    first: Ask,
    listed: Callable[[Page], Listed],
    key: Callable[[Row], object],
    reading: Reading,
    following: Callable[[int, int], Ask] | None = None,
) -> Talk:
    """Ask for all pages of a list and give its rows by their keys.

    Args:
        listed: reads one page; raises NotABoard, which goes up from the first page and is a gap on a later one.
        key: the vendor's id in a row.
        following: the next question, from the rows had so far and the pages read. A list that is paged so must
            say how many rows it has. Without it, a page names its following one itself, or there is one page.
    """
    rows: dict[str, Row] = {}
    had, total, ask = 0, None, first
    for number in range(1, MOST_PAGES + 1):
        (answer,) = yield (ask,)
        page = _page(answer, listed, reading, first=number == 1)
        if page is None:
            break
        before = len(rows)
        _keep(page.rows, had, key, rows, reading)
        had += len(page.rows)
        total = max((count for count in (total, page.total) if count is not None), default=None)
        if page.rows and number > 1 and len(rows) == before:
            reading.miss(f"{ask.url}: page {number} repeats what was listed before")
            break
        done = not page.rows or (total is not None and 0 < total <= had)
        after = page.following if following is None else None if done else following(had, number)
        if after is None or (page.following is not None and not page.rows):
            break
        if number == MOST_PAGES:
            reading.miss(f"more than {MOST_PAGES} pages")
        ask = after
    if following is not None and total is None:
        reading.miss(f"{first.url}: does not say how many adverts there are")
    if total is not None and len(rows) < total:
        reading.miss(f"{first.url}: counts {total} adverts, {len(rows)} could be read")
    return rows


def _page(
    answer: Answer, listed: Callable[[Page], Listed], reading: Reading, *, first: bool
) -> Listed | None:
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return None
    try:
        return listed(answer)
    except NotABoard as error:
        if first:
            raise
        reading.miss(f"{answer.url}: {error}")
        return None


def _keep(
    found: list[Any], had: int, key: Callable[[Row], object], rows: dict[str, Row], reading: Reading
) -> None:
    refused = []
    for place, row in enumerate(found, start=had + 1):
        named = plain(key(row)) if isinstance(row, Mapping) else None
        if named is None:
            why = "it has no id; the board must give one" if isinstance(row, Mapping) else "it is no object"
            refused.append(Refused("posting", f"advert {place}", why))
        elif _title(rows.setdefault(named, row)) != _title(row):
            refused.append(Refused("posting", f"advert {place}", f"another advert has its id {named[:80]}"))
    tell(refused, reading)


def _title(row: Row) -> object:
    names = ("title", "name", "text", "Title")
    return next((row[name] for name in names if name in row), at(row, "attributes", "title"))


def read_each(
    rows: Mapping[str, Row],
    ask: Callable[[str, Row], Ask],
    detail: Callable[[Page], Row],
    reading: Reading,
) -> Talk:
    """Ask for the detail of each row, and give those that could be had by the same keys.

    An advert whose detail could not be had is a gap and is left out: half of it would look like a change.
    """
    asked = list(rows.items())
    if len(asked) > MOST_DETAILS:
        reading.miss(f"more than {MOST_DETAILS} adverts have pages of their own")
        asked = asked[:MOST_DETAILS]
    details: dict[str, Row] = {}
    if not asked:
        return details
    answers = yield tuple(ask(key, row) for key, row in asked)
    for (key, _), answer in zip(asked, answers, strict=True):
        if isinstance(answer, Missed):
            reading.miss(answer.why)
            continue
        try:
            details[key] = detail(answer)
        except NotABoard as error:
            reading.miss(f"{answer.url}: {error}")
    return details
