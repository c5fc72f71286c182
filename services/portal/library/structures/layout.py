"""Where the boxes of an organisation chart stand. Pure; lengths are CSS pixels.

Posts below one post stand side by side under it; where none of several has posts of its own below, they hang in a column
instead, so that a chart grows down rather than wide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events.library_content import Post
from loti_contracts.structures import who_reports_to

BOX_WIDTH: Final = 188
BOX_HEIGHT: Final = 86
_BESIDE: Final = 16
_BELOW: Final = 36
_STACKED: Final = 12
_INDENT: Final = 28
_ELBOW: Final = 14


@dataclass(frozen=True, slots=True)
class Box:
    """A post's box, by its upper left corner."""

    post: Post
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes in the order of the tree, and the lines between them as SVG paths."""

    width: int
    height: int
    boxes: Sequence[Box]
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Block:
    """What a post and all below it take; `box` is how far right its own box stands, `hangs`: those below hang."""

    width: int
    height: int
    box: int
    hangs: bool


def laid_out(posts: Sequence[Post]) -> Layout:
    """Takes a tree, or several, in tree order."""
    below = who_reports_to(posts)
    blocks: dict[str, _Block] = {}
    for post in reversed(posts):
        blocks[post.id] = _block(below.get(post.id, ()), blocks)
    place: dict[str, tuple[int, int]] = {}
    across = 0
    for top in below.get(None, ()):
        place[top.id] = (across, 0)
        across += blocks[top.id].width + _BESIDE
    for post in posts:
        _place_below(post, below.get(post.id, ()), blocks, place)
    boxes = [Box(post, place[post.id][0] + blocks[post.id].box, place[post.id][1]) for post in posts]
    at = {box.post.id: box for box in boxes}
    lines = [
        _line(at[box.post.reports_to], box, hangs=blocks[box.post.reports_to].hangs)
        for box in boxes
        if box.post.reports_to is not None
    ]
    height = max((blocks[top.id].height for top in below.get(None, ())), default=0)
    return Layout(max(0, across - _BESIDE), height, boxes, lines)


def _block(below: Sequence[Post], blocks: Mapping[str, _Block]) -> _Block:
    if not below:
        return _Block(BOX_WIDTH, BOX_HEIGHT, 0, hangs=False)
    these = [blocks[post.id] for post in below]
    if len(these) > 1 and all(one.height == BOX_HEIGHT for one in these):
        return _Block(_INDENT + BOX_WIDTH, BOX_HEIGHT + len(these) * (_STACKED + BOX_HEIGHT), 0, hangs=True)
    width = sum(one.width for one in these) + _BESIDE * (len(these) - 1)
    first, last = these[0].box, width - these[-1].width + these[-1].box
    return _Block(
        width, BOX_HEIGHT + _BELOW + max(one.height for one in these), (first + last) // 2, hangs=False
    )


def _place_below(
    post: Post, below: Sequence[Post], blocks: Mapping[str, _Block], place: dict[str, tuple[int, int]]
) -> None:
    x, y = place[post.id]
    for number, one in enumerate(below):
        if blocks[post.id].hangs:
            place[one.id] = (x + _INDENT, y + (number + 1) * (BOX_HEIGHT + _STACKED))
        else:
            place[one.id] = (x, y + BOX_HEIGHT + _BELOW)
            x += blocks[one.id].width + _BESIDE


def _line(upper: Box, lower: Box, *, hangs: bool) -> str:
    if hangs:
        return f"M{upper.x + _ELBOW} {upper.y + BOX_HEIGHT}V{lower.y + BOX_HEIGHT // 2}H{lower.x}"
    middle, turn = BOX_WIDTH // 2, lower.y - _BELOW // 2
    return f"M{upper.x + middle} {upper.y + BOX_HEIGHT}V{turn}H{lower.x + middle}V{lower.y}"
