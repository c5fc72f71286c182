"""Says what a reviewer decides, as events."""

import uuid
from datetime import datetime

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Content, Draft, LibraryItem, Review, ReviewStated
from services.portal.saying.say import Stale, say
from services.portal.signin.visitor import Visitor


async def publish(
    tx: Connection,
    visitor: Visitor,
    draft: Draft,
    *,
    seen: int,
    content: Content | None,
    why: str,
    now: datetime,
) -> None:
    """Publish a draft as it was seen, or with what the reviewer mended. Raises Stale where it is another by now."""
    review = _of(draft, seen, visitor, now, why)
    mended = content if content != draft.content else None
    after = review.model_copy(update={"verdict": "publish", "content": mended})
    await say(tx, visitor, ReviewStated(review=after), what="published a draft of the library")


async def hand_back(
    tx: Connection, visitor: Visitor, draft: Draft, *, seen: int, why: str, now: datetime
) -> None:
    """Return a draft to who offered it, with the reason. Raises Stale."""
    await say(
        tx,
        visitor,
        ReviewStated(review=_of(draft, seen, visitor, now, why)),
        what="returned a draft of the library",
    )


async def retire(tx: Connection, visitor: Visitor, item: LibraryItem, *, why: str, now: datetime) -> None:
    """Say that an item should not be used any more."""
    review = Review(
        id=str(uuid.uuid4()),
        revision=1,
        item_id=item.id,
        verdict="retire",
        why=why or None,
        contact_id=visitor.contact_id or "",
        stated_at=now,
    )
    await say(tx, visitor, ReviewStated(review=review), what=f"retired a {item.kind} of the library")


def _of(draft: Draft, seen: int, visitor: Visitor, now: datetime, why: str) -> Review:
    if seen != draft.revision or draft.status not in ("waiting", "returned"):
        raise Stale(f"{draft.id} is not as it was seen")
    return Review(
        id=str(uuid.uuid4()),
        revision=1,
        draft_id=draft.id,
        draft_revision=draft.revision,
        item_id=draft.item_id,
        verdict="return",
        why=why or None,
        contact_id=visitor.contact_id or "",
        stated_at=now,
    )
