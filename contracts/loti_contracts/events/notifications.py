"""Notifications: what was told, to which contact and why, or why not. No names, no addresses, no bodies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.subscriptions import SubscriptionTopic
from loti_contracts.events.topics import NOTIFICATIONS

NotificationKind = SubscriptionTopic | Literal["confirmation", "renewal"]


class Notification(State):
    """One thing told to one contact, once for ever. Several may share an email."""

    kind: NotificationKind
    status: Literal["sent", "suppressed", "failed"] = "sent"
    contact_id: Identifier
    about: Annotated[
        Identifier | None,
        Field(
            description="What it tells of: the id of a role, a match, a signal, …; of a demand with its day."
        ),
    ] = None
    mail_id: Annotated[Identifier | None, Field(description="The email that it went out in.")] = None
    caused_by: Annotated[str, Field(description="The ce_id of the event that it tells of.")]
    why: Annotated[str, Field(description="Why this contact gets it, in words.")]
    why_not: Annotated[str | None, Field(description="Why it was not told, in words without addresses.")] = (
        None
    )
    attempts: Annotated[int, Field(ge=0, description="How often the email was offered to the relay.")]
    doubts: Annotated[
        int,
        Field(ge=0, description="How often a crash left open whether it was taken, so that it went again."),
    ] = 0
    sent_at: Annotated[Moment | None, Field(description="When the relay took it; null: it never did.")] = None


class _AboutNotification(Event):
    topic: ClassVar[str] = NOTIFICATIONS.name
    about: ClassVar[str] = "notification"
    notification: Notification


class NotificationSent(_AboutNotification):
    """The mail relay accepted the email that tells it."""

    type: ClassVar[str] = "london.loti.notification.sent.v1"


class NotificationSuppressed(_AboutNotification):
    """It is not told: the contact wants or may get no mail, or it is not worth telling any more."""

    type: ClassVar[str] = "london.loti.notification.suppressed.v1"


class NotificationFailed(_AboutNotification):
    """It could not be told: the relay refused the email for ever, or it came back."""

    type: ClassVar[str] = "london.loti.notification.failed.v1"
