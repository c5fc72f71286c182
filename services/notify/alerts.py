"""Alerts: which contact is told of which role. Pure.

The rule: a contact is told once of every open role that it wants, whichever of the two was heard of first.
A contact that joins is told of what is open at that moment. So the two topics may arrive in any order, at any
speed and in several processes, and the same pairs come out: whenever either side says something new, it is held
against all that is known of the other. What is taken back (a role closes, a subscription narrows, a contact is
erased) stops what has not left yet; see `mails.sifted`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from loti_contracts.events import Role
from services.notify.identity import notification_id
from services.notify.subscriptions import Subscriber, wanted_by, why


@dataclass(frozen=True, slots=True)
class Alert:
    """This role is to be told to that contact."""

    role_id: str
    contact_id: str
    why: str

    @property
    def id(self) -> UUID:
        """The notification's id: the same whoever finds the pair."""
        return notification_id("new role", self.role_id, self.contact_id)


def alerts(subscribers: Iterable[Subscriber], roles: Sequence[Role]) -> list[Alert]:
    """An alert for each subscriber and each open role that it wants."""
    return [
        Alert(role.id, subscriber.contact_id, why(subscription))
        for subscriber in subscribers
        for role in roles
        if role.status == "open" and (subscription := wanted_by(subscriber.subscriptions, role)) is not None
    ]
