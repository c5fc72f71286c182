"""The trees of a batch, and what of them must be read before it can go on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.salaries.steps import Node, Place, Tree


@dataclass(slots=True)
class Book:
    """All trees of a batch."""

    trees: dict[tuple[int, int, int], Tree] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    """Cells of which everything is in hand."""

    def tree(self, cell: int, measure: int, month: int = 0) -> Tree:
        """That one, with what is in hand of it."""
        tree = self.trees.get((cell, measure, month))
        if tree is None:
            tree = self.trees[cell, measure, month] = Tree(cell, measure, month, whole=cell in self.whole)
        return tree


def lacking(nodes: Iterable[Node]) -> list[Node]:
    """Those of them that must be read first, each once."""
    return [one for one in dict.fromkeys(nodes) if not one.tree.has(one.level, one.above)]


def find(wanted: Sequence[tuple[Tree, int]], found: list[Place]) -> Iterator[list[Node]]:
    """The place after so much weight of each tree, put into `found` in order. Gives, level by level, what must be read
    before it goes on."""
    places = [tree.find(weight) for tree, weight in wanted]
    while waiting := [number for number, place in enumerate(places) if isinstance(place, Node)]:
        yield list(dict.fromkeys(place for place in places if isinstance(place, Node)))
        for number in waiting:
            tree, weight = wanted[number]
            places[number] = tree.find(weight)
    found += [place for place in places if isinstance(place, Place)]
