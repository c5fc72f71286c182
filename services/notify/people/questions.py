"""Questions: which goes out when, and when a yes runs out. London's days count. Pure."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notify.people.choice import Choice, Terms
from services.notify.telling.timing import LONDON

_OURS = UUID("5a0f7b0e-9d3c-5c1f-8d55-0e1f6c0a7b42")
LAST_CALL: Final = timedelta(days=7)
"""So long before its end a yes is asked for once more."""


def asked_now(known: Choice, *, now: datetime, terms: Terms) -> Choice:
    """What is due at `next_at`: the question goes out (`asked_at` is then `now`), or the yes has run out."""
    if known.status != "confirmed" or known.renew_by is None or known.confirmed_at is None:
        return replace(known, asked_at=now, next_at=None)
    if today(now) > known.renew_by:
        return replace(known, status="lapsed", next_at=None)
    if now < remind_at(known.renew_by, terms):
        return replace(known, next_at=remind_at(known.renew_by, terms))
    call = _midnight(known.renew_by - LAST_CALL)
    end = _midnight(known.renew_by + timedelta(days=1))
    if not known.subscriptions:  # nothing to renew
        return replace(known, next_at=end)
    ask = question(known, now) if known.ask is None else again(known.ask)
    return replace(known, ask=ask, asked_at=now, next_at=call if now < call else end)


def ask_anew(known: Choice, *, now: datetime) -> Choice:
    """The question could not be sent, and can be now."""
    return asking(known, now) if known.status == "asked" and known.subscriptions else known


def asking(choice: Choice, now: datetime) -> Choice:
    """Another question waits for an answer, and goes out."""
    return replace(choice, ask=question(choice, now), asked_at=None, next_at=now)


def today(now: datetime) -> date:
    """London's date."""
    return now.astimezone(LONDON).date()


def last_day(said_at: datetime, terms: Terms) -> date:
    """The last day on which a yes of that moment counts."""
    return today(said_at) + timedelta(days=terms.consent_days)


def remind_at(renew_by: date, terms: Terms) -> datetime:
    """When a yes is first asked for again; never sooner than half way, however the two are set."""
    return _midnight(renew_by - timedelta(days=min(terms.remind_days, terms.consent_days // 2)))


def question(choice: Choice, now: datetime) -> UUID:
    """Another one than any before, so that no link of an earlier question answers it."""
    return uuid5(_OURS, f"{choice.contact_id}\n{choice.revision}\n{choice.ask}\n{now.isoformat()}")


def again(ask: UUID) -> UUID:
    """The last call after that question."""
    return uuid5(_OURS, f"again\n{ask}")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
