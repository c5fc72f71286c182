"""What a batch changed of the counts: written where an offer lies."""

from collections.abc import Iterable

from loti_contracts.delivery.database import Connection
from services.salaries.ledger import Ledger
from services.salaries.store import queries


async def write_steps(tx: Connection, ledger: Ledger) -> None:
    """Everything that the ledger changed of steps. Nothing of the ledger is to be counted or read afterwards."""
    steps = [
        (*key, level, number, *step)
        for key, tree in sorted(ledger.book.trees.items())
        for level, number, step in tree.changed()
    ]
    if steps:
        cells, measures, months, levels, numbers, adverts, weights, paid = zip(*steps, strict=True)
        await queries.count_steps(
            tx,
            cells=array_of(cells),
            measures=array_of(measures),
            months=array_of(months),
            levels=array_of(levels),
            steps=array_of(numbers),
            adverts=array_of(adverts),
            weights=array_of(weights),
            paid=array_of(paid),
        )


async def write_surroundings(tx: Connection, ledger: Ledger) -> None:
    """Everything that the ledger changed of boroughs and days."""
    states = ledger.cells.values()
    boroughs = [(state.number, gss, n) for state in states for gss, n in sorted(state.boroughs.items()) if n]
    if boroughs:
        cells, codes, counts = zip(*boroughs, strict=True)
        await queries.count_boroughs(tx, cells=cells, gss=codes, adverts=counts)
    days = [(state.number, day, n) for state in states for day, n in sorted(state.days.items()) if n]
    if days:
        cells, dates, counts = zip(*days, strict=True)
        await queries.count_days(tx, cells=cells, days=dates, adverts=counts)


def array_of(numbers: Iterable[int]) -> str:
    """PostgreSQL's own text for an array: asyncpg looks at every element of a list for longer than both take to read
    it."""
    return "{" + ",".join(map(str, numbers)) + "}"
