"""What happens when a borough contributes or withdraws: stored, decided, announced, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from loti_contracts.delivery.database import Connection
from services.salaries.announce import put_contributed
from services.salaries.contributed import store
from services.salaries.contributed.disclose import Decision, disclose


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many cells of the benchmark table show what, after an import or a withdrawal. Counts alone."""

    published: int
    """Newly, by this."""
    unchanged: int
    """With the figures they had, and nothing newer."""
    held_back: int
    """With figures, while something newer is held back."""
    withheld: int
    """To protect others. Cells with too few contributors are not counted: how many there are is nobody's business."""


async def contribute(
    tx: Connection,
    authority: str,
    pay: Mapping[tuple[str, str], Sequence[int]],
    *,
    as_of: date,
    now: datetime,
    release: bool = True,
) -> Outcome | None:
    """A borough's upload replaces all that it contributed before. Without `release` nothing is published yet."""
    await store.lock(tx)
    await store.replace(tx, authority, pay, as_of=as_of, now=now)
    return await _publish(tx, now) if release else None


async def release(tx: Connection, *, now: datetime) -> Outcome:
    """Publish what may be published of all that is contributed."""
    await store.lock(tx)
    return await _publish(tx, now)


async def withdraw(tx: Connection, authority: str, *, now: datetime) -> tuple[int, Outcome] | None:
    """Take out all that a borough contributed: how many posts, and what came of it. None where there was nothing."""
    await store.lock(tx)
    posts = await store.forget(tx, authority)
    return None if posts is None else (posts, await _publish(tx, now))


async def _publish(tx: Connection, now: datetime) -> Outcome:
    decisions = disclose(await store.contributions(tx), await store.ledger(tx), now=now)
    await store.add_to_ledger(tx, (decision.new for decision in decisions if decision.new))
    shows = {decision.cell: decision.shows for decision in decisions if decision.shows is not None}
    gone = await store.shown(tx) - shows.keys()
    await store.save_shown(tx, shows)
    await put_contributed(tx, {**shows, **dict.fromkeys(gone)})
    return _counted(decisions)


def _counted(decisions: Sequence[Decision]) -> Outcome:
    standing = [d.shows for d in decisions if d.shows is not None and d.new is None]
    return Outcome(
        published=sum(decision.new is not None for decision in decisions),
        unchanged=sum(shows.paid is not None and shows.held_back is None for shows in standing),
        held_back=sum(shows.held_back is not None for shows in standing),
        withheld=sum(shows.suppressed is not None for shows in standing),
    )
