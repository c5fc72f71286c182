"""A choice: what a contact wants to hear of, and whether it said yes. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from loti_contracts.events import QuietHours, Subscription, Subscriptions

Status: TypeAlias = Literal["asked", "confirmed", "withdrawn", "lapsed"]

_SEEN: Final = (
    "status",
    "subscriptions",
    "quiet_hours",
    "most_a_day",
    "chosen_at",
    "confirmed_at",
    "renew_by",
    "spoke_at",
    "question",
    "moved",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one contact chose. No name, no address.

    `spoke_at` is when the person itself spoke last: a yes from before it is stale. `ask` is the question that waits
    for an answer, mailed last at `asked_at`. `next_at` is when the next question goes out, or the yes runs out.
    `moved`: the address is another one than when the person spoke last, so that only a yes to what was mailed to
    the new one counts.
    """

    contact_id: str
    revision: int
    status: Status
    chosen_at: datetime
    subscriptions: tuple[Subscription, ...] = ()
    quiet_hours: QuietHours | None = None
    most_a_day: int | None = None
    spoke_at: datetime | None = None
    confirmed_at: datetime | None = None
    renew_by: date | None = None
    ask: UUID | None = None
    asked_at: datetime | None = None
    next_at: datetime | None = None
    moved: bool = False

    @property
    def said(self) -> Subscriptions:
        """As it is told to others."""
        return Subscriptions(
            id=self.contact_id,
            revision=self.revision,
            status=self.status,
            subscriptions=self.subscriptions,
            quiet_hours=self.quiet_hours,
            most_a_day=self.most_a_day,
            chosen_at=self.chosen_at,
            confirmed_at=self.confirmed_at,
            renew_by=self.renew_by,
            spoke_at=self.spoke_at,
            question=self.question,
            moved=self.moved,
        )

    @property
    def question(self) -> str | None:
        """What the confirmation is about that waits for the person's yes; of a renewal the ledger of mails tells."""
        return str(self.ask) if self.status == "asked" and self.ask else None


@dataclass(frozen=True, slots=True)
class Terms:
    """For how many days a yes counts, and how many before its end it is asked for anew."""

    consent_days: int = 365
    remind_days: int = 30


def changed_since(before: Choice | None, after: Choice) -> set[str]:
    """What of it others can see and is different; everything of a first one."""
    return {name for name in _SEEN if before is None or getattr(before, name) != getattr(after, name)}


def numbered(before: Choice | None, after: Choice) -> Choice:
    """With the next revision, where others can see a difference."""
    return replace(after, revision=after.revision + 1) if changed_since(before, after) else after
