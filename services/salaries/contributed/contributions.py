"""What boroughs contribute, what was published of it, and the cells in which both count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from loti_contracts.events import ContributedPay
from loti_contracts.vocabulary import authorities
from services.salaries.cells import ALL_LEVELS, LONDON, Cell

NO_LEVEL = ""
"""The level of posts whose level is not known; they count for all levels alone."""

Slot: TypeAlias = tuple[str, str]
"""A level and a borough's GSS code: where in a role's table a contribution stands."""


@dataclass(frozen=True, slots=True)
class Part:
    """A contribution as far as the audit needs it: where it stands, which version, how many posts; no pay."""

    level: str
    authority: str
    version: int
    posts: int

    @property
    def slot(self) -> Slot:
        """Where it stands."""
        return (self.level, self.authority)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one borough pays at one level of one standard role.

    `pay` is pence a year, full-time equivalent, one amount a post, in no order. `version` is a number that is new
    whenever the borough's pay here is not what it was before, and is never used again for this slot.
    """

    standard_role: str
    level: str
    authority: str
    version: int
    pay: tuple[int, ...]

    @property
    def part(self) -> Part:
        """Without the pay."""
        return Part(self.level, self.authority, self.version, len(self.pay))


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the ledger: figures that were published once, and whose contributions were in them."""

    cell: Cell
    published_at: datetime
    parts: frozenset[Part]
    pay: ContributedPay


def cells_of(contribution: Contribution) -> list[Cell]:
    """The cells that it counts in."""
    levels = {ALL_LEVELS, contribution.level} - {NO_LEVEL}
    areas = (LONDON, area_of(contribution.authority))
    return [Cell(contribution.standard_role, level, area) for level in sorted(levels) for area in areas]


def area_of(authority: str) -> Literal["inner", "outer"]:
    """Inner or outer London; KeyError for a code that is none of London's."""
    return authorities()[authority].area


def posts_by_borough(parts: Iterable[Part]) -> Counter[str]:
    """How many posts each borough has among them: its weight."""
    posts: Counter[str] = Counter()
    for part in parts:
        posts[part.authority] += part.posts
    return posts
