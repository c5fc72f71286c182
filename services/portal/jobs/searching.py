"""A page of the jobs board: what was looked for, what was found, and which word was taken for another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from loti_contracts.delivery.database import Connection
from services.portal.jobs import spelling, store
from services.portal.jobs.asked import MOST_PAGES, PER_PAGE, Asked

MOST_COUNTED: Final = PER_PAGE * MOST_PAGES


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `asked` is what was looked for in the end; `instead` are the words that it differs by.
    `total` is exact up to MOST_COUNTED; `more`: there are still more."""

    asked: Asked
    instead: Mapping[str, str]
    roles: Sequence[store.Kept]
    flags: Mapping[str, frozenset[str]]
    total: int
    more: bool

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.total // PER_PAGE))


async def search(tx: Connection, asked: Asked, *, today: date) -> Found:
    """A page of the roles that are looked for. Where none has the words, they are read as those that were meant."""
    await store.begin_searching(tx)
    total = await _count(tx, asked, today)
    instead: Mapping[str, str] = {}
    if not total and asked.words:
        asked, instead, total = await _as_meant(tx, asked, today)
    page = min(asked.page, max(1, -(-min(total, MOST_COUNTED) // PER_PAGE)))
    asked = asked.on_page(page)
    ids = await _ids(tx, asked, today) if total else []
    roles = await store.load(tx, ids)
    return Found(
        asked=asked,
        instead=instead,
        roles=roles,
        flags=await store.flags(tx, [one.role for one in roles]),
        total=min(total, MOST_COUNTED),
        more=total > MOST_COUNTED,
    )


async def newest(tx: Connection, asked: Asked, *, today: date, most: int) -> Sequence[store.Kept]:
    """The newest roles that a search lets through, whatever its page and order; for feeds."""
    await store.begin_searching(tx)
    asked = replace(asked.for_good(), sort="newest")
    return await store.load(tx, await store.find_ids(tx, asked, today=today, most=most))


async def _ids(tx: Connection, asked: Asked, today: date) -> list[str]:
    """The ids of the page, best match first where that is asked for: title and text are two searches, each by its own
    index, since sorting all that has a common word takes too long."""
    skipped = (asked.page - 1) * PER_PAGE
    if asked.order != "match":
        return await store.find_ids(tx, asked, today=today, most=PER_PAGE, skipped=skipped)
    titled = await store.count(tx, asked, today=today, most=MOST_COUNTED, titled=True)
    ids: list[str] = []
    if skipped < titled:
        ids = await store.find_ids(tx, asked, today=today, most=PER_PAGE, skipped=skipped, titled=True)
    if len(ids) < PER_PAGE:
        ids += await store.find_ids(
            tx, asked, today=today, most=PER_PAGE - len(ids), skipped=max(0, skipped - titled), titled=False
        )
    return ids


async def _count(tx: Connection, asked: Asked, today: date) -> int:
    return await store.count(tx, asked, today=today, most=MOST_COUNTED + 1)


async def _as_meant(tx: Connection, asked: Asked, today: date) -> tuple[Asked, Mapping[str, str], int]:
    """The search with the words that were meant, and how many roles it finds; as it was where that helps nothing."""
    instead: dict[str, str] = {}
    for word in spelling.typed_words(asked.words):
        if not await store.is_word_used(tx, word):
            found = spelling.meant(word, await store.near_words(tx, word))
            if found is not None:
                instead[word] = found
    if not instead:
        return asked, {}, 0
    meant = replace(asked, words=spelling.respelt(asked.words, instead))
    total = await _count(tx, meant, today)
    return (meant, instead, total) if total else (asked, {}, 0)
