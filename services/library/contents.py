"""What an item must say before it can be published, and what a change of it changed. Pure."""

from collections.abc import Sequence

from loti_contracts.events import Content, LibraryItem, Post
from loti_contracts.events.base import Model
from loti_contracts.structures import tree_faults
from loti_contracts.vocabulary import standard_roles

CONTENT = tuple(Content.model_fields)
"""The fields of what an item says."""


def faults(kind: str, content: Content) -> list[str]:
    """Why content of that kind cannot be published as it is, in sentences; none where it can."""
    found = []
    if not content.title.strip():
        found.append("It has no title; give it one.")
    if not (content.summary.strip() or (content.body or "").strip() or content.link or content.posts):
        found.append("It says nothing: give it a summary, a text or a link.")
    unknown = [name for name in content.standard_roles if name not in standard_roles()]
    if unknown:
        found.append(f"{unknown[0]!r} is no standard role; write it as the framework does, or leave it out.")
    if kind == "job description" and not content.standard_roles:
        found.append("A job description needs the standard role that it is an exemplar of.")
    if kind == "event":
        found += _faults_of_event(content)
    if kind == "team structure":
        found += _faults_of_structure(content.posts)
    if kind == "challenge" and not (content.boroughs or content.community):
        found.append("A challenge needs the boroughs, or the community of practice, that raised it.")
    if any("\x00" in text for text in (content.title, content.summary, content.body or "")):
        found.append("It holds a NUL character, which no database keeps; take it out.")
    return found


def _faults_of_event(content: Content) -> Sequence[str]:
    when = content.happening
    if when is None:
        return ["An event needs a day and a time."]
    if when.ends_at < when.starts_at:
        return ["The event ends before it starts; correct one of the two."]
    if not (when.place or when.online):
        return ["An event needs a place, or an address to join at."]
    return []


def _faults_of_structure(posts: Sequence[Post]) -> list[str]:
    if not posts:
        return ["A team structure needs at least one post."]
    unknown = [post for post in posts if post.standard_role and post.standard_role not in standard_roles()]
    return [
        *(f"Post {posts[at].id!r} ({posts[at].title}): {problem}." for at, problem in tree_faults(posts)),
        *(f"Post {post.id!r}: {post.standard_role!r} is no standard role." for post in unknown),
    ]


def same(one: Content, other: Content) -> bool:
    """Whether both say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in CONTENT)


def content_of(item: LibraryItem) -> Content:
    """What an item says, without the rest of its state."""
    return Content(**{name: getattr(item, name) for name in CONTENT})


def changed(before: Model | None, after: Model) -> tuple[str, ...]:
    """The names of the fields that differ; none for a first state."""
    if before is None:
        return ()
    names = (name for name in type(after).model_fields if name != "revision")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
