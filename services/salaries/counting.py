"""The counted steps in the database, read where a percentile leads; and the figures that follow from them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Between, Quantiles
from services.salaries.benchmark import Figures
from services.salaries.book import Book, find, lacking
from services.salaries.ledger import MEASURES, MIDDLE, CellState, Ledger
from services.salaries.quantiles import MEDIAN, PERCENTILES, WHOLE, Sums, amounts, likely_places, percentile
from services.salaries.saving import array_of
from services.salaries.steps import SHIFTS, TOP, Node, Place, Step, Tree
from services.salaries.store import queries
from services.salaries.watching import band

FEW: Final = 150
"""Offers of a cell up to which reading all its steps costs less than reading where its percentiles lie."""


class Wanted(NamedTuple):
    """A percentile of a tree's offers, in basis points; there is at least one offer."""

    tree: Tree
    sums: Sums
    place: int


async def percentiles(tx: Connection, wanted: Sequence[Wanted]) -> list[int]:
    """All of them, in order, in at most one question to the database for each level."""
    places: list[tuple[Tree, int]] = []
    for tree, sums, place in wanted:
        begin, end = sums.stretch(place)
        unit = WHOLE * sums.weight
        places += [(tree, begin // unit), (tree, end // unit)]
    found: list[Place] = []
    for nodes in find(places, found):
        await read(tx, nodes)
    return [
        percentile(one.sums, one.place, begin, end)
        for one, begin, end in zip(wanted, found[::2], found[1::2], strict=True)
    ]


async def read_ahead(tx: Connection, ledger: Ledger) -> None:
    """What will be needed, in two questions. Of a cell with few offers, all its steps. Of others the top steps of every
    measure, where every percentile begins, and the steps around the percentiles that were last said, since an offer moves
    them little; what lies elsewhere is read when a percentile leads there."""
    few = [state for state in ledger.cells.values() if state.adverts <= FEW]
    await _read_whole(tx, ledger.book, few)
    nodes: list[Node] = []
    for state in ledger.cells.values():
        if state.number in ledger.book.whole:
            continue
        was = state.was
        said = (was.bottom, was.middle, was.top) if was else (None, None, None)
        for tree, found in zip(state.trees, said, strict=True):
            nodes.append(Node(tree, TOP))
            ends = band(state, ledger.rules.signal_percent) if tree is state.trees[MIDDLE] else ()
            nodes += [Node(tree, TOP - 1, pence >> SHIFTS[TOP]) for pence in ends]
            for pence in amounts(found):
                nodes += [Node(tree, level, pence >> SHIFTS[level + 1]) for level in range(TOP)]
    await read(tx, lacking(nodes))


async def _read_whole(tx: Connection, book: Book, states: Sequence[CellState]) -> None:
    book.whole |= {state.number for state in states}
    for state in states:
        for tree in state.trees:
            tree.whole = True
    rows = queries.all_steps_of(tx, cells=[state.number for state in states if state.adverts])
    async for row in rows:
        book.tree(row["cell"], row["measure"], row["month"]).put_all(_steps(row["steps"]))


async def figures(tx: Connection, ledger: Ledger) -> list[tuple[CellState, Figures]]:
    """The new figures of every changed cell, after `write_surroundings`."""
    changed = [state for state in ledger.cells.values() if state.changed]
    await _write_months(tx, ledger.book, changed)
    wanted: list[Wanted] = []
    for state in changed:
        for measure in MEASURES:
            sums = state.sums[measure]
            if sums.adverts:
                wanted += [Wanted(state.trees[measure], sums, place) for place in PERCENTILES.values()]
        wanted += [
            Wanted(state.trees[MIDDLE], state.middles, place) for place in likely_places(state.middles) or ()
        ]
    found = iter(await percentiles(tx, wanted))
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
    trees = [book.tree(state.number, MIDDLE, month) for state, month in touched]
    await read(tx, lacking(Node(tree, TOP) for tree in trees))
    wanted = {}
    for tree in trees:
        adverts = tree.adverts
        if adverts:  # in a month every offer weighs 1
            wanted[tree] = Wanted(tree, Sums(adverts, adverts, adverts), MEDIAN)
    found = dict(zip(wanted, await percentiles(tx, list(wanted.values())), strict=True))
    await queries.count_months(
        tx,
        cells=[state.number for state, _ in touched],
        months=[month for _, month in touched],
        adverts=[state.months[month] for state, month in touched],
        medians=[found.get(tree) for tree in trees],
    )


async def read(tx: Connection, nodes: Sequence[Node]) -> None:
    """Take these in hand, in one question."""
    if not nodes:
        return
    steps: list[dict[int, Step]] = [{} for _ in nodes]
    rows = queries.steps_of(
        tx,
        cells=array_of(node.tree.cell for node in nodes),
        measures=array_of(node.tree.measure for node in nodes),
        months=array_of(node.tree.month for node in nodes),
        levels=array_of(node.level for node in nodes),
        lows=array_of(node.low for node in nodes),
        highs=array_of(node.high for node in nodes),
    )
    async for row in rows:
        steps[row["place"] - 1] = _steps(row["steps"])
    for node, inside in zip(nodes, steps, strict=True):
        node.tree.put(node.level, node.above, inside)


def _steps(text: str) -> dict[int, Step]:
    """Number, adverts, weight, paid, and again."""
    numbers = list(map(int, text.split()))
    return dict(zip(numbers[::4], zip(numbers[1::4], numbers[2::4], numbers[3::4], strict=True), strict=True))
