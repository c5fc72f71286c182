"""Settling: which question waits for each contact's answer, as the ledger of mails tells."""

from datetime import datetime, time, timedelta
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.people import choices
from services.notify.people.choice import Choice
from services.notify.people.questions import LAST_CALL
from services.notify.telling.timing import LONDON

_queries = queries_beside(__file__)


async def settle(tx: Connection) -> None:
    """Know again which questions were mailed. Says nothing."""
    for row in [row async for row in _queries.questions_mailed(tx)]:
        asked = settled(choices.read(row), row["question_kind"], UUID(row["question"]), row["question_at"])
        if asked is not None:
            ask, asked_at, next_at = asked
            await _queries.save_question(
                tx, contact_id=row["contact_id"], ask=ask, asked_at=asked_at, next_at=next_at
            )


def settled(
    choice: Choice, kind: str, question: UUID, mailed_at: datetime
) -> tuple[UUID, datetime, datetime | None] | None:
    """Which question waits, when it was mailed, and when the next goes out or the yes ends. None: this one does not.

    The first call for a renewal is followed by the last, a week before the end; that by the end.
    """
    if choice.status == "asked":
        # One that was said before questions were named waits for the last there was, if it wants anything.
        same = choice.ask == question or (choice.ask is None and bool(choice.subscriptions))
        return (question, mailed_at, None) if kind == "confirmation" and same else None
    if kind != "renewal" or choice.renew_by is None or choice.confirmed_at is None:
        return None
    if mailed_at < choice.confirmed_at:
        return None
    call = datetime.combine(choice.renew_by, time(), LONDON) - LAST_CALL
    end = datetime.combine(choice.renew_by + timedelta(days=1), time(), LONDON)
    return question, mailed_at, call if mailed_at < call else end
