"""What the boards show at this moment, and how a test changes it while they run.

Faults belong to `Answer`: a further one is a further value there and its effect in server.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from deploy.local.boards.adverts import (
    SNAPSHOT,
    Advert,
    Board,
    advert_from,
    as_of,
    load,
    weeks_since_snapshot,
)

Fault = Literal["empty", "truncated"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a board answers: as it should, with another status, or with its body gone or cut in half."""

    status: int = 200
    body: Fault | None = None


@dataclass(slots=True)
class BoardState:
    """One board: its adverts by id with dates as in the file, how it answers, and when it was last changed by hand."""

    board: Board
    adverts: dict[str, Advert]
    answer: Answer = field(default_factory=Answer)
    changed_at: datetime | None = None

    def showing(self, today: date) -> list[Advert]:
        """The adverts as they look on that day."""
        return [as_of(advert, today) for advert in self.adverts.values()]

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

    def _original(self, board_id: str) -> dict[str, Advert]:
        return {advert.id: advert for advert in self._adverts if advert.board == board_id}

    def change(self, state: BoardState, wish: Mapping[str, Any], now: datetime, today: date) -> None:
        """Carry out a control request, or nothing of it.

        `reset: true` · `add: [advert…]` · `replace: [{id, field: value…}…]` · `remove: [id…]` ·
        `answer: {status?: int, body?: "empty" | "truncated"}` (null: as it should). Dates are given as the file's are:
        as of the snapshot day.

        Raises:
            ValueError: the request makes no sense; the message says why.
        """
        unknown = set(wish) - {"reset", "add", "replace", "remove", "answer"}
        if unknown:
            raise ValueError(f"unknown wishes: {', '.join(sorted(unknown))}")
        adverts = self._original(state.board.id) if wish.get("reset") else dict(state.adverts)
        answer = Answer() if wish.get("reset") else state.answer
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
            answer = _answer(wish["answer"])
        state.adverts, state.answer = adverts, answer
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


def _answer(wish: object) -> Answer:
    if wish is None:
        return Answer()
    if not isinstance(wish, dict) or set(wish) - {"status", "body"}:
        raise ValueError("answer must be null or an object with status or body")
    status, body = wish.get("status", 200), wish.get("body")
    if not isinstance(status, int) or not 200 <= status <= 599 or body not in (None, "empty", "truncated"):
        raise ValueError('status must be 200 to 599, body null, "empty" or "truncated"')
    return replace(Answer(), status=status, body=body)


def _row(advert: Advert) -> dict[str, Any]:
    return {name: getattr(advert, name) for name in Advert.__dataclass_fields__}
