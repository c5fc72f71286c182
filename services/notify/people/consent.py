"""Consent: what a statement, a yes, a no and the passing of time do to a choice. Pure.

Every function takes the choice as it is (None: there is none) and returns it as it is then; the very same one where
nothing changes. A no counts at once and for good: only what the person says later, by itself, undoes it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loti_contracts.events import Contact, QuietHours, Subscription
from services.notify.people.choice import Choice, Terms
from services.notify.people.questions import again, asking, last_day, remind_at, today
from services.notify.people.suggested import suggested

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""By so much a consent may be later than the statement that carries it."""


class NotAsked(ValueError):
    """That yes answers no question that waits. The text says so to the person."""


class FromTheFuture(ValueError):
    """A consent is later than the statement that carries it."""


def stated(
    known: Choice | None, contact: Contact, *, moved: bool, stated_at: datetime, now: datetime, terms: Terms
) -> Choice | None:
    """Somebody stated a contact, newer than what is known. `moved`: at another address than before.

    With a consent that is later than what the person said last, it is the person's own yes. Without, it asks: where
    the person has chosen or refused already, nothing. Raises FromTheFuture.
    """
    consent = contact.consent
    if consent and consent.given_at > stated_at + CLOCKS_DIFFER:
        raise FromTheFuture(
            f"contact {contact.id} consented at {consent.given_at.isoformat()}, after it was stated "
            f"({stated_at.isoformat()}): state it anew with the time at which the person said yes"
        )
    if (
        consent
        and today(now) <= last_day(consent.given_at, terms)
        and (known is None or known.spoke_at is None or consent.given_at > known.spoke_at)
    ):
        choice = _of(known, contact.id, consent.given_at)
        wishes = replace(choice, quiet_hours=contact.quiet_hours, most_a_day=contact.most_a_day)
        return _confirmed(replace(wishes, subscriptions=contact.subscriptions), consent.given_at, now, terms)
    wanted = contact.subscriptions or suggested(contact.roles)
    if known is None:
        return _asked(_of(None, contact.id, stated_at), contact, wanted, stated_at, now) if wanted else None
    if known.status == "asked" and known.spoke_at is None:
        return _stated_again(known, contact, wanted, moved=moved, stated_at=stated_at, now=now)
    if not moved:
        return known
    if known.status in ("asked", "confirmed") and known.subscriptions:
        return asking(replace(known, status="asked", moved=True), now)
    return replace(known, moved=True, ask=None)  # its last question went to the old address


def said_yes(known: Choice, ask: UUID, *, now: datetime, terms: Terms) -> Choice:
    """The person answered a question that was mailed. One that it answered before changes nothing.

    Raises NotAsked where it answers no question that waits.
    """
    if answers(known, ask):
        return _confirmed(known, now, now, terms)
    if known.status == "confirmed":
        return known
    raise NotAsked(
        "You unsubscribed since this email was sent, so nothing was changed."
        if known.status == "withdrawn"
        else "This link is no longer the newest: what it asked for has changed since. Please use the last email."
    )


def answers(known: Choice, ask: UUID) -> bool:
    """Whether that is the question that waits. The last call is another question, and the call before it still counts."""
    return known.ask is not None and known.ask in (ask, again(ask))


def chose(
    known: Choice | None,
    contact_id: str,
    subscriptions: tuple[Subscription, ...],
    quiet_hours: QuietHours | None,
    most_a_day: int | None,
    *,
    now: datetime,
    terms: Terms,
    ask: UUID | None = None,
) -> Choice:
    """The person chose, behind a link that was mailed to it. To choose nothing is a no.

    Where the address is another one since, a link may be in the wrong hands: unless it answers the question that was
    mailed to the new address (`ask`), that question goes out first.
    """
    choice = replace(_of(known, contact_id, now), quiet_hours=quiet_hours, most_a_day=most_a_day)
    if not subscriptions:
        return said_no(choice, contact_id, now=now)
    wanted = replace(choice, subscriptions=subscriptions)
    if not choice.moved or (ask is not None and answers(choice, ask)):
        return _confirmed(wanted, now, now, terms)
    wanted = replace(
        wanted, status="asked", chosen_at=_later(now, choice.chosen_at), spoke_at=_spoke(choice, now)
    )
    return wanted if known and _same_wish(known, wanted) and known.ask else asking(wanted, now)


def said_no(known: Choice | None, contact_id: str, *, now: datetime) -> Choice:
    """The person wants nothing any more; how many mails a day and when stays, for what it takes part in."""
    choice = _of(known, contact_id, now)
    return replace(
        choice,
        status="withdrawn",
        subscriptions=(),
        chosen_at=_later(now, choice.chosen_at),
        spoke_at=_spoke(choice, now),
        ask=None,
        next_at=None,
    )


def proposed(
    known: Choice | None, contact_id: str, subscriptions: tuple[Subscription, ...], *, now: datetime
) -> Choice:
    """Somebody of the staff proposes subscriptions; the person is asked. Not where it chose itself.

    Raises NotAsked with the reason.
    """
    if known and known.status == "confirmed":
        raise NotAsked("it chose by itself what it hears of: only its own page changes that")
    wanted = replace(_of(known, contact_id, now), status="asked", subscriptions=subscriptions)
    if known and _same_wish(known, wanted) and known.ask and known.status == "asked":
        return known
    return asking(replace(wanted, chosen_at=_later(now, wanted.chosen_at)), now)


def _stated_again(
    known: Choice,
    contact: Contact,
    wanted: tuple[Subscription, ...],
    *,
    moved: bool,
    stated_at: datetime,
    now: datetime,
) -> Choice:
    anew = replace(
        known, subscriptions=wanted, quiet_hours=contact.quiet_hours, most_a_day=contact.most_a_day
    )
    if anew == known and not moved:
        return known
    anew = replace(anew, chosen_at=_later(stated_at, known.chosen_at), moved=known.moved or moved)
    if not wanted:
        return replace(anew, ask=None, next_at=None)
    return anew if known.ask and _same_wish(known, anew) and not moved else asking(anew, now)


def _asked(
    choice: Choice, contact: Contact, wanted: tuple[Subscription, ...], stated_at: datetime, now: datetime
) -> Choice:
    wishes = replace(choice, quiet_hours=contact.quiet_hours, most_a_day=contact.most_a_day)
    return asking(replace(wishes, subscriptions=wanted, chosen_at=stated_at), now)


def _confirmed(choice: Choice, said_at: datetime, now: datetime, terms: Terms) -> Choice:
    renew_by = last_day(said_at, terms)
    return replace(
        choice,
        status="confirmed",
        chosen_at=_later(said_at, choice.chosen_at),
        spoke_at=_spoke(choice, said_at),
        confirmed_at=said_at,
        renew_by=renew_by,
        ask=None,
        asked_at=None,
        next_at=max(now, remind_at(renew_by, terms)),
        moved=False,
    )


def _of(known: Choice | None, contact_id: str, at: datetime) -> Choice:
    return known or Choice(contact_id, revision=0, status="asked", chosen_at=at)


def _same_wish(one: Choice, other: Choice) -> bool:
    return one.subscriptions == other.subscriptions


def _spoke(choice: Choice, at: datetime) -> datetime:
    return _later(at, choice.spoke_at or at)


def _later(one: datetime, other: datetime) -> datetime:
    return max(one, other)
