"""The kinds of jobs board that can be read, each a pure adapter: no network, no database.

A new kind is one module with an adapter, and one line in KINDS.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.ingest.boards.adapter import Adapter, Ask, Board, Missed, Page, Reading, Steps
from services.ingest.boards.jsonld import read_jsonld
from services.ingest.boards.paged import paged
from services.ingest.boards.posting import BoardPage, NotABoard, Posting, Reader, Refused
from services.ingest.boards.rss import read_rss

READERS: Mapping[str, Reader] = MappingProxyType({"jsonld": read_jsonld, "rss": read_rss})
"""Kinds whose pages, lists and details alike, one reader understands."""

KINDS: Mapping[str, Adapter] = MappingProxyType({name: paged(read) for name, read in READERS.items()})
"""The adapter for each `kind` that a source may name."""

__all__ = [
    "KINDS",
    "READERS",
    "Adapter",
    "Ask",
    "Board",
    "BoardPage",
    "Missed",
    "NotABoard",
    "Page",
    "Posting",
    "Reader",
    "Reading",
    "Refused",
    "Steps",
    "paged",
    "read_jsonld",
    "read_rss",
]
