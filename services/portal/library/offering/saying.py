"""Says what people offer to the library, as events."""

from datetime import datetime

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Content, Contribution, ContributionStated
from loti_contracts.events.library_content import ItemKind
from services.portal.library.kinds import KINDS
from services.portal.saying.say import Stale, next_revision, say
from services.portal.signin.visitor import Visitor


async def offer(
    tx: Connection,
    visitor: Visitor,
    *,
    id_: str,
    item_id: str,
    kind: ItemKind,
    content: Content,
    note: str,
    seen: int,
    now: datetime,
) -> None:
    """Offer it, or change one's offer. `seen`: the revision that the visitor looked at, 0 for a new offer; sent twice,
    it is said once. Raises Stale."""
    before, revision = await next_revision(tx, Contribution, id_)
    if before is not None and before.contact_id != visitor.contact_id:
        raise Stale(f"{id_} is another person's")
    if before is not None and seen == before.revision - 1 and before.content == content:
        return
    if seen != revision - 1:
        raise Stale(f"{id_} was changed meanwhile")
    offered = Contribution(
        id=id_,
        revision=revision,
        item_id=item_id,
        kind=kind,
        content=content,
        contact_id=visitor.contact_id or "",
        note=note or None,
        stated_at=now,
    )
    what = "offered" if before is None else "changed an offer of"
    await _say(tx, visitor, before, offered, f"{what} {KINDS[kind].with_article} to the library")


async def withdraw(tx: Connection, visitor: Visitor, id_: str, *, now: datetime) -> None:
    """Take one's offer back; nothing happens where it is withdrawn already. Raises KeyError where one offered no such
    thing."""
    before, revision = await next_revision(tx, Contribution, id_)
    if before is None or before.contact_id != visitor.contact_id:
        raise KeyError(id_)
    if before.status == "withdrawn":
        return
    after = before.model_copy(update={"revision": revision, "status": "withdrawn", "stated_at": now})
    await _say(tx, visitor, before, after, "withdrew an offer to the library")


async def _say(
    tx: Connection, visitor: Visitor, before: Contribution | None, after: Contribution, what: str
) -> None:
    names = [name for name in Contribution.model_fields if name != "revision"]
    changed = tuple(n for n in names if before and getattr(before, n) != getattr(after, n))
    await say(tx, visitor, ContributionStated(contribution=after, changed=changed), what=what)
