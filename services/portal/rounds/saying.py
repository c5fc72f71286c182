"""Says rounds: asked for, adjusted, published, called off."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Round, RoundStated
from services.portal.rounds import store
from services.portal.saying.say import Stale, next_revision, say
from services.portal.signin.visitor import Visitor

_IDS: Final = uuid.UUID("0a6b6a0e-2f5b-5d55-8d0c-6a3d8f7c1b42")


def id_of_form(visitor: Visitor, form_id: str) -> str:
    """The id of the round that a form makes: the same however often it is sent, and no other visitor's."""
    return f"round-{uuid.uuid5(_IDS, f'{visitor.contact_id}:{form_id}')}"


async def ask(
    tx: Connection, visitor: Visitor, id_: str, fields: Mapping[str, Any], *, now: datetime
) -> None:
    """Ask for a new round; one that the same form asked for already stays as it is."""
    await store.one_at_a_time(tx, id_)
    before, revision = await next_revision(tx, Round, id_)
    if before is not None:
        return
    round_ = Round.model_validate(
        {**fields, "id": id_, "revision": revision, "contact_id": visitor.contact_id, "stated_at": now}
    )
    await say(tx, visitor, RoundStated(round=round_), what="asked for a round")


async def restate(
    tx: Connection,
    visitor: Visitor,
    seen: Round,
    fields: Mapping[str, Any],
    *,
    what: str,
    now: datetime,
) -> None:
    """State a round otherwise than the page showed it. Raises Stale where somebody else did meanwhile."""
    before, revision = await next_revision(tx, Round, seen.id)
    if before is None or before.revision != seen.revision:
        raise Stale(f"{seen.id} was changed by somebody else meanwhile")
    after = Round.model_validate(
        {
            **before.model_dump(),
            **fields,
            "revision": revision,
            "contact_id": visitor.contact_id,
            "stated_at": now,
        }
    )
    names = [name for name in Round.model_fields if name != "revision"]
    changed = tuple(name for name in names if getattr(before, name) != getattr(after, name))
    await say(tx, visitor, RoundStated(round=after, changed=changed), what=what)
