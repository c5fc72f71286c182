"""Says what people decide on these pages: requests, answers, outcomes, offers; each with what it changed."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    AnswerStated,
    Match,
    Outcome,
    OutcomeStated,
    Request,
    RequestStated,
    Result,
    Supporter,
    SupporterStated,
)
from loti_contracts.events.answers import Answer
from services.portal.help import store
from services.portal.help.asking import differs
from services.portal.help.changes import changed
from services.portal.saying.say import Stale, next_revision, say
from services.portal.signin.visitor import Visitor

_IDS: Final = uuid.UUID("b8d5a3d2-6f0a-5a4e-8f49-2a1c6f4d7e90")


def id_of_form(visitor: Visitor, form_id: str, what: str) -> str:
    """The id of the thing that a form makes: the same however often the form is sent, and no other visitor's."""
    return f"{what}-{uuid.uuid5(_IDS, f'{what}:{visitor.contact_id}:{form_id}')}"


async def ask(
    tx: Connection, visitor: Visitor, id_: str, fields: Mapping[str, Any], *, now: datetime
) -> None:
    """State a new request; one that was stated already by the same form stays as it is."""
    await store.one_at_a_time(tx, id_)
    before, revision = await next_revision(tx, Request, id_)
    if before is None:
        request = Request.model_validate({**fields, "id": id_, "revision": revision, "stated_at": now})
        await say(tx, visitor, RequestStated(request=request), what="asked for help")


async def ask_otherwise(
    tx: Connection, visitor: Visitor, id_: str, seen: int, fields: Mapping[str, Any], *, now: datetime
) -> None:
    """Change a request, or state it anew; nothing is said where nothing differs. `seen`: its revision on the page.
    Raises Stale."""
    before, revision = await next_revision(tx, Request, id_)
    if before is None or before.revision != seen:
        raise Stale(f"{id_} was changed by somebody else meanwhile")
    anew = (
        fields.get("status") == "open"
    )  # asked again although nothing differs: it was declined, or it lapsed
    if not anew and not differs(before, fields):
        return
    await _restate(tx, visitor, before, revision, fields, now, "asked again" if anew else "changed a request")


async def withdraw(tx: Connection, visitor: Visitor, id_: str, *, now: datetime) -> None:
    """Withdraw a request; one that is withdrawn already stays so."""
    before, revision = await next_revision(tx, Request, id_)
    if before is not None and before.status == "open":
        await _restate(tx, visitor, before, revision, {"status": "withdrawn"}, now, "withdrew a request")


async def answer(
    tx: Connection, visitor: Visitor, match: Match, supporter_id: str | None, *, now: datetime
) -> None:
    """Accept one of a match's shortlist, or with None decline them all."""
    before, revision = await next_revision(tx, Answer, match.id)
    said: Literal["accepted", "declined"] = "accepted" if supporter_id else "declined"
    after = Answer(
        id=match.id,
        revision=revision,
        answer=said,
        supporter_id=supporter_id,
        match_revision=match.revision,
        stated_at=now,
    )
    event = AnswerStated(answer=after, changed=changed(before, after))
    await say(tx, visitor, event, what=f"{said} a shortlist")


async def tell(
    tx: Connection, visitor: Visitor, match_id: str, result: Result, note: str | None, *, now: datetime
) -> None:
    """Tell what came of an introduction."""
    before, revision = await next_revision(tx, Outcome, match_id)
    after = Outcome(id=match_id, revision=revision, result=result, note=note, stated_at=now)
    event = OutcomeStated(outcome=after, changed=changed(before, after))
    await say(tx, visitor, event, what="told an outcome")


async def offer(
    tx: Connection, visitor: Visitor, id_: str, fields: Mapping[str, Any], *, now: datetime
) -> None:
    """List a new supporter; one that was listed already by the same form stays as it is."""
    await store.one_at_a_time(tx, id_)
    before, revision = await next_revision(tx, Supporter, id_)
    if before is None:
        supporter = Supporter.model_validate({**fields, "id": id_, "revision": revision, "stated_at": now})
        await say(tx, visitor, SupporterStated(supporter=supporter), what="offered help")


async def offer_otherwise(
    tx: Connection, visitor: Visitor, seen: Supporter, after: Supporter, *, what: str
) -> None:
    """Change what a supporter offers from what the page showed. Raises Stale."""
    before, revision = await next_revision(tx, Supporter, seen.id)
    if before is None or before.revision != seen.revision:
        raise Stale(f"{seen.id} was changed by somebody else meanwhile")
    after = after.model_copy(update={"revision": revision})
    await say(tx, visitor, SupporterStated(supporter=after, changed=changed(before, after)), what=what)


async def _restate(
    tx: Connection,
    visitor: Visitor,
    before: Request,
    revision: int,
    fields: Mapping[str, Any],
    now: datetime,
    what: str,
) -> None:
    after = Request.model_validate({**before.model_dump(), **fields, "revision": revision, "stated_at": now})
    await say(tx, visitor, RequestStated(request=after, changed=changed(before, after)), what=what)
