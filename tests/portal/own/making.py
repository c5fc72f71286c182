"""Notifications for tests of what a person was told."""

from datetime import UTC, datetime
from typing import Any

from loti_contracts.events import Notification, NotificationSent, NotificationSuppressed


def told(number: int, **facts: Any) -> NotificationSent | NotificationSuppressed:
    """Amara was told of a role, unless said otherwise."""
    usual: dict[str, Any] = {
        "id": f"told-{number}",
        "revision": 1,
        "kind": "new role",
        "contact_id": "contact-amara",
        "about": "role-1",
        "caused_by": f"event-{number}",
        "why": "You asked to hear of new jobs in Camden at once.",
        "attempts": 1,
        "mail_id": f"mail-{number}",
        "sent_at": datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
    }
    one = Notification(**(usual | facts))
    return (
        NotificationSuppressed(notification=one)
        if one.status == "suppressed"
        else NotificationSent(notification=one)
    )
