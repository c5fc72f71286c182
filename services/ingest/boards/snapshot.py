"""A snapshot: everything one board says at one time, over all its pages, and whether that is all of it."""

from dataclasses import dataclass

from services.ingest.boards.posting import Posting, Refused


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The board's first page is the one we know. `fresh_for`: seconds before which it need not be asked again."""

    fresh_for: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`why_incomplete` is None when the whole board was read: only then may something be concluded from absence."""

    postings: tuple[Posting, ...]
    refused: tuple[Refused, ...]
    why_incomplete: str | None
    etag: str | None
    last_modified: str | None
    fresh_for: float | None = None
