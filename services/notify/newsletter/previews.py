"""Previews: the mail that readers will get, made by what makes the real one, for a reader who is made up."""

from datetime import datetime
from typing import Final

from loti_contracts.events import Contact, Subscription, Subscriptions
from services.notify.identity import mail_id, notification_id
from services.notify.letters.compose import compose
from services.notify.letters.letter import Letter, Site
from services.notify.links import Links
from services.notify.mails import Item, Mail
from services.notify.newsletter.edition_file import EditionFile
from services.notify.newsletter.published import published

_ID: Final = "preview"


def preview(file: EditionFile, *, links: Links, site: Site, now: datetime) -> Letter:
    """The letter as Ada Example would get it. Raises ValidationError for what is too long."""
    told = notification_id("newsletter", file.id, _ID)
    item = Item(
        id=told,
        kind="newsletter",
        contact_id=_ID,
        contact=Contact(
            id=_ID, revision=1, name="Ada Example", email="ada@example.org", organisation="An example borough"
        ),
        about=published(file, file.id, links, now),
        why="You asked for the newsletter.",
        caused_by=_ID,
        correlation_id=_ID,
        choice=Subscriptions(
            id=_ID,
            revision=1,
            status="confirmed",
            subscriptions=(Subscription(topic="newsletter"),),
            chosen_at=now,
            confirmed_at=now,
        ),
    )
    return compose(Mail(mail_id([told]), "newsletter", 1, 0, (item,)), links=links, site=site, now=now)
