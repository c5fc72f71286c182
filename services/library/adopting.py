"""Items that others stated on the library's own topic: what the library makes of them. Pure.

The library owns its topic, but an item can also be stated there directly (`loti say`). Such an item is adopted: from then
on it is the library's, is versioned and can be changed by reviewed offers. Every event carries the whole state and the
topic keeps the newest message, so a statement that is older than what the library has must not stay the last word.
"""

from dataclasses import dataclass

from loti_contracts.events import LibraryItem
from services.library.contents import same


@dataclass(frozen=True, slots=True)
class Adopted:
    """The item as it is kept now. `say_again`: it must be said once more, since something older was said after it."""

    item: LibraryItem
    say_again: bool = False


def adopted(
    known: LibraryItem | None, stated: LibraryItem, said_before: LibraryItem | None
) -> Adopted | None:
    """What a statement of an item does; None for nothing.

    `known` is the item as the library has it, `said_before` what the library knows to have been said under the
    statement's revision: its own words come back to it.
    """
    if known is None:
        return Adopted(stated.model_copy(update={"version": stated.version or 1}))
    if stated.revision > known.revision:
        counted = (known.version or 1) + (0 if same(known, stated) else 1)
        return Adopted(stated.model_copy(update={"version": max(counted, stated.version or 0)}))
    if said_before is not None and _alike(said_before, stated):
        return None
    return Adopted(known.model_copy(update={"revision": known.revision + 1}), say_again=True)


def _alike(one: LibraryItem, other: LibraryItem) -> bool:
    """Whether both are the same words; the version is ours to count."""
    return one.model_copy(update={"version": None}) == other.model_copy(update={"version": None})
