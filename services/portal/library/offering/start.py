"""Where a form begins: with nothing, with what is published, with a draft, or with one's own offer."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Content, Contribution, Draft, LibraryItem
from loti_contracts.vocabulary import LEVELS, standard_roles
from services.portal.heard.store import newest
from services.portal.library.kinds import Kind
from services.portal.library.offering.typed import Typed, typed_of
from services.portal.signin.visitor import Visitor

_ID: Final = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Start:
    """What a form is about. `id_` is the offer's, `seen` its revision (0: new), `base` what the item says so far."""

    id_: str
    item_id: str
    seen: int
    base: Content | None
    typed: Typed
    changes: LibraryItem | None = None


async def start(tx: Connection, visitor: Visitor, kind: Kind, query: Mapping[str, str]) -> Start:
    """By `?offer=` (one's own, to change it), `?item=` (a new version), `?draft=` (one that the library put together),
    or `?role=` and `?level=`. Raises HTTPException (404) for what there is not."""
    if query.get("offer"):
        return await _own(tx, visitor, kind, query["offer"])
    item = await _item(tx, kind, query["item"]) if query.get("item") else None
    id_, item_id = str(uuid.uuid4()), item.id if item else f"item-{uuid.uuid4()}"
    draft = await newest(tx, Draft, query["draft"]) if query.get("draft") else None
    if (
        draft is not None
        and draft.origin == "assembled"
        and draft.kind == kind.name
        and draft.status == "waiting"
    ):
        base = draft.content
        return Start(id_, draft.item_id, 0, base, typed_of(base), item)
    if item is not None:
        base = Content.model_validate(item.model_dump(include=set(Content.model_fields)))
        return Start(id_, item_id, 0, base, typed_of(base), item)
    typed = Typed(
        roles=tuple(role for role in (query.get("role", ""),) if role in standard_roles()),
        levels=tuple(level for level in LEVELS if level == query.get("level")),
        boroughs=(visitor.borough,) if visitor.borough else (),
    )
    return Start(id_, item_id, 0, None, typed)


async def sent(tx: Connection, visitor: Visitor, kind: Kind, fields: Mapping[str, str]) -> Start:
    """What a form that was sent is about, by its hidden fields. Raises HTTPException (404)."""
    id_, item_id, seen = fields["id"], fields["item_id"], fields["seen"]
    if not (
        _ID.fullmatch(id_) and 0 < len(item_id) <= 200 and seen.isascii() and seen.isdigit() and len(seen) < 9
    ):
        raise HTTPException(404)
    offered = await newest(tx, Contribution, id_)
    if offered is not None:
        own = await _own(tx, visitor, kind, id_)
        return Start(id_, own.item_id, int(seen), own.base, Typed(), own.changes)
    item = await newest(tx, LibraryItem, item_id)
    if item is not None and item.kind != kind.name:
        raise HTTPException(404)
    draft = await newest(tx, Draft, fields["draft"]) if fields["draft"] else None
    base: Content | None = None
    if draft is not None and draft.origin == "assembled" and draft.item_id == item_id:
        base = draft.content
    elif item is not None:
        base = Content.model_validate(item.model_dump(include=set(Content.model_fields)))
    return Start(id_, item_id, int(seen), base, Typed(), item)


async def _own(tx: Connection, visitor: Visitor, kind: Kind, offer_id: str) -> Start:
    offered = await newest(tx, Contribution, offer_id)
    if offered is None or offered.contact_id != visitor.contact_id or offered.kind != kind.name:
        raise HTTPException(404)
    typed = typed_of(offered.content, note=offered.note)
    item = await newest(tx, LibraryItem, offered.item_id)
    return Start(offered.id, offered.item_id, offered.revision, offered.content, typed, item)


async def _item(tx: Connection, kind: Kind, item_id: str) -> LibraryItem:
    item = await newest(tx, LibraryItem, item_id)
    if item is None or item.kind != kind.name:
        raise HTTPException(404)
    return item
