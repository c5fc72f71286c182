"""Events as iCalendar (RFC 5545), for people's own calendars. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from loti_contracts.events import LibraryItem


def calendar(items: Sequence[LibraryItem], *, name: str, site: str, now: datetime) -> bytes:
    """All of these that say when they take place. `site` is the address of the portal, which the ids end with; an event
    that was called off is in it as such."""
    made = Calendar()
    made.add("prodid", "-//Talent Exchange//Library//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for item in items:
        if item.happening is not None:
            made.add_component(_event(item, site, now))
    return bytes(made.to_ical())


def _event(item: LibraryItem, site: str, now: datetime) -> Event:
    happening = item.happening
    assert happening is not None  # noqa: S101 - asked by the caller
    link = f"{site}/library/{item.id}"
    one = Event()
    one.add("uid", f"{item.id}@{site.partition('://')[2]}")
    one.add("dtstamp", now.astimezone(UTC))
    one.add("last-modified", item.published_at.astimezone(UTC))
    one.add("sequence", item.revision)
    one.add("dtstart", happening.starts_at.astimezone(UTC))
    one.add("dtend", happening.ends_at.astimezone(UTC))
    one.add("summary", item.title)
    one.add("description", "\n\n".join(filter(None, (item.summary, happening.online, link))))
    one.add("location", ", ".join(filter(None, (happening.place, "online" if happening.online else None))))
    one.add("url", link)
    one.add("status", "CANCELLED" if _called_off(item) else "CONFIRMED")
    return one


def _called_off(item: LibraryItem) -> bool:
    """Whether it was retired before it was over."""
    return item.status == "retired" and (
        item.retired_at is None or item.happening is None or item.retired_at < item.happening.ends_at
    )
