"""The kinds of jobs board that can be read, each a pure adapter: bytes in, postings out, no network, no database.

A new kind is one module with a reader, and one line in KINDS.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.ingest.boards.jsonld import read_jsonld
from services.ingest.boards.posting import BoardPage, NotABoard, Posting, Reader, Refused
from services.ingest.boards.rss import read_rss

KINDS: Mapping[str, Reader] = MappingProxyType(
    {
        "rss": read_rss,
        "jsonld": read_jsonld,
    }
)
"""The reader for each `kind` that a source may name."""

__all__ = ["KINDS", "BoardPage", "NotABoard", "Posting", "Reader", "Refused", "read_jsonld", "read_rss"]
