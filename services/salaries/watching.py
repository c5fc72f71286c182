"""Whether a cell's median has certainly not moved since it was told: known from two sums, without finding the median."""

from fractions import Fraction

from services.salaries.book import lacking
from services.salaries.ledger import MIDDLE, CellState, Watch
from services.salaries.quantiles import MEDIAN, WHOLE
from services.salaries.steps import SHIFTS, TOP, Node

_WIDTH = SHIFTS[TOP - 1]
"""The ends that are watched lie on steps of so many bits, £164, so that two nodes tell what is below them."""


def band(state: CellState, percent: Fraction) -> tuple[int, ...]:
    """Between which pence a median is no move, the lower one inside and the upper one outside; none where nothing was told."""
    told = state.told_median
    if told is None:
        return ()
    within = int(percent * told / 100)
    return (-(-(told - within) >> _WIDTH) << _WIDTH, (told + within) >> _WIDTH << _WIDTH)


def nodes_of(state: CellState, ends: tuple[int, ...]) -> list[Node]:
    """What must be read before the band is watched."""
    return lacking(Node(state.trees[MIDDLE], TOP - 1, pence >> SHIFTS[TOP]) for pence in ends)


def watch(state: CellState, ends: tuple[int, ...]) -> None:
    """Watch how much weight lies below the band, and how much up to its end; its nodes are in hand."""
    if len(ends) == 2 and ends[0] < ends[1]:
        below, up_to = (_weight_before(state, pence) for pence in ends)
        state.watch = Watch(*ends, below, up_to)
    else:
        state.watch = None


def stays(state: CellState) -> bool:
    """Whether all pay that makes the median lies in the band. False: the median must be found."""
    watched = state.watch
    if watched is None:
        return False
    begin, end = state.middles.stretch(MEDIAN)
    unit = WHOLE * state.middles.weight
    return watched.below * unit <= begin and end <= watched.up_to * unit


def _weight_before(state: CellState, pence: int) -> int:
    tree = state.trees[MIDDLE]
    return tree.weight_before(TOP, pence >> SHIFTS[TOP]) + tree.weight_before(TOP - 1, pence >> _WIDTH)
