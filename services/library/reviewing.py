"""What a review does: to the draft that it speaks of, and to the item. Pure: takes states, returns states."""

from dataclasses import dataclass
from datetime import datetime

from loti_contracts.events import Content, Draft, LibraryItem, Review
from loti_contracts.structures import in_tree_order
from services.library.assembling.marks import without_marks
from services.library.contents import CONTENT, faults, same


class NothingToRetire(Exception):
    """There is no such item, or it is retired already; the text says which."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The draft as it is after a review, and the item that it published, if it did."""

    draft: Draft
    item: LibraryItem | None = None


def reviewed(draft: Draft, review: Review, item: LibraryItem | None, *, now: datetime) -> Reviewed:
    """What follows from a review. One that cannot be done changes nothing but `why` on the draft."""
    refusal = _refusal(draft, review, item)
    if refusal:
        return Reviewed(_after(draft, why=refusal))
    if review.verdict == "return":
        return Reviewed(_after(draft, status="returned", why=review.why, reviewed_at=now))
    content = review.content or draft.content
    if draft.kind == "job description":
        content = without_marks(content)
    found = faults(draft.kind, content)
    if found:
        return Reviewed(_after(draft, why="It could not be published. " + " ".join(found)))
    content = content.model_copy(update={"posts": in_tree_order(content.posts)})
    after = _after(draft, status="published", why=review.why, reviewed_at=now, content=content)
    return Reviewed(after, published(draft, content, item, now=now))


def published(draft: Draft, content: Content, before: LibraryItem | None, *, now: datetime) -> LibraryItem:
    """The item with that content: a new version of it, or the same one looked at again."""
    version = 1
    if before is not None:
        version = (before.version or 1) + (0 if same(before, content) else 1)
    return LibraryItem(
        id=draft.item_id,
        revision=(before.revision if before else 0) + 1,
        kind=draft.kind,
        status="published",
        version=version,
        published_at=now,
        **{name: getattr(content, name) for name in CONTENT},
    )


def retired(item: LibraryItem | None, item_id: str, *, now: datetime) -> LibraryItem:
    """The item, no longer to be used. Raises NothingToRetire."""
    if item is None:
        raise NothingToRetire(f"there is no item {item_id} to retire")
    if item.status == "retired":
        raise NothingToRetire(f"{item_id} is retired already")
    return item.model_copy(update={"revision": item.revision + 1, "status": "retired", "retired_at": now})


def _refusal(draft: Draft, review: Review, item: LibraryItem | None) -> str | None:
    seen = review.draft_revision
    if seen is not None and seen != draft.revision:
        return (
            f"It was reviewed as it stood in revision {seen}; it is revision {draft.revision} by now. "
            "Nothing was done: look at it again."
        )
    if review.verdict == "retire":
        return "A draft is published or returned; only what is published can be retired. Nothing was done."
    if draft.status in ("published", "withdrawn", "superseded"):
        return f"It is {draft.status} already, so it was not {review.verdict}ed."
    if review.verdict == "publish" and item is not None and item.kind != draft.kind:
        return f"{item.id} is a {item.kind} and stays one; a {draft.kind} needs an item of its own."
    return None


def _after(draft: Draft, **differences: object) -> Draft:
    return draft.model_copy(update={"revision": draft.revision + 1, **differences})
