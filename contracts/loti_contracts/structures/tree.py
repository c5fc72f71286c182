"""Posts that report to each other: whether they form a tree, and in which order a tree is told."""

from collections.abc import Mapping, Sequence

from loti_contracts.events.library_content import Post


def tree_faults(posts: Sequence[Post]) -> tuple[tuple[int, str], ...]:
    """What keeps them from being a tree, each as the place of the post (from 0) and what is wrong with it. Several posts
    may be at the top."""
    faults: list[tuple[int, str]] = []
    place: dict[str, int] = {}
    for at, post in enumerate(posts):
        if post.id in place:
            faults.append((at, f'the id "{post.id}" is there twice; every post needs its own'))
        place.setdefault(post.id, at)
    for at, post in enumerate(posts):
        if post.reports_to is not None and post.reports_to not in place:
            faults.append((at, f'it reports to "{post.reports_to}", which is no post of this structure'))
        if post.vacant > post.count:
            faults.append((at, f"{post.vacant} vacant of {post.count}; count means all, vacant ones too"))
    for circle in _circles({id_: posts[at].reports_to for id_, at in place.items()}):
        told = " → ".join([*circle, circle[0]])
        faults.append((place[circle[0]], f"posts report to each other in a circle ({told})"))
    return tuple(faults)


def in_tree_order(posts: Sequence[Post]) -> tuple[Post, ...]:
    """Each after whom it reports to, with those who report to it right after it; otherwise as they were given. What is
    in no tree is left out: ask `tree_faults` before."""
    below = who_reports_to(posts)
    told: list[Post] = []
    waiting = list(reversed(below.get(None, ())))
    while waiting:
        post = waiting.pop()
        told.append(post)
        waiting.extend(reversed(below.get(post.id, ())))
    return tuple(told)


def who_reports_to(posts: Sequence[Post]) -> Mapping[str | None, Sequence[Post]]:
    """The posts directly below each post, by its id; those at the top by None."""
    below: dict[str | None, list[Post]] = {}
    for post in posts:
        below.setdefault(post.reports_to, []).append(post)
    return below


def _circles(above: Mapping[str, str | None]) -> list[list[str]]:
    """The circles among who reports to whom."""
    done: set[str] = set()
    circles: list[list[str]] = []
    for start in above:
        path: list[str] = []
        at: str | None = start
        while at is not None and at in above and at not in done:
            done.add(at)
            path.append(at)
            at = above[at]
        if at in path:
            circles.append(path[path.index(at) :])
    return circles
