"""The audit: would a figure, taken together with all that were published, show what a few boroughs pay?

An attacker can add and subtract figures: all London less inner London is outer London; today's figure less last
month's is whoever joined since. Contributions that always were in the same figures cannot be told apart by any such
sum. They form a bloc. A bloc is strong when it could be published by itself: five boroughs, none with more than a
quarter of its posts. Figures are safe together when every combination of them, whatever the coefficients, contains a
strong bloc with a coefficient other than zero. That is so exactly if the figures, written as 0/1 vectors over the
strong blocs alone, are linearly independent, apart from those that are sums of the others anyway.

This audits sums, that is, an attacker who knows more than we publish: percentiles, rounded, are less than sums.
It looks at who contributed how many posts, never at an amount, so what it withholds says nothing of pay.

Chin and Özsoyoglu, Auditing and inference control in statistical databases (1982), for the linear system; Kenthapadi,
Mishra and Nissim, Simulatable auditing (2005), for why the refusal itself must not depend on the data.
"""

from collections.abc import Callable, Hashable, Iterable

from services.salaries.contributed.contributions import Part
from services.salaries.contributed.rules import Rules


class Audit:
    """Everything ever published of one standard role, ready to be asked about one more figure.

    `key` says which parts are the same thing: the contribution itself, or its slot, for an attacker who guesses
    that a new upload pays what the one before it did.
    """

    def __init__(self, rules: Rules, key: Callable[[Part], Hashable]) -> None:
        self._rules = rules
        self._key = key
        self._place: dict[Hashable, int] = {}
        self._authority: list[str] = []
        self._posts: list[int] = []
        self._known: set[int] = set()
        self._figures = 0
        self._blocs: dict[int, int] = {}
        self._seen = 0
        self._rank: int | None = 0
        self._strong: dict[int, bool] = {}

    def admits(self, parts: Iterable[Part]) -> bool:
        """Whether no combination of the published figures and this one isolates fewer boroughs than the rules allow."""
        figure = self._as_bits(parts)
        if self._follows(figure):
            return True
        if self._rank is None:
            self._rank = self._rank_of(self._blocs)
        return self._rank_of(self._split_by(figure)) > self._rank

    def record(self, parts: Iterable[Part]) -> None:
        """This was published."""
        figure = self._as_bits(parts)
        if not self._follows(figure):
            self._blocs = self._split_by(figure)
            self._rank = None
            self._figures += 1
        self._known.add(figure)
        self._seen |= figure

    def _as_bits(self, parts: Iterable[Part]) -> int:
        """A figure as a set of bits, one for each thing that the key tells apart."""
        bits = 0
        for part in parts:
            key = self._key(part)
            place = self._place.setdefault(key, len(self._place))
            if place == len(self._posts):
                self._authority.append(part.authority)
                self._posts.append(part.posts)
            elif part.posts > self._posts[place]:
                self._posts[place] = part.posts
                self._strong.clear()
                self._rank = None
            bits |= 1 << place
        return bits

    def _split_by(self, figure: int) -> dict[int, int]:
        """The blocs, with one more figure to tell them apart: their members, and the figures that hold them."""
        blocs: dict[int, int] = {}
        left = figure
        for bloc, within in self._blocs.items():
            left &= ~bloc
            if inside := bloc & figure:
                blocs[inside] = within | 1 << self._figures
            if outside := bloc & ~figure:
                blocs[outside] = within
        if left:
            blocs[left] = 1 << self._figures
        return blocs

    def _rank_of(self, blocs: dict[int, int]) -> int:
        """How many figures the strong blocs tell apart for sure: the rank modulo 2, never above the true rank."""
        basis: dict[int, int] = {}
        for bloc, within in blocs.items():
            if not self._is_strong(bloc):
                continue
            while within and (other := basis.get(within.bit_length())):
                within ^= other
            if within:
                basis[within.bit_length()] = within
        return len(basis)

    def _is_strong(self, bloc: int) -> bool:
        known = self._strong.get(bloc)
        if known is None:
            posts: dict[str, int] = {}
            for place in _places(bloc):
                authority = self._authority[place]
                posts[authority] = posts.get(authority, 0) + self._posts[place]
            known = self._strong[bloc] = self._rules.safe(posts)
        return known

    def _follows(self, figure: int) -> bool:
        """Whether its sum is known anyway: published, made up of published ones, or what these leave of another."""
        if figure in self._known:
            return True
        if figure & ~self._seen:
            return False
        if self._adds_up(figure):
            return True
        return any(whole & figure == figure and self._adds_up(whole & ~figure) for whole in self._known)

    def _adds_up(self, figure: int, among: Iterable[int] | None = None) -> bool:
        """Whether published figures without anything in common make it up."""
        if not figure:
            return True
        inside = [part for part in (self._known if among is None else among) if part & figure == part]
        lowest = figure & -figure
        return any(self._adds_up(figure & ~part, inside) for part in inside if part & lowest)


def _places(bits: int) -> Iterable[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
