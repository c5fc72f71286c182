"""Coverage: of which of the 33 London authorities the boards are known, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from loti_contracts.vocabulary import authorities
from services.ingest.sources import Source, Unknown


@dataclass(frozen=True, slots=True)
class Covered:
    """One authority. `verified` is the last day on which one of its boards was seen to answer, if any was ever."""

    gss: str
    name: str
    status: Literal["known", "unknown"]
    boards: tuple[str, ...]
    kinds: tuple[str, ...]
    verified: date | None
    shared: bool
    """Whether one of its boards serves other authorities, too."""
    told: str | None
    """Where that was read, or what is known although no board is."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many authorities. `verified` and `shared` are among the known."""

    authorities: int
    known: int
    unknown: int
    verified: int
    shared: int
    boards_of_no_authority: int
    """Boards that name none: whose job it is stands in the advert."""


def coverage(entries: Sequence[Source | Unknown]) -> tuple[list[Covered], Totals]:
    """Every authority, in the order of their codes, and the counts."""
    rows = []
    for gss, authority in sorted(authorities().items()):
        own = [entry for entry in entries if gss in entry.authorities]
        boards = [entry for entry in own if isinstance(entry, Source)]
        days = [board.verified for board in boards if board.verified]
        rows.append(
            Covered(
                gss=gss,
                name=authority.name,
                status="known" if boards else "unknown",
                boards=tuple(board.id for board in boards),
                kinds=tuple(board.kind for board in boards),
                verified=max(days, default=None),
                shared=any(len(board.authorities) > 1 for board in boards),
                told="; ".join(entry.from_ for entry in boards or own if entry.from_) or None,
            )
        )
    known = [row for row in rows if row.status == "known"]
    totals = Totals(
        authorities=len(rows),
        known=len(known),
        unknown=len(rows) - len(known),
        verified=sum(row.verified is not None for row in known),
        shared=sum(row.shared for row in known),
        boards_of_no_authority=sum(isinstance(e, Source) and not e.authorities for e in entries),
    )
    return rows, totals
