"""The usual pay of each level of a role in London, while a batch changes it. It is counted anew when somebody asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.salaries.cells import ALL_LEVELS, LONDON
from services.salaries.ledger import CellState
from services.salaries.observations import Observation

_Key = tuple[str, str]


@dataclass(slots=True)
class Medians:
    """By standard role, period and level: the median of the middle in London, and its offers."""

    known: dict[tuple[str, str, str], tuple[int, int]]
    _by_role: dict[_Key, dict[str, tuple[int, int]]] = field(default_factory=dict)
    _stale: dict[_Key, dict[str, CellState]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort them by role."""
        for (role, period, level), median in self.known.items():
            self._by_role.setdefault((role, period), {})[level] = median

    def differ(self, states: Iterable[CellState]) -> None:
        """Offers were counted in these cells, so that their medians must be found anew."""
        for state in states:
            cell = state.cell
            if cell.area == LONDON and cell.level != ALL_LEVELS:
                self._stale.setdefault((cell.standard_role, cell.period), {})[cell.level] = state

    def taken_up(self, offer: Observation) -> Sequence[CellState]:
        """The cells of the offer's role whose medians must be found now; they are then noted."""
        return list(self._stale.pop((offer.standard_role or "", offer.period), {}).values())

    def note(self, state: CellState, median: int | None) -> None:
        """A cell's median as it is now; None where its offers are too few."""
        cell = state.cell
        levels = self._by_role.setdefault((cell.standard_role, cell.period), {})
        if median is None:
            levels.pop(cell.level, None)
        else:
            levels[cell.level] = (median, state.middles.adverts)

    def by_level(self, offer: Observation, *, least: int) -> Mapping[str, tuple[int, int]]:
        """Those of the offer's role that have so many offers."""
        levels = self._by_role.get((offer.standard_role or "", offer.period), {})
        return {level: found for level, found in levels.items() if found[1] >= least}
