"""Two team structures beside each other: counts by role and level, and the differences in words. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events.library_content import Post
from loti_contracts.structures import in_tree_order, tree_faults, who_reports_to
from loti_contracts.vocabulary import LEVELS
from services.portal.web.words import count

MOST_TOLD: Final = 12
"""Differences that are told in words; the table has them all."""


@dataclass(frozen=True, slots=True)
class Line:
    """Posts of one role and level in both. `role` is the standard role, or the title where none fits."""

    role: str
    level: str
    a: int
    b: int

    @property
    def difference(self) -> str:
        """How many more the second has: +2, −1; empty for none."""
        more = self.b - self.a
        return "" if more == 0 else f"+{more}" if more > 0 else f"−{-more}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted in both."""

    label: str
    a: str
    b: str


def lines(a: Sequence[Post], b: Sequence[Post]) -> list[Line]:
    """Every role and level that either has: by role, the highest level first."""
    here, there = _counted(a), _counted(b)
    return [
        Line(role, level, here[role, level], there[role, level])
        for role, level in sorted({*here, *there}, key=lambda one: (one[0].casefold(), -_rank(one[1])))
    ]


def figures(a: Sequence[Post], b: Sequence[Post]) -> list[Figure]:
    """Sizes and shapes."""
    return [Figure(label, x, y) for (label, x), (_, y) in zip(_figures(a), _figures(b), strict=True)]


def told(compared: Sequence[Line], a: str, b: str) -> list[str]:
    """The differences, the largest first; `a` and `b` are what the two are called."""
    by_size = sorted((one for one in compared if one.a != one.b), key=lambda one: -abs(one.a - one.b))
    said = [_sentence(one, a, b) for one in by_size[:MOST_TOLD]]
    if rest := len(by_size) - len(said):
        said.append(f"{count(rest, 'more difference')} in the table.")
    return said


def _sentence(one: Line, a: str, b: str) -> str:
    what = f"{one.role} ({one.level})" if one.level else one.role
    if not one.a or not one.b:
        return f"Only {a if one.a else b} has {what}: {count(one.a or one.b, 'post')}."
    more, fewer = (a, b) if one.a > one.b else (b, a)
    return f"{more} has more posts as {what} than {fewer}: {max(one.a, one.b)} and {min(one.a, one.b)}."


def _counted(posts: Sequence[Post]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for post in posts:
        counted[post.standard_role or post.title, post.level or ""] += post.count
    return counted


def _figures(posts: Sequence[Post]) -> list[tuple[str, str]]:
    total = sum(post.count for post in posts)
    vacant = sum(post.vacant for post in posts)
    below = who_reports_to(posts)
    spans = [sum(one.count for one in these) for above, these in below.items() if above is not None]
    return [
        ("Posts", f"{total:,}"),
        ("Vacant", f"{vacant:,} ({vacant / total:.0%})" if total else "0"),
        ("Layers", str(_layers(posts)) if not tree_faults(posts) else "not known"),
        ("Posts that others report to", str(len(spans))),
        ("Most that report to one post", str(max(spans, default=0))),
        ("Teams", str(len({post.team for post in posts if post.team}))),
    ]


def _layers(posts: Sequence[Post]) -> int:
    depth: dict[str | None, int] = {None: 0}
    for post in in_tree_order(posts):
        depth[post.id] = depth[post.reports_to] + 1
    return max(depth.values())


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1
