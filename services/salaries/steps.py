"""Counted pay steps: a tree of sums from which any percentile is found without looking at the offers.

Every distinct amount of pence is a step of level 0; the steps above are `LEVELS` wide. A step holds how many offers lie in
it, their weight, and their weight × pence. An offer changes one step of each level; a place in the row of offers is found by
going down from the top, looking at most at one step's parts a level. So both cost the same however many offers there are.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

SHIFTS: Final = (0, 9, 14, 19)
"""By level, how wide a step is, as a power of two: a penny, £5.12, £164 and £5,243. £400,000 has 77 of the widest."""

TOP: Final = len(SHIFTS) - 1
_WHOLE: Final = 64
_ABOVE: Final = (*(wide - narrow for narrow, wide in pairwise(SHIFTS)), _WHOLE)
_LEVELS: Final = tuple(enumerate(SHIFTS))
_DOWN: Final = tuple(range(TOP, -1, -1))


Step = tuple[int, int, int]
"""What lies in a step: how many offers, their weight, and the sum of weight × pence."""

NOTHING: Final[Step] = (0, 0, 0)


class Place(NamedTuple):
    """A place in the row of offers: the pay there, and what lies below that pay."""

    pence: int
    weight_below: int
    paid_below: int


@dataclass(slots=True, eq=False)
class Tree:
    """The steps of a cell (by its number), a measure (0 bottom, 1 middle, 2 top), and a month (since year 0), or of all
    months where that is 0. In a month's tree every offer weighs 1.

    A step is found by (number << 2 | level). `steps`: what was read, with what was counted; of a node that is not in
    hand, what was counted alone. `kept`: what the database has of them. What differs is to be written.
    """

    cell: int
    measure: int
    month: int = 0
    steps: dict[int, Step] = field(default_factory=dict)
    kept: dict[int, Step] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    in_hand: set[int] = field(default_factory=set)
    """Nodes whose steps are all in hand, by (step above << 2 | level)."""
    whole: bool = False
    """Whether every node is in hand."""
    _rows: list[list[int] | None] = field(default_factory=lambda: [None] * len(SHIFTS))
    """By level, the numbers of all steps in rising order; made when they are first asked for."""

    def add(self, pence: int, weight: int, sign: int) -> None:
        """Count one offer more (sign 1), or take it back (sign -1)."""
        heft = sign * weight
        paid = heft * pence
        steps, touched = self.steps, self.touched
        for level, shift in _LEVELS:
            number = pence >> shift
            place = number << 2 | level
            step = steps.get(place)
            touched.add(place)
            if step is None:
                steps[place] = (sign, heft, paid)
                row = self._rows[level]
                if row is not None:
                    insort(row, number)
            else:
                steps[place] = (step[0] + sign, step[1] + heft, step[2] + paid)

    def put(self, level: int, above: int, found: Mapping[int, Step]) -> None:
        """Take what was read of a node: step by number. What was counted since it was written is added."""
        row = self._rows[level]
        for number, step in found.items():
            place = number << 2 | level
            counted = self.steps.get(place)
            if counted is None:
                self.steps[place] = step
                if row is not None:
                    insort(row, number)
            else:
                since = _less(counted, self.kept.get(place, NOTHING))
                self.steps[place] = (step[0] + since[0], step[1] + since[1], step[2] + since[2])
            self.kept[place] = step
        self.in_hand.add(above << 2 | level)

    def put_all(self, found: Mapping[int, Step]) -> None:
        """Take all steps of level 0; what lies above follows. Nothing was counted yet."""
        kept = self.kept
        for pence, (adverts, heft, paid) in found.items():
            for level, shift in _LEVELS:
                place = pence >> shift << 2 | level
                step = kept.get(place)
                if step is None:
                    kept[place] = (adverts, heft, paid)
                else:
                    kept[place] = (step[0] + adverts, step[1] + heft, step[2] + paid)
        self.steps = dict(kept)
        self.whole = True

    def has(self, level: int, above: int) -> bool:
        """Whether that node is in hand, or else need not be read: of a step that the database has not, it has no parts."""
        if self.whole or above << 2 | level in self.in_hand:
            return True
        if level == TOP or not self.has(level + 1, above >> above_of(level + 1)):
            return False
        if above << 2 | level + 1 in self.kept:
            return False
        self.in_hand.add(above << 2 | level)
        return True

    def find(self, weight: int) -> "Place | Node":
        """The place after so much weight, the last one behind all; or the node that must be read first. There is at
        least one offer."""
        above = below = paid = 0
        steps, in_hand = self.steps, self.in_hand
        for level in _DOWN:
            if not self.whole and above << 2 | level not in in_hand and not self.has(level, above):
                return Node(self, level, above)
            row = self._rows[level]
            if row is None:
                row = self._row(level)
            up = above_of(level)
            number = before = before_paid = 0
            for at in range(bisect_left(row, above << up), bisect_left(row, above + 1 << up)):
                adverts, heft, sum_ = steps[row[at] << 2 | level]
                if adverts:
                    number, before, before_paid = row[at], below, paid
                    below += heft
                    if below > weight:
                        break
                    paid += sum_
            above, below, paid = number, before, before_paid
        return Place(above, below, paid)

    def weight_before(self, level: int, number: int) -> int:
        """The weight of the steps before this one that are parts of the same step; its node is in hand."""
        row = self._row(level)
        first = number >> above_of(level) << above_of(level)
        part = row[bisect_left(row, first) : bisect_left(row, number)]
        return sum(self.steps[other << 2 | level][1] for other in part)

    @property
    def adverts(self) -> int:
        """How many offers it has; its top is in hand."""
        return sum(self.steps[number << 2 | TOP][0] for number in self._row(TOP))

    def changed(self) -> Iterator[tuple[int, int, Step]]:
        """What was counted since it was last written: level, step, and by how much."""
        for place in sorted(self.touched):
            change = _less(self.steps[place], self.kept.get(place, NOTHING))
            if change != NOTHING:
                yield place & 3, place >> 2, change

    def _row(self, level: int) -> list[int]:
        row = self._rows[level]
        if row is None:
            row = self._rows[level] = sorted(place >> 2 for place in self.steps if place & 3 == level)
        return row


def _less(step: Step, other: Step) -> Step:
    return (step[0] - other[0], step[1] - other[1], step[2] - other[2])


class Node(NamedTuple):
    """Of a tree, the steps of one level that are parts of one step above; of the whole range at the top level."""

    tree: Tree
    level: int
    above: int = 0

    @property
    def low(self) -> int:
        """The first step that may be in it."""
        return 0 if self.level == TOP else self.above << above_of(self.level)

    @property
    def high(self) -> int:
        """The last step that may be in it."""
        return (1 << 31) - 1 if self.level == TOP else ((self.above + 1) << above_of(self.level)) - 1


def above_of(level: int) -> int:
    """How many steps of this level are one of the next, as a power of two."""
    return _ABOVE[level]
