"""The boards: what each shows, and which cannot be read. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from loti_contracts.events import SourceState


@dataclass(frozen=True, slots=True)
class Counted:
    """How many roles a board shows and showed, and when the newest was found."""

    source: str
    open: int
    known: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """One board. `state` is None for one that always could be read, `counted` for one that never showed a role."""

    id: str
    state: SourceState | None
    counted: Counted | None

    @property
    def failing(self) -> bool:
        """Whether it cannot be read now."""
        return self.state is not None and self.state.status == "failing"

    @property
    def name(self) -> str:
        """As the board is called, where that was said."""
        return self.state.name if self.state else self.id


def boards(counted: Iterable[Counted], states: Iterable[SourceState]) -> list[Board]:
    """Those that fail first, then by name."""
    shown, said = {one.source: one for one in counted}, {one.id: one for one in states}
    found = [Board(id_, said.get(id_), shown.get(id_)) for id_ in shown.keys() | said.keys()]
    return sorted(found, key=lambda one: (not one.failing, one.name.casefold()))
