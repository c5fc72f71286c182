"""What an offer makes of its draft. Pure: takes states, returns states."""

from datetime import datetime

from loti_contracts.events import Contribution, Draft, LibraryItem, Review

_ALREADY = "It was withdrawn after it had been published. What is published stays; ask LOTI to retire it if it is to go."


def offered(
    before: Draft | None, contribution: Contribution, item: LibraryItem | None, *, now: datetime
) -> Draft | None:
    """The draft after an offer was made, changed or withdrawn; None where nothing follows.

    `item` is what is published under the offer's item id, if anything is. Whatever a reviewer said of an earlier
    reading is no longer said.
    """
    if contribution.status == "withdrawn":
        return _withdrawn(before, contribution, now)
    other = item is not None and item.kind != contribution.kind
    return Draft(
        id=contribution.id,
        revision=(before.revision if before else 0) + 1,
        item_id=contribution.item_id,
        kind=contribution.kind,
        origin="contributed",
        status="returned" if other else "waiting",
        content=contribution.content,
        contact_id=contribution.contact_id,
        note=contribution.note,
        why=f"{contribution.item_id} is a {item.kind}, and stays one; offer this {contribution.kind} as a new item."
        if other and item
        else None,
        made_at=before.made_at if before else min(contribution.stated_at, now),
        reviewed_at=now if other else None,
    )


def _withdrawn(before: Draft | None, contribution: Contribution, now: datetime) -> Draft | None:
    if before is None:
        return Draft(
            id=contribution.id,
            revision=1,
            item_id=contribution.item_id,
            kind=contribution.kind,
            origin="contributed",
            status="withdrawn",
            content=contribution.content,
            contact_id=contribution.contact_id,
            note=contribution.note,
            made_at=min(contribution.stated_at, now),
        )
    facts: dict[str, object] = {"note": contribution.note}
    if before.status == "published":
        facts |= {"why": _ALREADY}
    else:
        facts |= {"status": "withdrawn", "content": contribution.content}
    if before.status != "published" and all(getattr(before, name) == value for name, value in facts.items()):
        return None
    return before.model_copy(update=facts | {"revision": before.revision + 1})


def without_reviewers_words(draft: Draft, review: Review) -> Draft | None:
    """The draft when its review is stated again without what the reviewer wrote; None where nothing is to be taken out."""
    if review.why is not None or draft.why is None or draft.status not in ("published", "returned"):
        return None
    return draft.model_copy(update={"revision": draft.revision + 1, "why": None})


def overtaken(draft: Draft, item: LibraryItem) -> Draft:
    """A waiting draft of an item that was published from another one: who reviews it must look again."""
    why = f"Version {item.version} of {item.id} was published meanwhile; see what differs before you publish this."
    return draft.model_copy(update={"revision": draft.revision + 1, "why": why})
