"""Notifications: what was sent, to which contact and why. No names, no addresses, no bodies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.topics import NOTIFICATIONS


class Notification(State):
    """One thing told to one contact, once for ever. Several may share an email."""

    kind: Literal["new role", "introduction"]
    contact_id: Identifier
    about: Annotated[
        Identifier | None, Field(description="The id of the role or the match that it tells of.")
    ] = None
    mail_id: Annotated[Identifier | None, Field(description="The email that it went out in.")] = None
    caused_by: Annotated[str, Field(description="The ce_id of the event that it tells of.")]
    why: Annotated[str, Field(description="Why this contact gets it, in words.")]
    attempts: Annotated[int, Field(ge=1, description="How often the email was offered to the relay.")]
    doubts: Annotated[
        int,
        Field(ge=0, description="How often a crash left open whether it was taken, so that it went again."),
    ] = 0
    sent_at: Moment


class NotificationSent(Event):
    """The mail relay accepted the email that tells it."""

    type: ClassVar[str] = "london.loti.notification.sent.v1"
    topic: ClassVar[str] = NOTIFICATIONS.name
    about: ClassVar[str] = "notification"
    notification: Notification
