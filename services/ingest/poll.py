"""A poll of a board: what it brought home, and as what it is to be concluded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from loti_contracts.delivery.database import Connection
from services.ingest import records, store
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.dates import LONDON
from services.ingest.decisions import Day
from services.ingest.guard import Witness
from services.ingest.identity import Seen
from services.ingest.jobs import Rank
from services.ingest.records import Quiet
from services.ingest.sources import Source
from services.ingest.store import Turn


@dataclass(frozen=True, slots=True)
class Found:
    """What a poll brought home. `seen` and `keys` (posting key by the id that it makes) are those of a snapshot;
    `pages` is what the own pages of missing roles say."""

    answer: Snapshot | Unchanged
    seen: Seen | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Witness] = field(default_factory=dict)


def day_of(now: datetime) -> Day:
    """The moment, and London's day."""
    return Day(now, now.astimezone(LONDON).date())


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll of a board, as it is to be concluded. `every` is how often a board is asked of which nothing is known,
    `seconds` how long this took; `quiet` are the polls before it that are not written down yet."""

    turn: Turn
    source: Source
    every: float
    rank: Rank
    seconds: float
    now: datetime
    quiet: Quiet | None = None

    @property
    def runs(self) -> int:
        """How many runs it is counted as."""
        return 1 if self.quiet is None else 2

    @property
    def run(self) -> int:
        """Its number among the board's runs."""
        return self.turn.run + self.runs


async def hold(tx: Connection, poll: Poll) -> bool:
    """Hold the board until the transaction ends, and write down what was not yet; False when it was overtaken."""
    if not await store.hold(tx, poll.source.id, poll.turn.run, runs=poll.runs):
        return False
    if poll.quiet is not None:
        await records.save_quiet(tx, poll.source.id, poll.run - 1, poll.quiet)
    return True
