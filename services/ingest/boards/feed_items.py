"""What a feed says, before anybody asks which of its fields is which."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

EXPECTED: Final = "an RSS or Atom feed of jobs"
ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel", "vacancies", "jobs"})
"""Outermost elements of feeds, in lower case; of one without items nothing else shows that it is a feed."""


class Item(NamedTuple):
    """One item: its values by name, and the texts of its content elements.

    Names are as feedparser makes them (`guid` is `id`, `pubDate` is `published`, `job:salary` is `job_salary`). A value
    that is no text stands for an element that has attributes and no meaning of its own.
    """

    values: dict[str, Any]
    contents: list[str]


@dataclass(frozen=True, slots=True)
class Feed:
    """The items of a feed, and how far they can be believed to be all of it."""

    root: str
    """The outermost element's local name in lower case."""
    items: list[Item]
    namespaces: tuple[str, ...]
    """Prefixes under which vendors' fields stand, in lower case."""
    begun: int
    """Items that begin in the feed's bytes, whatever could be made of them; `ended`: that end."""
    ended: int
    declared: int | None
    """`<Vacancies Count="30">`, where a vendor says so."""
    cut: bool
    """Whether the outermost element is not closed."""
    following: str | None
    """The link to the list's next page, as written."""
