"""The conversation that most vendors' boards need: pages of a list that counts its vacancies, then a page for each."""

from collections.abc import Callable, Collection, Generator, Iterable
from dataclasses import dataclass

from services.ingest.boards.adapter import (
    MOST_DETAILS,
    MOST_PAGES,
    Answer,
    Ask,
    Missed,
    Page,
    Reading,
    Steps,
)
from services.ingest.boards.council_page import WebPage
from services.ingest.boards.posting import NotABoard, Posting, Refused, unreadable
from services.ingest.boards.text import plain, web_address


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: what it names, how many there are altogether if it says so, what to ask next."""

    entries: tuple[Posting | Refused, ...]
    total: int | None = None
    next_ask: Ask | None = None
    why_incomplete: str | None = None
    may_repeat: bool = False
    """Whether a page without anything new is no sign of the end."""


ReadList = Callable[[Page, Collection[str]], ListPage]
"""Reads a page of the list, given the keys found before it; raises NotABoard."""

ReadDetail = Callable[[Page, Posting], Posting]
"""Completes an entry of the list from its own page; raises NotABoard if that is not its page."""

Walk = Generator[tuple[Ask, ...], tuple[Answer, ...], list[Posting]]


def seen_with(entries: Iterable[Posting | Refused], found: Collection[str]) -> int:
    """How many vacancies have been seen: those found before this page, and the page's own."""
    own = list(entries)
    keys = {one.key for one in own if isinstance(one, Posting)}
    return len(keys.union(found)) + sum(isinstance(one, Refused) for one in own)


def never(_: Missed) -> bool:
    """A missed page is never the end of a list."""
    return False


def walk(first: Ask, read: ReadList, reading: Reading, *, ends: Callable[[Missed], bool] = never) -> Walk:
    """Read a list page by page; gives its entries, each key once.

    Less than the board's own count, a page cut off or missed, an entry refused: each is a gap. `ends` knows the
    missed page that only means that the list has ended before it.

    Raises NotABoard when the first page is not such a list.
    """
    kept: dict[str, Posting] = {}
    refused: list[Refused] = []
    counted = 0
    ask: Ask | None = first
    asked: set[Ask] = set()
    while ask is not None and ask not in asked:
        if len(asked) == MOST_PAGES:
            reading.miss(f"more than {MOST_PAGES} pages")
            break
        asked.add(ask)
        (answer,) = yield (ask,)
        if isinstance(answer, Missed):
            if len(asked) == 1 or not ends(answer):
                reading.miss(answer.why)
            break
        if answer.url != ask.url and any(answer.url == earlier.url for earlier in asked):
            reading.miss(f"{ask.url}: leads back to {answer.url}")
            break
        try:
            page = read(answer, kept.keys())
        except NotABoard as error:
            if len(asked) == 1:
                raise
            reading.miss(f"{answer.url}: {error}")
            break
        fresh = [entry for entry in page.entries if isinstance(entry, Refused) or entry.key not in kept]
        for entry in fresh:
            if isinstance(entry, Refused):
                refused.append(entry)
            else:
                kept.setdefault(entry.key, entry)
        if page.why_incomplete:
            reading.miss(f"{answer.url}: {page.why_incomplete}")
        counted = max(counted, page.total or 0)
        if len(asked) > 1 and not fresh and not page.may_repeat:
            break
        ask = page.next_ask
    _settle(reading, kept, refused, counted)
    return list(kept.values())


def _settle(reading: Reading, kept: dict[str, Posting], refused: list[Refused], counted: int) -> None:
    reading.refused.extend(refused)
    if why := unreadable(tuple(refused)):
        reading.miss(why)
    found = len(kept) + len(refused)
    if counted > found:
        reading.miss(f"the board counts {counted} vacancies, {found} were found")


def with_details(entries: list[Posting], read: ReadDetail, reading: Reading) -> Steps:
    """Complete each entry from its own page, and add it to the reading; one whose page cannot be read is a gap."""
    if len(entries) > MOST_DETAILS:
        reading.miss(f"more than {MOST_DETAILS} adverts have pages of their own")
    entries = entries[:MOST_DETAILS]
    if not entries:
        return
    for entry, answer in zip(entries, (yield tuple(Ask(entry.url) for entry in entries)), strict=True):
        if isinstance(answer, Missed):
            reading.miss(answer.why)
            continue
        try:
            reading.postings.append(read(answer, entry))
        except NotABoard as error:
            reading.miss(f"{answer.url}: {error}")


def entry(
    place: int, base_url: str, *, key: object, title: object, link: object, **fields: str | None
) -> Posting | Refused:
    """An entry of a list as a posting; refused without a title, or without an http or https address.

    Args:
        place: its number on the page, for the reason.
        base_url: the page's address.
        key: the vendor's own id; without one the address takes its place.
        title, link: as written.
        fields: further fields of Posting.
    """
    text = plain(title)
    where = f"entry {place}" + (f", “{text[:80]}”" if text else "")
    if text is None:
        return Refused("posting", where, "it has no title; the board must print one")
    url = web_address(link, base_url)
    if url is None:
        why = f"its link {plain(link, 80)!r} is not an http or https address; the board must correct it"
        return Refused("posting", where, why)
    return Posting(
        key=plain(key) or url,
        title=text,
        url=url,
        employer=fields.get("employer"),
        location=fields.get("location"),
        pay_text=fields.get("pay_text"),
        pay_structured=None,
        posted=fields.get("posted"),
        closes=fields.get("closes"),
        description=fields.get("description"),
        department=fields.get("department"),
        employment_type=fields.get("employment_type"),
    )


def must_show(page: WebPage, posting: Posting) -> None:
    """Raises NotABoard if the page does not show the posting's title: then it is a login page, an error, or another's."""
    expected = f"the page of “{posting.title[:80]}”"
    if page.cut:
        raise NotABoard(expected, page.instead() + f" ({page.cut})")
    shown = "".join(character for line in page.lines for character in line.casefold() if character.isalnum())
    if "".join(character for character in posting.title.casefold() if character.isalnum()) not in shown:
        raise NotABoard(expected, page.instead())
