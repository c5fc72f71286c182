"""What salaries does when it hears of a role."""

from collections.abc import Sequence

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    BenchmarkUpdated,
    Envelope,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.salaries import store
from services.salaries.benchmark import benchmark, difference
from services.salaries.cells import touched
from services.salaries.observations import observe

AboutRole = RoleDiscovered | RoleChanged | RoleClosed | RoleReadvertised


async def on_roles(heard: Sequence[Envelope[AboutRole]], tx: Connection) -> None:
    """Fold roles into their benchmarks: each touched cell is recomputed once, from all that counts in it."""
    newest: dict[str, Envelope[AboutRole]] = {}
    known = await store.lock_observations(tx, {said.event.role.id for said in heard})
    for said in heard:
        role = said.event.role
        before = newest[role.id].event.role.revision if role.id in newest else 0
        if role.revision > max(before, known[role.id].revision):
            newest[role.id] = said
    after = {id_: observe(said.event.role) for id_, said in newest.items()}
    before_ = [known[id_] for id_ in after]
    for observation in after.values():
        await store.save_observation(tx, observation)

    cells = touched(before_, after.values())
    if not cells:
        return
    current = await store.lock_cells(tx, cells)
    observations = await store.observations_of(tx, {cell.standard_role for cell in cells})
    families = {o.standard_role: o.family or "" for o in (*before_, *after.values())}
    for cell in cells:
        was = current[cell]
        now = benchmark(
            cell,
            observations,
            family=families.get(cell.standard_role) or (was.family if was else ""),
            revision=was.revision + 1 if was else 1,
        )
        changed = difference(was, now)
        if changed:
            cause = next(
                said for id_, said in newest.items() if cell.holds(after[id_]) or cell.holds(known[id_])
            )
            await store.save_benchmark(tx, now)
            await outbox.add(
                tx, BenchmarkUpdated(benchmark=now, changed=changed if was else ()), caused_by=cause
            )
