"""Entries for calendars: an event of the library as iCalendar (RFC 5545). Pure.

The UID stays the same for ever and SEQUENCE counts up with every revision, so that a calendar that imports it again
changes its entry and makes no second one. One that was called off is CANCELLED; one that is simply over is not.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import icalendar

from loti_contracts.events import Happening, LibraryItem
from services.notify.letters.wording import is_web, one_line, paragraphs

_LONDON: Final = ZoneInfo("Europe/London")
_YEAR: Final = timedelta(days=366)


class NoEvent(ValueError):
    """The item has no time at which it takes place."""


def calendar_entry(item: LibraryItem, *, domain: str, stated_at: datetime) -> bytes:
    """The .ics of one event. `domain` makes its UID the only one of its kind; `stated_at` is when this revision was
    heard. Raises NoEvent."""
    when = item.happening
    if when is None:
        raise NoEvent(f"item {item.id} is no event")
    event = icalendar.Event()
    event.add("uid", f"{one_line(item.id)}@{domain}")
    event.add("sequence", item.revision)
    event.add("dtstamp", stated_at.astimezone(UTC))
    event.add("last-modified", stated_at.astimezone(UTC))
    event.add("summary", one_line(item.title, 300) or "An event")
    event.add("dtstart", when.starts_at.astimezone(_LONDON))
    event.add("dtend", max(when.starts_at, when.ends_at).astimezone(_LONDON))
    event.add("status", "CANCELLED" if _called_off(item, when) else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if place := one_line(when.place or "", 300):
        event.add("location", place)
    doors = [url for url in (when.online, item.link) if url and is_web(url)]
    joins = [f"Join online: {when.online}"] if when.online in doors else []
    if about := "\n\n".join([*paragraphs(item.summary), *joins]):
        event.add("description", about)
    if doors:
        event.add("url", doors[-1])
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//LOTI//Talent Exchange//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    first, last = when.starts_at.date() - _YEAR, when.ends_at.date() + _YEAR
    calendar.add_missing_timezones(first_date=first, last_date=last)
    return bytes(calendar.to_ical())


def file_name(item: LibraryItem) -> str:
    """innovation-drop-in.ics: nothing in it can end a header."""
    words = re.sub(r"[^a-z0-9]+", "-", one_line(item.title).lower()).strip("-")[:60].strip("-")
    return f"{words or 'event'}.ics"


def _called_off(item: LibraryItem, when: Happening) -> bool:
    over = item.retired_at is not None and item.retired_at >= when.ends_at
    return item.status == "retired" and not over
