"""Counted pay steps: a tree of sums from which any percentile is found without looking at the offers.

Every distinct amount of pence is a step of level 0; 16 steps of one level are one step of the next. A step holds how
many offers lie in it, their weight, and their weight × pence. An offer changes one step of each level; a place in the
row of offers is found by going down from the top, looking at most at one step's 16 parts a level. So both cost the same
however many offers there are.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple

SHIFT: Final = 4
TOP: Final = 5
"""The highest level: steps of 2²⁰ pence, about £10,486; £400,000 has 39 of them."""


class Tree(NamedTuple):
    """Which offers: of a cell (by its number), a measure (0 bottom, 1 middle, 2 top), and a month (since year 0), or
    of all months where that is 0. In a month's tree every offer weighs 1."""

    cell: int
    measure: int
    month: int = 0


class Node(NamedTuple):
    """The steps of one level that are parts of one step above; of the whole range at the top level."""

    tree: Tree
    level: int
    above: int = 0

    @property
    def low(self) -> int:
        """The first step that may be in it."""
        return 0 if self.level == TOP else self.above << SHIFT

    @property
    def high(self) -> int:
        """The last step that may be in it."""
        return (1 << 31) - 1 if self.level == TOP else ((self.above + 1) << SHIFT) - 1


class Step(NamedTuple):
    """What lies in one step: how many offers, their weight, and the sum of weight × pence."""

    adverts: int
    weight: int
    paid: int


_NOTHING: Final = Step(0, 0, 0)


@dataclass(slots=True)
class Inside:
    """The steps of a node by their number; and, made when it is first asked for, where each of them ends."""

    steps: dict[int, Step] = field(default_factory=dict)
    numbers: list[int] | None = None
    weights: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)

    def add(self, number: int, change: Step) -> None:
        """Count a change in."""
        adverts, weight, paid = self.steps.get(number, _NOTHING)
        self.steps[number] = Step(adverts + change.adverts, weight + change.weight, paid + change.paid)
        self.numbers = None

    def at(self, weight: int) -> tuple[int, int, int]:
        """The step that holds the place after so much weight, the last one behind all; and the weight and the weight ×
        pence before it. There is at least one offer inside."""
        if self.numbers is None:
            inside = sorted((number, step) for number, step in self.steps.items() if step.adverts)
            self.numbers = [number for number, _ in inside]
            self.weights = list(accumulate((step.weight for _, step in inside), initial=0))
            self.paid = list(accumulate((step.paid for _, step in inside), initial=0))
        place = min(bisect_right(self.weights, weight), len(self.numbers)) - 1
        return self.numbers[place], self.weights[place], self.paid[place]


@dataclass(slots=True)
class Book:
    """The steps that are in hand, and how they were changed since they were read."""

    nodes: dict[Node, Inside] = field(default_factory=dict)
    changes: dict[Node, Inside] = field(default_factory=dict)

    def lacks(self, nodes: Iterable[Node]) -> list[Node]:
        """Those that must be read first, each once."""
        return [node for node in dict.fromkeys(nodes) if node not in self.nodes]

    def put(self, node: Node, steps: Mapping[int, Step]) -> None:
        """Take what was read; what was changed before it was read is added."""
        inside = self.nodes[node] = Inside(dict(steps))
        if node in self.changes:
            for number, change in self.changes[node].steps.items():
                inside.add(number, change)

    def add(self, tree: Tree, pence: int, weight: int, sign: int) -> None:
        """Count one offer more (sign 1), or take it back (sign -1)."""
        change = Step(sign, sign * weight, sign * weight * pence)
        for level in range(TOP + 1):
            number = pence >> (SHIFT * level)
            node = Node(tree, level, 0 if level == TOP else number >> SHIFT)
            changed = self.changes.get(node)
            if changed is None:
                changed = self.changes[node] = Inside()
            changed.add(number, change)
            inside = self.nodes.get(node)
            if inside is not None:
                inside.add(number, change)

    def adverts_of(self, tree: Tree) -> int:
        """How many offers a tree has whose top is in hand."""
        return sum(step.adverts for step in self.nodes[Node(tree, TOP)].steps.values())


@dataclass(slots=True)
class Descent:
    """The search for the pay at a place in the row of offers: `target`/`unit` of weight from the low end."""

    tree: Tree
    target: int
    unit: int
    level: int = TOP
    above: int = 0
    weight_below: int = 0
    paid_below: int = 0
    pence: int = 0
    settled: bool = False

    @property
    def node(self) -> Node:
        """What must be in hand for the next move."""
        return Node(self.tree, self.level, self.above)

    def move(self, inside: Inside) -> None:
        """One level down."""
        number, weight, paid = inside.at(self.target // self.unit - self.weight_below)
        self.weight_below += weight
        self.paid_below += paid
        if self.level == 0:
            self.pence, self.settled = number, True
        else:
            self.level, self.above = self.level - 1, number


def in_hand(book: Book, descents: Iterable[Descent]) -> Iterator[list[Node]]:
    """Go all the way down with all of them at once. Gives, level by level, what must be read before it goes on."""
    open_ = [descent for descent in descents if not descent.settled]
    while open_:
        yield book.lacks(descent.node for descent in open_)
        for descent in open_:
            descent.move(book.nodes[descent.node])
        open_ = [descent for descent in open_ if not descent.settled]
