"""Publishing: an edition whose time came becomes a mail for each reader, page by page.

Each page is one transaction: who has a mail of the edition has it for ever, and the next page begins behind the last of
them, so that a kill at any instant loses nothing and tells nobody twice. An edition is `sent` only when none of its mails
waits any more, however long a relay throttles.
"""

from datetime import datetime, time, timedelta
from typing import Any, Final

import structlog
from pydantic import TypeAdapter

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import EditionPublished, QuietHours
from loti_contracts.events.topics import EDITIONS
from services.notify.identity import mail_id, notification_id
from services.notify.newsletter.edition_file import EditionFile
from services.notify.newsletter.editions import URGENCY
from services.notify.newsletter.published import published
from services.notify.newsletter.schedule import LONDON
from services.notify.sending import ledger
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.telling.timing import Digests, When, full_day, quiet_until, start_of_day

_log = structlog.get_logger("newsletter")
_queries = queries_beside(__file__)
_QUIET: Final = TypeAdapter(QuietHours)

PAGE: Final = 1_000
"""Readers in one transaction."""
WHY: Final = "You asked for the newsletter."
CANCELLED: Final = "The newsletter was cancelled before this email left."


async def publish(tx: Connection, settings: NotifySettings, now: datetime, *, page: int = PAGE) -> bool:
    """Do the next piece of what is due for newsletters; whether there is more to do at once."""
    more = await _withhold_cancelled(tx, page)
    edition = await _queries.take_due(tx, now=now)
    if edition is not None:
        if edition["status"] == "scheduled":
            await _begin(tx, edition, settings, now)
        more = await _next_page(tx, edition["id"], settings, now, page) or more
    async for row in _queries.finish(tx, now=now):
        _log.info("newsletter_finished", edition_id=row["id"], status=row["status"])
    return more


async def _begin(tx: Connection, row: Any, settings: NotifySettings, now: datetime) -> None:
    """From now on everybody may read it, and the first mails are made."""
    file = EditionFile(row["id"], row["title"], row["summary"], row["since"], row["until"], row["markdown"])
    edition = published(file, row["id"], SignedLinks(settings), now)
    await outbox.add(tx, EditionPublished(edition=edition))
    said = await _queries.said_as(tx, topic=EDITIONS.name, key=row["id"].encode())
    await _queries.save_thing(
        tx,
        id=row["id"],
        state=edition.model_dump_json(),
        event_id=said["id"],
        correlation_id=said["correlation_id"],
    )
    await _queries.begin(tx, id=row["id"], now=now)
    _log.info("newsletter_begun", edition_id=row["id"])


async def _next_page(
    tx: Connection, edition_id: str, settings: NotifySettings, now: datetime, page: int
) -> bool:
    """A mail for each of the next readers; whether there may be more of them."""
    thing = await _queries.thing(tx, id=edition_id)
    after = await _queries.reached(tx, id=edition_id) or ""
    today = now.astimezone(LONDON).date()
    readers = [row async for row in _queries.readers(tx, after=after, today=today, most=page)]
    if readers:
        ids = [reader["contact_id"] for reader in readers]
        times = await _times(tx, readers, settings, now)
        told = [notification_id("newsletter", edition_id, id_) for id_ in ids]
        await _queries.add_newsletters(
            tx,
            edition=edition_id,
            caused_by=thing["event_id"],
            correlation_id=thing["correlation_id"],
            why=WHY,
            urgency=URGENCY,
            ids=told,
            contact_ids=ids,
            mail_ids=[mail_id([one]) for one in told],
            due_ats=[one.due_at for one in times],
            helds=[one.held for one in times],
        )
    if len(readers) < page:
        await _queries.all_gathered(tx, id=edition_id, now=now)
        _log.info("newsletter_gathered", edition_id=edition_id)
        return False
    return True


async def _times(tx: Connection, readers: list[Any], settings: NotifySettings, now: datetime) -> list[When]:
    """When each may get it: quiet hours and the most emails a day count for newsletters too."""
    midnight = start_of_day(now)
    since = now - timedelta(days=settings.retry_days + 1)  # a mail that is refused for longer was given up
    rows = _queries.mails_of_day(
        tx, contact_ids=[reader["contact_id"] for reader in readers], midnight=midnight, since=since
    )
    got = {row["contact_id"]: row["mails"] async for row in rows}
    digests = Digests(time.fromisoformat(settings.digest_at), settings.digest_weekday)
    return [
        _time(
            _QUIET.validate_json(reader["quiet_hours"]) if reader["quiet_hours"] else None,
            reader["most_a_day"] or settings.most_a_day,
            got.get(reader["contact_id"], 0),
            now,
            digests,
        )
        for reader in readers
    ]


def _time(quiet: QuietHours | None, most_a_day: int, got: int, now: datetime, digests: Digests) -> When:
    if got >= most_a_day:
        return full_day(most_a_day, quiet, now, digests)
    return quiet_until(quiet, now)


async def _withhold_cancelled(tx: Connection, page: int) -> bool:
    """What has not left of a cancelled edition stays here, and NotificationSuppressed says so."""
    edition_id = await _queries.cancelled_midway(tx)
    if edition_id is None:
        return False
    rows = [row async for row in _queries.left_of(tx, id=edition_id, most=page)]
    if rows:
        await ledger.withhold(tx, {row["id"]: CANCELLED for row in rows})
        await _queries.withhold_mails(tx, ids=[row["mail_id"] for row in rows], why=CANCELLED)
    return len(rows) == page
