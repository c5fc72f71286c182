"""What a service keeps: each of its tables, where it comes from, how long it is kept, and who it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

ComesFrom = Literal["topics", "own", "passing"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One table of a service's database.

    `comes_from`: `topics` — every row can be had again from what was said on topics (`loti rebuild` empties the table and
    fills it anew); `own` — it is nowhere else, and only a backup brings it back; `passing` — it may be lost (a session, a
    queue of work that is found anew).
    `kept`: after which age rows are deleted, by the time in `age`; None: for as long as the thing is there.
    `setting`: the setting of the service, in days, that says `kept` where it is set.
    `deleted_by`: what deletes them where more than their age decides; None: the loop that does it for every service.
    `because`: why for so long, in words; of every table that is about people or that forgets.
    `about`: the columns by which rows about one contact are found: its id, or its address. JSON is looked through as
    deep as it goes. Empty: it is about nobody.
    `learnt`: columns that say when, or in which order, this database learnt of something; a rebuilt table differs in them.
    """

    table: str
    what: str
    comes_from: ComesFrom
    kept: timedelta | None = None
    age: str | None = None
    about: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    setting: str | None = None
    deleted_by: str | None = None
    because: str = ""

    def __post_init__(self) -> None:
        if (self.kept is None) != (self.age is None):
            raise ValueError(f"the holding {self.table!r} needs both how long it is kept and by which column")


OF_DELIVERY: Final[Sequence[Holding]] = (
    Holding(
        "outbox",
        "events that are committed and not yet published",
        "own",
        about=("key", "value"),
        because="A row goes the moment the broker has it.",
    ),
    Holding(
        "inbox",
        "ids of events that had their effect",
        "topics",
        kept=timedelta(days=90),
        age="handled_at",
        learnt=("handled_at",),
        setting="inbox_days",
        because="No broker redelivers older ones; should one come, its revision is not newer.",
    ),
    Holding(
        "dead_letters",
        "messages that could not be handled: bytes, headers, reason, stack",
        "own",
        kept=timedelta(days=400),
        age="parked_at",
        about=("key", "value", "reason", "stack"),
        setting="dead_letter_days",
        because="Long enough to mend the cause and replay them. An erasure takes the person's out at once.",
    ),
    Holding("breaker", "why and since when the consumer is stopped", "own"),
    Holding("breaker_told", "what was said last of the consumer: stopped, or running", "own"),
    Holding("migrations", "which migrations this database had", "own"),
)
"""The tables that delivery brings to every service."""
