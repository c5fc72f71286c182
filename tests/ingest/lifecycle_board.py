"""A board as the lifecycle knows it, carried from look to look, for the tests of what becomes of its adverts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from loti_contracts.events import Role
from services.ingest.assess import assess, to_look_at
from services.ingest.decisions import Day, Decision
from services.ingest.guard import Witness
from services.ingest.identity import Known, Seen
from services.ingest.lifecycle import decide, expire

START = datetime(2026, 11, 2, 12, tzinfo=UTC)
IDS = tuple(f"role-{letter}" for letter in "abcdefgh")


def a_role(id_: str = "role-a", *, at: datetime = START, **differences: Any) -> Role:
    """A role as it is read from a board: open, a first revision."""
    usual: dict[str, Any] = {
        "id": id_,
        "revision": 1,
        "status": "open",
        "source": "camden",
        "title": "Data engineer",
        "authorities": (),
        "links": (f"https://jobs.example/{id_}",),
        "relevance": "yes",
        "confidence": 0.9,
        "why": "the title says so",
        "description": f"What {id_} is about.",
        "found_at": at,
    }
    return Role.model_validate({**usual, **differences})


@dataclass(frozen=True)
class Look:
    """One attempt to read a board, some days after the one before. `listed`: what the adverts say, by role id."""

    how: str
    listed: Mapping[str, Mapping[str, Any]]
    off_topic: frozenset[str]
    days: int


@dataclass
class Board:
    """What the service knows of a board, carried from look to look as polling does."""

    known: dict[str, Known] = field(default_factory=dict)
    doubts: int = 0
    recent: tuple[int, ...] = ()
    believed: bool = False
    page: Witness | None = None
    now: datetime = START

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def open(self) -> set[str]:
        return {id_ for id_, was in self.known.items() if was.role.status == "open"}

    def look(self, look: Look) -> list[Decision]:
        self.now += timedelta(days=look.days, seconds=1)
        day = Day(self.now, self.today)
        if look.how in ("failed", "unchanged"):
            return self._keep(expire(self.known, day))
        seen = Seen(
            roles={id_: a_role(id_, at=self.now, **facts) for id_, facts in look.listed.items()},
            others=look.off_topic - set(look.listed),
            whole=look.how == "whole",
        )
        found = assess(self.known, seen, recent=self.recent, doubts=self.doubts, today=self.today)
        self.doubts, self.recent = found.verdict.doubts, found.verdict.recent
        self.believed = found.verdict.believed
        asked = to_look_at(self.known, found, today=self.today)
        pages = {id_: self.page for id_ in asked if self.page is not None}
        return self._keep(decide(self.known, found, pages=pages, day=day))

    def look_whole(self, listed: Iterable[str], **facts: Any) -> list[Decision]:
        return self.look(Look("whole", dict.fromkeys(listed, facts), frozenset(), 0))

    def _keep(self, decisions: list[Decision]) -> list[Decision]:
        for decision in decisions:
            was = self.known.get(decision.role_id)
            role = decision.event.role if decision.event else was.role if was else None
            if role is not None:
                alias = decision.under or (was.alias if was else None)
                self.known[role.id] = Known(role, decision.missing, alias, decision.wording, decision.former)
        return decisions


def said(decisions: Iterable[Decision]) -> list[Any]:
    """The events among the decisions."""
    return [decision.event for decision in decisions if decision.event is not None]


def a_copy(id_: str, of: str = "role-a", **differences: Any) -> Role:
    """The same advert under another key."""
    return a_role(id_, description=f"What {of} is about.", **differences)


def see(board: Board, *roles: Role, whole: bool = True, wording: str | None = None) -> list[Decision]:
    """Let the board show these, and keep what is decided."""
    wordings = {role.id: wording for role in roles} if wording else {}
    seen = Seen({role.id: role for role in roles}, frozenset(), whole, wordings)
    found = assess(board.known, seen, recent=board.recent, doubts=board.doubts, today=board.today)
    return board._keep(decide(board.known, found, day=Day(board.now, board.today)))
