"""The library's pages: what is published, found, and told."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from loti_contracts.events import ItemRetired
from tests.portal.library import making
from tests.portal.library.making import HACKNEY, NOW
from tests.portal.portal import Clock, Portal


@pytest.fixture
def clock() -> Clock:
    """The day of the world in `making`."""
    return Clock(NOW)


@pytest.fixture
async def filled(portal: Portal) -> Portal:
    """The pages with one thing of every kind."""
    await portal.hears(*making.library_world())
    return portal


ITEMS = {"item-1", "team-camden", "team-hackney", "case-1", "training-1", "apprenticeship-1", "challenge-1"}
ITEMS |= {"event-0", "event-1"}
PAGES = (
    "/library",
    "/library?kind=event",
    "/library/item-1",
    "/library/item-1?revision=1",
    "/library/team-camden",
    "/library/case-1",
    "/library/training-1",
    "/library/challenge-1",
    "/library/event-1",
    "/library/compare",
    "/library/compare?a=team-camden&b=team-hackney",
    "/library/contribute",
    "/library/gaps",
    "/events",
    "/newsletters",
    "/newsletters/2026-11",
)


async def test_every_page_of_the_library_is_open_to_anybody_and_says_what_it_is_about(filled: Portal) -> None:
    """Each answers 200 with a title of its own and one heading of the first level."""
    titles = set()
    for path in PAGES:
        answer = await filled.get(path)
        assert answer.status_code == 200, path
        assert answer.text.count("<h1") == 1, path
        titles.add(answer.text.partition("<title>")[2].partition("<")[0])
    assert len(titles) >= len(PAGES) - 3


ARCHITECTS = {"item-1", "case-1", "training-1", "apprenticeship-1"}
SEARCHES: tuple[tuple[str, set[str]], ...] = (
    ("q=architect", ARCHITECTS),
    ("q=enterprse+architct", ARCHITECTS),
    ("q=Developers+hired", {"case-1"}),
    ("q=lead+developer", {"team-camden"}),
    ("q=zzzzzz", set()),
    ("kind=event", {"event-0", "event-1"}),
    ("level=trainee", {"apprenticeship-1"}),
    ("role=Data+engineer", {"challenge-1"}),
    (f"borough={HACKNEY}", {"team-hackney"}),
    ("skill=Strategy&kind=training", {"training-1"}),
    ("kind=novel&level=trainee", {"apprenticeship-1"}),
    ("q=architect&page=9", set()),
    ("q=%25%27%22%3A*%26%7C!()&kind=training", {"training-1"}),
    ("q=%22enterprise+architect%22+-team&kind=training", {"training-1"}),
    ("page=nine&kind=training", {"training-1"}),
)


async def test_items_are_found_by_words_with_slips_of_the_pen_and_by_filters(filled: Portal) -> None:
    """By every word of their text, or nearly so of their title, role and skills; what is no filter, no word or no page
    is passed over with a hint."""
    for asked, found in SEARCHES:
        text = (await filled.get(f"/library?{asked}")).text
        cards = text.partition('id="found"')[2].partition(">More<")[0]
        assert {id_ for id_ in ITEMS if f'href="/library/{id_}"' in cards} == found, asked
        assert ("passed over" in text) == any(odd in asked for odd in ("novel", "%25")), asked
        assert ("spelled nearly so" in text) == ("enterprse" in asked), asked


async def test_an_earlier_version_can_be_read_and_what_changed_since(filled: Portal) -> None:
    """Each version has its address; the newest says what changed."""
    newest = (await filled.get("/library/item-1")).text
    assert "and what the role is like" in newest
    assert "<del>A senior architect who keeps" in newest
    assert 'href="/library/item-1?revision=1"' in newest
    before = (await filled.get("/library/item-1?revision=1")).text
    assert "This is an earlier version" in before
    for revision in ("7", "x", "99999999999999999999", "-1"):
        assert (await filled.get(f"/library/item-1?revision={revision}")).status_code == 404


async def test_what_nobody_published_is_not_there(filled: Portal) -> None:
    """404 for every address with an id."""
    for path in (
        "/library/none",
        "/events/none.ics",
        "/events/item-1.ics",
        "/newsletters/none",
        "/library/a%2Fb",
    ):
        assert (await filled.get(path)).status_code == 404, path


async def test_comparing_needs_two_structures(filled: Portal) -> None:
    """What is none, or the same twice, is said; and the choice can be made again."""
    assert "There is no team structure “item-1”" in (await filled.get("/library/compare?a=item-1")).text
    twice = (await filled.get("/library/compare?a=team-camden&b=team-camden")).text
    assert "the same structure twice" in twice


async def test_events_go_into_calendars(filled: Portal) -> None:
    """The file of one, and one address with all that are not over; times are UTC, ids stay."""
    one = await filled.get("/events/event-1.ics")
    assert one.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(one.content).walk("VEVENT")
    assert event["UID"] == "event-1@talent.example:8030"
    assert event.decoded("DTSTART") == NOW + timedelta(days=10)
    assert event.decoded("DTEND") == NOW + timedelta(days=10, hours=2)
    assert str(event["URL"]) == "http://talent.example:8030/library/event-1"
    assert event["STATUS"] == "CONFIRMED"
    everything = Calendar.from_ical((await filled.get("/events.ics")).content)
    assert [str(found["UID"]).partition("@")[0] for found in everything.walk("VEVENT")] == ["event-1"]
    called_off = making.event(revision=2).item.model_copy(update={"status": "retired", "retired_at": NOW})
    await filled.hears(ItemRetired(item=called_off))
    (gone,) = Calendar.from_ical((await filled.get("/events/event-1.ics")).content).walk("VEVENT")
    assert gone["STATUS"] == "CANCELLED"
    assert "winter meeting" not in (await filled.get("/events")).text.partition("are over")[0]


async def test_a_newsletter_is_read_as_it_was_sent_without_its_tags(filled: Portal) -> None:
    """Markdown becomes headings, links and lists; HTML stays text."""
    text = (await filled.get("/newsletters/2026-11")).text
    assert "&lt;b&gt;Two&lt;/b&gt; boroughs" in text
    assert '<a href="https://talent.example/jobs" class="govuk-link"' in text
    assert "What boroughs recruit in November" in (await filled.get("/newsletters")).text


async def test_gaps_lead_to_adverts_and_to_a_form(filled: Portal) -> None:
    """What is missing, the open adverts for it, and where to begin."""
    text = (await filled.get("/library/gaps")).text
    assert 'href="/jobs/role-1"' in text
    assert "draft=assembled-1" in text
    assert "Review the draft" not in text
    await filled.as_staff()
    assert 'href="/library/drafts/assembled-1"' in (await filled.get("/library/gaps")).text


async def test_empty_shelves_say_why(portal: Portal) -> None:
    """Nothing is empty without a word."""
    for path, told in (
        ("/library", "Nothing is published yet."),
        ("/library/gaps", "Nothing is missing"),
        ("/events", "Nothing is planned"),
        ("/newsletters", "None was sent yet."),
        ("/library/compare", "The library has none yet."),
    ):
        assert told in (await portal.get(path)).text
