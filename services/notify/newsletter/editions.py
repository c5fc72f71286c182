"""Editions as they are kept, and what was heard for them. The SQL is in `queries.sql`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Edition, LibraryItem
from services.notify.identity import mail_id, notification_id
from services.notify.links import Links
from services.notify.newsletter.edition_file import EditionFile
from services.notify.newsletter.published import published
from services.notify.newsletter.schedule import LONDON, Decided, EditionRefused, Known, decided

_queries = queries_beside(__file__)
URGENCY: Final = 2
"""Of the mails of a newsletter: after all that is for one reader alone."""
_TEST: Final = "[Test] "
_TEST_ID: Final = "test-"


class NotAReader(ValueError):
    """The contact cannot get a test of a newsletter: it says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How far an edition is: what it is, and its mails by what became of them."""

    row: dict[str, Any]
    mails: dict[str, int]
    a_minute: int

    @property
    def left(self) -> int:
        """Mails that wait to be sent or are being sent."""
        return self.mails.get("due", 0) + self.mails.get("sending", 0)

    @property
    def all(self) -> int:
        """Mails in the ledger."""
        return sum(self.mails.values())


async def schedule(tx: Connection, file: EditionFile, send_at: datetime | None, now: datetime) -> Decided:
    """This file is to be sent then (None: now). Raises EditionRefused."""
    row = await _queries.edition_to_change(tx, id=file.id)
    known = Known(_file(row), row["status"], row["send_at"], row["began_at"] is not None) if row else None
    what = decided(known, file, send_at, now)
    if what.save:
        await _queries.save_edition(
            tx,
            id=file.id,
            title=file.title,
            summary=file.summary,
            markdown=file.markdown,
            since=file.since,
            until=file.until,
            send_at=send_at or now,
        )
    return what


async def cancel(tx: Connection, edition_id: str) -> str:
    """Do not send it, or no further; what that means, in words. Raises EditionRefused."""
    row = await _queries.edition_to_change(tx, id=edition_id)
    if row is None:
        raise EditionRefused(
            f"There is no edition {edition_id!r}; `loti notify newsletter status` lists them."
        )
    match row["status"]:
        case "cancelled":
            return "was cancelled already"
        case "sent":
            raise EditionRefused(f"Edition {edition_id} was sent; what is sent cannot be called back.")
        case "sending":
            await _queries.cancel(tx, id=edition_id)
            return "is cancelled: what has not left stays here; its page stays, since some readers have it"
        case _:
            await _queries.cancel(tx, id=edition_id)
            return "is cancelled; nobody got it"


async def add_test(tx: Connection, file: EditionFile, contact_id: str, links: Links, now: datetime) -> str:
    """One mail of this file to one contact, marked as a test; the test's id. Raises NotAReader."""
    reader = await _queries.reader(tx, contact_id=contact_id)
    if reader is None or reader["erased"]:
        raise NotAReader(
            f"There is no contact {contact_id!r}; contacts are stated on their topic, or on the portal."
        )
    if reader["suppressed"]:
        raise NotAReader(
            f"The address of {contact_id} must not be written to ({reader['suppressed']}); "
            "see `loti notify suppressions`."
        )
    if not reader["reads"]:
        raise NotAReader(
            f"{contact_id} has not said yes to the newsletter; choose it on that contact's preference page first."
        )
    id_ = f"{_TEST_ID}{uuid4().hex}"
    edition = published(file, id_, links, now)
    await _queries.save_thing(
        tx,
        id=id_,
        state=edition.model_copy(update={"title": f"{_TEST}{file.title}"[:200]}).model_dump_json(),
        event_id=id_,
        correlation_id=id_,
    )
    notification = notification_id("newsletter", id_, contact_id)
    await _queries.add_newsletters(
        tx,
        edition=id_,
        caused_by=id_,
        correlation_id=id_,
        why="Somebody who edits the newsletter sent this test to you.",
        urgency=0,
        ids=[notification],
        contact_ids=[contact_id],
        mail_ids=[mail_id([notification])],
        due_ats=[now],
        helds=[None],
    )
    return id_


def is_test(edition_id: str) -> bool:
    """Whether that is the id of a test, which only its receiver knows."""
    return edition_id.startswith(_TEST_ID)


async def read_published(tx: Connection, edition_id: str) -> Edition | None:
    """An edition that readers have, or a test of one."""
    row = await _queries.published(tx, id=edition_id)
    return Edition.model_validate_json(row["state"]) if row else None


async def archive(tx: Connection, most: int = 200) -> list[dict[str, Any]]:
    """The editions that readers have, newest first, without their text."""
    return [dict(row) async for row in _queries.archive(tx, most=most)]


async def item(tx: Connection, item_id: str) -> tuple[LibraryItem, datetime] | None:
    """A library item and when it was last heard of; None where none that can be read is known."""
    row = await _queries.item(tx, id=item_id)
    try:
        return (LibraryItem.model_validate_json(row["state"]), row["heard_at"]) if row else None
    except ValidationError:
        return None


async def shown(tx: Connection, edition_id: str, seconds: float = 60.0) -> Shown:
    """How far one edition is. Raises EditionRefused where there is none."""
    row = await _queries.edition(tx, id=edition_id)
    if row is None:
        raise EditionRefused(
            f"There is no edition {edition_id!r}; `loti notify newsletter status` lists them."
        )
    mails = {count["status"]: count["mails"] async for count in _queries.counts(tx, id=edition_id)}
    lately = await _queries.sent_lately(tx, id=edition_id, seconds=seconds)
    kept = {name: value for name, value in dict(row).items() if name != "markdown"}
    return Shown(kept, mails, round(lately * 60 / seconds))


async def newest(tx: Connection, most: int) -> list[dict[str, Any]]:
    """The newest editions, without their text."""
    return [dict(row) async for row in _queries.editions(tx, most=most)]


async def readers_to_come(tx: Connection, now: datetime) -> int:
    """How many contacts would get an edition that began now."""
    count: int = await _queries.readers_to_come(tx, today=now.astimezone(LONDON).date())
    return count


def _file(row: Any) -> EditionFile:
    return EditionFile(row["id"], row["title"], row["summary"], row["since"], row["until"], row["markdown"])
