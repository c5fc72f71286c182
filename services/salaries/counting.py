"""The counted steps in the database: read where a percentile leads, and changed where an offer lies."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Between, Quantiles
from services.salaries.benchmark import Figures
from services.salaries.ledger import MEASURES, CellState, Ledger
from services.salaries.quantiles import MEDIAN, PERCENTILES, Sums, likely_places, percentile
from services.salaries.steps import SHIFT, TOP, Book, Descent, Node, Step, Tree, in_hand
from services.salaries.store import queries


class Wanted(NamedTuple):
    """A percentile of a tree's offers, in basis points; there is at least one offer."""

    tree: Tree
    sums: Sums
    place: int


async def percentiles(tx: Connection, book: Book, wanted: Sequence[Wanted]) -> list[int]:
    """All of them, in order, in at most one question to the database for each level."""
    ends: list[tuple[Descent, Descent]] = []
    for tree, sums, place in wanted:
        begin, end = sums.stretch(place)
        unit = 10_000 * sums.weight
        ends.append((Descent(tree, begin, unit), Descent(tree, end, unit)))
    for nodes in in_hand(book, [descent for pair in ends for descent in pair]):
        await _read(tx, book, nodes)
    return [
        percentile(one.sums, one.place, begin, end) for one, (begin, end) in zip(wanted, ends, strict=True)
    ]


async def read_ahead(tx: Connection, ledger: Ledger) -> None:
    """What will be needed, in one question: the top steps of every measure, where every percentile begins, and the
    steps around the percentiles that were last said, since an offer moves them little. What lies elsewhere is read when
    a percentile leads there."""
    nodes: list[Node] = []
    for state in ledger.cells.values():
        was = state.was
        said = (was.bottom, was.middle, was.top) if was else (None, None, None)
        for measure, found in zip(MEASURES, said, strict=True):
            tree = state.tree(measure)
            nodes.append(Node(tree, TOP))
            for pence in found.model_dump().values() if found else ():
                nodes += [Node(tree, level, pence >> (SHIFT * (level + 1))) for level in range(TOP)]
    await _read(tx, ledger.book, ledger.book.lacks(nodes))


async def write(tx: Connection, ledger: Ledger) -> None:
    """Everything that the ledger changed of steps, boroughs and days. What is in hand stays right."""
    steps = [
        (node.tree.cell, node.tree.measure, node.tree.month, node.level, number, *step)
        for node, inside in sorted(ledger.book.changes.items())
        for number, step in sorted(inside.steps.items())
        if step != (0, 0, 0)
    ]
    if steps:
        cells, measures, months, levels, numbers, adverts, weights, paid = zip(*steps, strict=True)
        await queries.count_steps(
            tx,
            cells=_array(cells),
            measures=_array(measures),
            months=_array(months),
            levels=_array(levels),
            steps=_array(numbers),
            adverts=_array(adverts),
            weights=_array(weights),
            paid=_array(paid),
        )
    ledger.book.changes.clear()  # what is read from now on has them
    states = ledger.cells.values()
    boroughs = [(state.number, gss, n) for state in states for gss, n in sorted(state.boroughs.items()) if n]
    if boroughs:
        cells, codes, counts = zip(*boroughs, strict=True)
        await queries.count_boroughs(tx, cells=cells, gss=codes, adverts=counts)
    days = [(state.number, day, n) for state in states for day, n in sorted(state.days.items()) if n]
    if days:
        cells, dates, counts = zip(*days, strict=True)
        await queries.count_days(tx, cells=cells, days=dates, adverts=counts)


async def figures(tx: Connection, ledger: Ledger) -> list[tuple[CellState, Figures]]:
    """The new figures of every changed cell, after `write`."""
    changed = [state for state in ledger.cells.values() if state.changed]
    await _write_months(tx, ledger.book, changed)
    wanted: list[Wanted] = []
    for state in changed:
        for measure in MEASURES:
            sums = state.sums[measure]
            if sums.adverts:
                wanted += [Wanted(state.tree(measure), sums, place) for place in PERCENTILES.values()]
        wanted += [Wanted(state.tree(), state.middles, place) for place in likely_places(state.middles) or ()]
    found = iter(await percentiles(tx, ledger.book, wanted))
    rows = queries.surroundings(tx, cells=[state.number for state in changed])
    around = {row["cell"]: row async for row in rows}
    return [(state, _figures(state, found, around[state.number])) for state in changed]


def _figures(state: CellState, found: Iterable[int], around: Any) -> Figures:
    figures = iter(found)
    bottom, middle, top = (
        Quantiles(**{name: next(figures) for name in PERCENTILES}) if state.sums[measure].adverts else None
        for measure in MEASURES
    )
    likely = Between(low=next(figures), high=next(figures)) if likely_places(state.middles) else None
    return Figures(
        bottom=bottom,
        middle=middle,
        top=top,
        likely=likely,
        middles=state.middles,
        adverts=state.adverts,
        boroughs=around["boroughs"],
        oldest=around["oldest"],
        freshest=around["freshest"],
        months=[(month, adverts, paid) for month, adverts, paid in json.loads(around["months"])],
    )


async def _write_months(tx: Connection, book: Book, changed: Sequence[CellState]) -> None:
    """The months whose offers changed, with their new medians."""
    touched = [(state, month) for state in changed for month in sorted(state.months)]
    if not touched:
        return
    trees = [state.tree(month=month) for state, month in touched]
    await _read(tx, book, book.lacks(Node(tree, TOP) for tree in trees))
    wanted = {}
    for tree in trees:
        adverts = book.adverts_of(tree)
        if adverts:  # in a month every offer weighs 1
            wanted[tree] = Wanted(tree, Sums(adverts, adverts, adverts), MEDIAN)
    found = dict(zip(wanted, await percentiles(tx, book, list(wanted.values())), strict=True))
    await queries.count_months(
        tx,
        cells=[state.number for state, _ in touched],
        months=[month for _, month in touched],
        adverts=[state.months[month] for state, month in touched],
        medians=[found.get(tree) for tree in trees],
    )


async def _read(tx: Connection, book: Book, nodes: Sequence[Node]) -> None:
    if not nodes:
        return
    steps: list[dict[int, Step]] = [{} for _ in nodes]
    rows = queries.steps_of(
        tx,
        cells=_array(node.tree.cell for node in nodes),
        measures=_array(node.tree.measure for node in nodes),
        months=_array(node.tree.month for node in nodes),
        levels=_array(node.level for node in nodes),
        lows=_array(node.low for node in nodes),
        highs=_array(node.high for node in nodes),
    )
    async for row in rows:
        numbers = iter(map(int, row["steps"].split()))
        steps[row["place"] - 1] = {number: Step(*rest) for number, *rest in zip(*[numbers] * 4, strict=True)}
    for node, inside in zip(nodes, steps, strict=True):
        book.put(node, inside)


def _array(numbers: Iterable[int]) -> str:
    """PostgreSQL's own text for an array: asyncpg looks at every element of a list for longer than both take to read
    it."""
    return "{" + ",".join(map(str, numbers)) + "}"
