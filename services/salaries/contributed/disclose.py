"""What of the contributed pay may be published now, given all that ever was.

Which figures are published depends on who contributed how many posts, and on what was published before; never on an
amount. So that a figure is missing tells nothing of anybody's pay.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from loti_contracts.events import ContributedPay
from services.salaries.cells import ALL_LEVELS, LONDON, Cell
from services.salaries.contributed.audit import Audit
from services.salaries.contributed.contributions import (
    Contribution,
    Figure,
    cells_of,
    posts_by_borough,
)
from services.salaries.contributed.figures import figures
from services.salaries.contributed.rules import RULES, Rules
from services.salaries.contributed.wording import COMBINED, HELD_BACK


@dataclass(frozen=True, slots=True)
class Decision:
    """What a cell shows from now on. `shows` is None where too few contribute. `new` is the line for the ledger
    where figures are published that were not before."""

    cell: Cell
    shows: ContributedPay | None
    new: Figure | None = None


def disclose(
    contributions: Iterable[Contribution],
    already_published: Iterable[Figure],
    *,
    rules: Rules = RULES,
    now: datetime,
) -> list[Decision]:
    """A decision for every cell that has contributions or ever had figures.

    `contributions` are all that stand, of every role; `already_published` is the whole ledger, in its order.
    """
    by_role: dict[str, list[Contribution]] = defaultdict(list)
    ledger: dict[str, list[Figure]] = defaultdict(list)
    standing = set()
    for contribution in contributions:
        by_role[contribution.standard_role].append(contribution)
        standing.add(contribution.authority)
    for figure in already_published:
        ledger[figure.cell.standard_role].append(figure)
    return [
        decision
        for role in sorted(by_role.keys() | ledger.keys())
        for decision in _Role(by_role[role], ledger[role], frozenset(standing), rules, now).decisions()
    ]


class _Role:
    """One standard role; roles have no contribution in common, so each is decided by itself."""

    def __init__(
        self,
        contributions: Sequence[Contribution],
        ledger: Sequence[Figure],
        standing: frozenset[str],
        rules: Rules,
        now: datetime,
    ) -> None:
        self._rules, self._now, self._standing = rules, now, standing
        self._inside: dict[Cell, list[Contribution]] = defaultdict(list)
        for contribution in contributions:
            for cell in cells_of(contribution):
                self._inside[cell].append(contribution)
        self._last: Mapping[Cell, Figure] = {figure.cell: figure for figure in ledger}
        self._audits: list[Audit] = []
        if rules.differences:
            self._audits.append(Audit(rules, attrgetter("level", "authority", "version")))
        if rules.panels:
            self._audits.append(Audit(rules, attrgetter("slot")))
        for figure in ledger:
            self._record(figure)

    def decisions(self) -> Iterator[Decision]:
        """The most general cells first: where not all can be published, theirs serve most people."""
        cells = self._inside.keys() | self._last.keys()
        for cell in sorted(cells, key=lambda cell: (cell.area != LONDON, cell.level != ALL_LEVELS, cell)):
            yield self._decide(cell)

    def _decide(self, cell: Cell) -> Decision:
        inside, last = self._inside[cell], self._last.get(cell)
        combined = False
        for chosen in self._choices(inside, last):
            parts = frozenset(contribution.part for contribution in chosen)
            if last is not None and parts == last.parts:
                return Decision(cell, self._still(last, newer=len(chosen) < len(inside)))
            if not self._rules.safe(posts_by_borough(parts)):
                continue
            if not all(audit.admits(parts) for audit in self._audits):
                combined = True
                continue
            pay = figures(chosen, self._rules).model_copy(update={"as_of": self._now.date()})
            new = Figure(cell, self._now, parts, pay)
            self._record(new)
            held = HELD_BACK if len(chosen) < len(inside) else None
            return Decision(cell, pay.model_copy(update={"held_back": held}), new)
        shown = self._still(last, newer=True) if last is not None else None
        if shown is None and combined:
            shown = ContributedPay(suppressed=COMBINED)
        return Decision(cell, shown)

    def _choices(
        self, inside: Sequence[Contribution], last: Figure | None
    ) -> Iterator[Sequence[Contribution]]:
        """All that is contributed; or else the panel of the last figures without those who joined since, who wait
        until they are enough."""
        yield inside
        if last is not None:
            slots = {part.slot for part in last.parts}
            panel = [one for one in inside if one.part.slot in slots]
            if len(panel) == len(slots) < len(inside):
                yield panel

    def _still(self, last: Figure, *, newer: bool) -> ContributedPay | None:
        """The last figures, as long as enough of the boroughs behind them contribute at all."""
        if len({part.authority for part in last.parts} & self._standing) < self._rules.boroughs:
            return None
        return last.pay.model_copy(update={"held_back": HELD_BACK if newer else None})

    def _record(self, figure: Figure) -> None:
        for audit in self._audits:
            audit.record(figure.parts)
