"""A team structure as its page shows it: an organisation chart, the same as a nested list, and as a table. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events.library_content import Post
from loti_contracts.structures import in_tree_order, tree_faults
from services.portal.library.structures.layout import BOX_HEIGHT, BOX_WIDTH, laid_out
from services.portal.web.words import count

_LETTERS: Final = 22
"""So many stand beside each other in a box."""

_TOP: Final = 22
_LINE: Final = 18


@dataclass(frozen=True, slots=True)
class Text:
    """A line in a box, `y` from the top of the chart; `strong`: of the title."""

    y: int
    words: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box with what it says; `whole` says it all, for who cannot see it or points at it."""

    x: int
    y: int
    texts: Sequence[Text]
    whole: str
    vacant: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A post in the list and the table. `opens`: a list begins with it; `closes`: so many lists end after it."""

    post: Post
    opens: bool
    closes: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Lengths in CSS pixels."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: Sequence[Drawn]
    lines: Sequence[str]
    rows: Sequence[Row]
    above: Mapping[str, str]
    """The title of whom each post reports to, by the post's id; empty at the top."""
    posts: int
    vacant: int
    layers: int


def drawn(posts: Sequence[Post]) -> Chart | None:
    """None where there are no posts, or where they form no tree."""
    if not posts or tree_faults(posts):
        return None
    ordered = in_tree_order(posts)
    layout = laid_out(ordered)
    depths = _depths(ordered)
    return Chart(
        width=layout.width,
        height=layout.height,
        box_width=BOX_WIDTH,
        box_height=BOX_HEIGHT,
        boxes=[
            Drawn(box.x, box.y, _texts(box.post, box.y), in_words(box.post), box.post.vacant > 0)
            for box in layout.boxes
        ],
        lines=layout.lines,
        rows=_rows(ordered, depths),
        above=_above(ordered),
        posts=sum(post.count for post in posts),
        vacant=sum(post.vacant for post in posts),
        layers=max(depths),
    )


def in_words(post: Post) -> str:
    """Senior Developer: Software developer, senior, 4 posts, 1 of them vacant."""
    told = [post.standard_role or "", post.level or "", count(post.count, "post")]
    if post.vacant:
        told.append("vacant" if post.vacant == post.count == 1 else f"{post.vacant} of them vacant")
    return f"{post.title}: {', '.join(filter(None, told))}"


def _texts(post: Post, y: int) -> list[Text]:
    lines = textwrap.wrap(post.title, _LETTERS) or [post.title]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), _LETTERS, placeholder=" …")]
    told = [(line[:_LETTERS], True) for line in lines]
    if post.level:
        told.append((post.level.capitalize(), False))
    posts = count(post.count, "post") if post.count > 1 else ""
    vacant = f"{post.vacant} vacant" if post.count > 1 else "vacant"
    if meta := ", ".join(filter(None, (posts, vacant if post.vacant else ""))):
        told.append((meta.capitalize(), False))
    return [Text(y + _TOP + _LINE * at, words, strong) for at, (words, strong) in enumerate(told)]


def _depths(ordered: Sequence[Post]) -> list[int]:
    """How deep each post stands, 1 at the top."""
    depth: dict[str | None, int] = {None: 0}
    for post in ordered:
        depth[post.id] = depth[post.reports_to] + 1
    return [depth[post.id] for post in ordered]


def _rows(ordered: Sequence[Post], depths: Sequence[int]) -> list[Row]:
    after = [*depths[1:], 1]
    return [
        Row(
            post,
            opens=next_depth > depth,
            closes=max(0, depth - next_depth),
        )
        for post, depth, next_depth in zip(ordered, depths, after, strict=True)
    ]


def _above(ordered: Sequence[Post]) -> dict[str, str]:
    titles = {post.id: post.title for post in ordered}
    return {post.id: titles[post.reports_to] if post.reports_to is not None else "" for post in ordered}
