"""Entries for calendars."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Happening, LibraryItem
from services.notify.letters.wording import one_line
from services.notify.newsletter.calendar import NoEvent, calendar_entry, file_name
from tests.notify.newsletter.making import NOW, event, item


def entry(of: LibraryItem) -> tuple[str, icalendar.Event]:
    """The text of an entry, and the one event that a calendar reads from it."""
    raw = calendar_entry(of, domain="talent.example", stated_at=NOW)
    [found] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    return raw.decode(), found


def test_an_event() -> None:
    """Its UID, revision, London time, place, ways in, and words."""
    text, found = entry(event(revision=3))
    assert found["uid"] == "item-1@talent.example"
    assert found["sequence"] == 3
    assert found["dtstart"].dt == datetime(2026, 12, 8, 10, tzinfo=UTC)
    assert found["dtend"].dt - found["dtstart"].dt == timedelta(hours=2)
    assert "DTSTART;TZID=Europe/London:20261208T100000\r\n" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n" in text
    assert found["location"] == "City Hall, Kamal Chunchie Way"
    assert found["url"] == "https://loti.example/events/recruiting"
    assert "Join online: https://meet.example/recruiting" in found["description"]
    assert found["status"] == "CONFIRMED"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_an_event_in_summer() -> None:
    """Ten o'clock in London's summer is nine by UTC."""
    at = datetime(2027, 6, 8, 9, tzinfo=UTC)
    text, _ = entry(event(happening=Happening(starts_at=at, ends_at=at)))
    assert "DTSTART;TZID=Europe/London:20270608T100000\r\n" in text


@pytest.mark.parametrize(("after_its_end", "status"), [(False, "CANCELLED"), (True, "CONFIRMED")])
def test_an_event_that_is_retired(after_its_end: bool, status: str) -> None:
    """One that is called off is cancelled under the same UID; one that is over stays in the calendar as it was."""
    known = event()
    assert known.happening is not None
    at = known.happening.ends_at + timedelta(days=1 if after_its_end else -1)
    _, found = entry(event(revision=2, status="retired", retired_at=at))
    assert (found["uid"], found["sequence"], found["status"]) == ("item-1@talent.example", 2, status)


@given(st.text(min_size=1, max_size=300), st.text(max_size=600), st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=30, deadline=None)
def test_words_from_outside_stay_in_their_place(title: str, summary: str, place: str, url: str) -> None:
    """Whatever is in a title, a place or an address: it is that, and no line of its own; and no header in a file's name."""
    hostile = f"{url}\r\nATTENDEE:mailto:x@y.example"
    known = event().happening
    assert known is not None
    when = known.model_copy(update={"place": place, "online": hostile})
    _, found = entry(event(title=title, summary=summary, link=hostile, happening=when))
    assert found["summary"] == (one_line(title, 300) or "An event")
    assert "attendee" not in found
    assert "url" not in found
    assert re.fullmatch(r"[a-z0-9-]{1,60}\.ics", file_name(event(title=title)))


def test_what_is_no_event() -> None:
    """A case study has no entry."""
    with pytest.raises(NoEvent):
        calendar_entry(item(), domain="talent.example", stated_at=NOW)
