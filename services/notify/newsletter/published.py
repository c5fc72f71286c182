"""An edition as everybody may know it. Pure."""

from datetime import datetime

from loti_contracts.events import Edition
from services.notify.links import Links
from services.notify.newsletter.edition_file import EditionFile


def published(file: EditionFile, id_: str, links: Links, now: datetime) -> Edition:
    """The edition as everybody may know it, sent from `now` on. Raises ValidationError for what is too long."""
    return Edition(
        id=id_,
        revision=1,
        title=file.title,
        summary=file.summary,
        markdown=file.markdown,
        since=file.since,
        until=file.until,
        link=links.edition(id_),
        sent_at=now,
    )
