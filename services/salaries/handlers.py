"""What salaries does when it hears of a role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    Envelope,
    PaySignalRaised,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.salaries import counting, recount, saving, store
from services.salaries.announce import announce
from services.salaries.cells import Cell, cells_of, touched
from services.salaries.judging import Correction, fold_in
from services.salaries.ledger import Ledger, same_offer
from services.salaries.observations import Observation, observe
from services.salaries.rules import Rules

AboutRole = RoleDiscovered | RoleChanged | RoleClosed | RoleReadvertised


@dataclass(frozen=True, slots=True)
class Salaries:
    """The handlers, by the rules that are set."""

    rules: Rules = field(default_factory=Rules)

    async def on_roles(self, heard: Sequence[Envelope[AboutRole]], tx: Connection) -> None:
        """Fold roles into their benchmarks, one by one in the order they were heard; what is worth a signal is told,
        and each touched cell is said once."""
        await recount.if_due(tx, self.rules)
        corrections = await self.take_in(heard, tx)
        cells = touched([one.before for one in corrections], [one.after for one in corrections])
        if not cells:
            return
        ledger = Ledger(await store.lock_cells(tx, cells), self.rules)
        told = await fold_in(tx, ledger, corrections)
        await saving.write_surroundings(tx, ledger)
        causes: dict[Cell, Envelope[Any]] = {}
        for one in corrections:
            causes |= dict.fromkeys(cells_of(one.before) | cells_of(one.after), one.heard)
        figures = await counting.figures(tx, ledger)
        await saving.write_steps(tx, ledger)
        await announce(tx, figures, rules=self.rules, causes=causes)
        new = await store.raise_signals(tx, [signal for signal, _ in told])
        said: list[tuple[PaySignalRaised, Envelope[Any]]] = []
        for signal, cause in told:
            if signal.id in new:
                new.remove(signal.id)
                said.append((PaySignalRaised(signal=signal), cause))
        await outbox.add_answers(tx, said)

    async def take_in(self, heard: Sequence[Envelope[AboutRole]], tx: Connection) -> list[Correction]:
        """Keep every revision's observation. Those that change an offer, in order; an old revision changes none."""
        known = await store.lock_observations(tx, {said.event.role.id for said in heard})
        newest: dict[str, Observation] = {}
        superseded: list[Observation] = []
        corrections: list[Correction] = []
        for said in heard:
            after = observe(said.event.role, self.rules)
            before = known[after.role_id]
            if after.revision < before.revision:
                superseded.append(after)
            elif after.revision > before.revision:
                if before.revision:
                    superseded.append(before)
                known[after.role_id] = newest[after.role_id] = after
                if not same_offer(before, after):
                    corrections.append(Correction(said, before, after))
        await store.save_superseded(tx, superseded)
        await store.save_observations(tx, list(newest.values()))
        return corrections
