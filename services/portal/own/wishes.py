"""Wishes: what a person chose to hear of, as far as the portal heard. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from loti_contracts.events import Contact, QuietHours, Subscription, Subscriptions

Standing = Literal["nothing yet", "asked", "on its way", "confirmed", "withdrawn", "lapsed"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants. `on its way`: said here, and not yet acknowledged by the service that sends."""

    subscriptions: tuple[Subscription, ...] = ()
    quiet_hours: QuietHours | None = None
    most_a_day: int | None = None
    standing: Standing = "nothing yet"
    renew_by: date | None = None


def wishes_of(contact: Contact, chose: Subscriptions | None) -> Wishes:
    """What counts: what the person chose last, here or behind a link in a mail.

    The sender says of each choice when it was made; what was said here later than that is what counts next.
    """
    said = contact.consent
    if said is not None and (chose is None or said.given_at > chose.chosen_at):
        return Wishes(contact.subscriptions, contact.quiet_hours, contact.most_a_day, "on its way")
    if chose is None:
        standing: Standing = "asked" if contact.subscriptions else "nothing yet"
        return Wishes(contact.subscriptions, contact.quiet_hours, contact.most_a_day, standing)
    return Wishes(chose.subscriptions, chose.quiet_hours, chose.most_a_day, chose.status, chose.renew_by)
