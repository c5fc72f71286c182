"""Notifications: what was sent, to which contact and why. No names, no addresses, no bodies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.topics import NOTIFICATIONS


class Notification(State):
    """One email to one contact."""

    kind: Literal["new role", "introduction"]
    contact_id: Identifier
    caused_by: Annotated[str, Field(description="The ce_id of the event that it tells of.")]
    why: Annotated[str, Field(description="Why this contact gets it, in words.")]
    attempts: Annotated[int, Field(ge=1, description="More than one where a crash left the first in doubt.")]
    sent_at: Moment


class NotificationSent(Event):
    """The mail relay accepted the email."""

    type: ClassVar[str] = "london.loti.notification.sent.v1"
    topic: ClassVar[str] = NOTIFICATIONS.name
    about: ClassVar[str] = "notification"
    notification: Notification
