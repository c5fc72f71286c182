"""What a jobs board says: postings as they are written there, and how completely they could be read.

Everything here is a plain value. Nothing is interpreted: pay and dates stay as printed and are read elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

MAX_BODY = 20_000_000
"""Bytes of one page or feed that an adapter will look at."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One advert on one board. Text is plain: no tags, entities resolved, whitespace folded, no control characters."""

    key: str
    """Stable identity within its source: the feed's guid, the identifier, the vacancy number, else the canonical URL."""
    title: str
    url: str
    """Absolute, http or https."""
    employer: str | None
    location: str | None
    pay_text: str | None
    """As printed, e.g. `£37,509 to £41,637`."""
    pay_structured: object | None
    """schema.org baseSalary as found (text, number or object), always JSON-able."""
    posted: str | None
    """As written."""
    closes: str | None
    """As written; may lack the year."""
    description: str | None
    """At most 20,000 characters."""
    department: str | None
    employment_type: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """One posting that could not be read: what it is, where on the page, and why, with what would put it right."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What one page of a board said.

    `complete` is true only if every posting that the page carries was read: nothing was cut off, refused or lost.
    Only complete pages may be used to conclude that a posting has gone.
    """

    postings: tuple[Posting, ...]
    refused: tuple[Refused, ...]
    complete: bool
    next_url: str | None
    """The following page of the same list, if the page names one."""
    detail_urls: tuple[str, ...]
    """Pages that hold one posting each, where the list carries only links to them."""
    why_incomplete: str | None


class NotABoard(Exception):
    """The body is not this kind of board at all: a login page, an error page, an empty body. Nothing follows from it.

    The message says what was expected and what was found.
    """

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found


class Reader(Protocol):
    """Reads one fetched body. Pure; raises NotABoard and nothing else, whatever the bytes."""

    def __call__(self, body: bytes, *, base_url: str, content_type: str | None) -> BoardPage: ...


def distinct(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Postings with one key each, in order.

    Where several addresses share one key (a vendor that prints the same guid on every item), the key is no identity
    and the address takes its place. A posting that is there twice is kept once.
    """
    listed = list(postings)
    addresses: dict[str, set[str]] = {}
    for posting in listed:
        addresses.setdefault(posting.key, set()).add(posting.url)
    kept: dict[str, Posting] = {}
    for posting in listed:
        key = posting.key if len(addresses[posting.key]) == 1 else posting.url
        if key not in kept:
            kept[key] = posting if posting.key == key else replace(posting, key=key)
    return tuple(kept.values())


def why_incomplete(reasons: Iterable[str | None]) -> str | None:
    """The reasons there are, as one sentence; None if there are none."""
    return "; ".join(reason for reason in reasons if reason) or None


def unreadable(refused: tuple[Refused, ...]) -> str | None:
    """The reason that refused postings give for calling a page incomplete."""
    if not refused:
        return None
    return (
        "1 posting could not be read" if len(refused) == 1 else f"{len(refused)} postings could not be read"
    )
