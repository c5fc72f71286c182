"""What the boards show at this moment, and how a test changes it while they run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from deploy.local.boards.adverts import (
    SNAPSHOT,
    Advert,
    Board,
    advert_from,
    as_of,
    load,
    weeks_since_snapshot,
)
from deploy.local.boards.rules import Rule, rules_from


@dataclass(slots=True)
class BoardState:
    """One board: its adverts by id with dates as in the file, what goes wrong, and when it was last changed by hand."""

    board: Board
    adverts: dict[str, Advert]
    rules: list[Rule] = field(default_factory=list)
    changed_at: datetime | None = None

    def showing(self, today: date) -> list[Advert]:
        """The adverts as they look on that day."""
        return [as_of(advert, today) for advert in self.adverts.values()]

    def rule_for(self, address: str) -> Rule | None:
        """What goes wrong with a request for this path and query."""
        return next((rule for rule in self.rules if rule.meets(address)), None)

    @property
    def forbidden(self) -> bool:
        """Whether robots.txt forbids its pages."""
        return any(rule.fault == "robots" for rule in self.rules)

    def last_modified(self, today: date) -> datetime:
        """When the content last changed: by hand, or because a week went by."""
        moved = SNAPSHOT + timedelta(weeks=weeks_since_snapshot(today))
        midnight = datetime.combine(moved, time(), UTC)
        return max(midnight, self.changed_at) if self.changed_at else midnight


class Boards:
    """All boards by id."""

    def __init__(self) -> None:
        boards, self._adverts = load()
        self.by_id = {board.id: BoardState(board, self._original(board.id)) for board in boards}
        self.robots: tuple[int, str] | None = None
        """Status and text of robots.txt, where somebody said so."""

    def refuse(self, wish: object) -> None:
        """Carry out a wish about robots.txt: `{text?, status?}`, or null for the one there is. Raises ValueError."""
        if wish is None:
            self.robots = None
            return
        if not isinstance(wish, dict) or set(wish) - {"text", "status"}:
            raise ValueError("robots must be null or an object with text or status")
        status, text = wish.get("status", 200), wish.get("text", "")
        if type(status) is not int or not 200 <= status <= 599 or not isinstance(text, str):
            raise ValueError("status must be 200 to 599, text text")
        self.robots = status, text

    def _original(self, board_id: str) -> dict[str, Advert]:
        return {advert.id: advert for advert in self._adverts if advert.board == board_id}

    def change(self, state: BoardState, wish: Mapping[str, Any], now: datetime, today: date) -> None:
        """Carry out a control request, or nothing of it.

        `reset: true` · `add: [advert…]` · `replace: [{id, field: value…}…]` · `remove: [id…]` ·
        `answer: {fault or status, and whom it meets}` (null: as it should; see rules.py). Dates are given as the
        file's are: as of the snapshot day.

        Raises:
            ValueError: the request makes no sense; the message says why.
        """
        unknown = set(wish) - {"reset", "add", "replace", "remove", "answer"}
        if unknown:
            raise ValueError(f"unknown wishes: {', '.join(sorted(unknown))}")
        adverts = self._original(state.board.id) if wish.get("reset") else dict(state.adverts)
        rules = [] if wish.get("reset") else state.rules
        for row in _objects(wish, "add"):
            added = advert_from({**row, "board": state.board.id})
            if added.id in adverts:
                raise ValueError(f"advert {added.id!r} is there already")
            adverts[added.id] = added
        for row in _objects(wish, "replace"):
            old = adverts.get(str(row.get("id")))
            if old is None:
                raise ValueError(f"no advert {row.get('id')!r}")
            adverts[old.id] = advert_from({**_row(old), **row, "board": state.board.id})
        for gone in _ids(wish.get("remove") or []):
            if adverts.pop(gone, None) is None:
                raise ValueError(f"no advert {gone!r}")
        if "answer" in wish:
            rules = rules_from(wish["answer"])
        state.adverts, state.rules = adverts, rules
        # HTTP dates have whole seconds: two changes within one must not look like none.
        state.changed_at = max(now, state.last_modified(today) + timedelta(seconds=1))


def _objects(wish: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = wish.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{name} must be a list of objects")
    return rows


def _ids(wish: object) -> list[str]:
    if not isinstance(wish, list) or not all(isinstance(each, str) for each in wish):
        raise ValueError("remove must be a list of advert ids")
    return wish


def _row(advert: Advert) -> dict[str, Any]:
    return {name: getattr(advert, name) for name in Advert.__dataclass_fields__}
