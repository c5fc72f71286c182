"""A role in words and as others read it: its card, its history, its JobPosting, its feeds."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Event, Pay, Role
from loti_contracts.events.base import EARLIEST, LATEST
from services.portal.jobs.cards import card, pay_in_words, where
from services.portal.jobs.feeds import Entry, Feed, json_feed, rss
from services.portal.jobs.history import told
from services.portal.jobs.paging import pages
from services.portal.jobs.posting import as_script_text, job_posting
from tests.portal.jobs.making import CAMDEN, FOUND, HACKNEY, changed, closed, discovered, paid, role

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
FEED = Feed("Open roles", "https://talent.example/jobs", "https://talent.example/jobs.rss")


@dataclass
class Then:
    """As the store has it."""

    type: str
    changed: tuple[str, ...]
    said_at: datetime
    role: Role


def then(event: Event, at: datetime = FOUND) -> Then:
    """What a page of history has of an event."""
    return Then(event.type, event.changed, at, event.state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pay", "words"),
    [
        (None, "Pay not stated"),
        (paid(58_133, 65_261), "£58,133 to £65,261 a year"),
        (paid(50_000, 50_000), "£50,000 a year"),
        (paid(50_000, None), "From £50,000 a year"),
        (paid(None, 50_000), "Up to £50,000 a year"),
        (paid(450, 500, period="day"), "£450 to £500 a day"),
        (Pay(text="Competitive"), "Competitive"),
    ],
)
def test_pay_is_said_as_people_say_it(pay: Pay | None, words: str) -> None:
    """With its period, and without inventing a bound that the advert does not give."""
    assert pay_in_words(pay) == words


def test_a_card_shows_what_stands_out() -> None:
    """New, closing soon, hard to recruit and the like are tags; a closed role is only closed."""
    fresh = role(found_at=NOW - timedelta(hours=3), closes_on=date(2026, 11, 28))
    assert [tag.text for tag in card(fresh, {"hard"}, NOW).tags] == ["New", "2 days left", "Hard to recruit"]
    gone = closed(role(closes_on=date(2026, 11, 26)), at=NOW).role
    assert [tag.text for tag in card(gone, (), NOW).tags] == ["Closed"]
    assert card(gone, (), NOW).when == "Posted 1 November 2026, closed 26 November 2026"


def test_an_authority_is_not_named_twice() -> None:
    """The employer's name says its borough mostly; others that share the role are named."""
    assert where(role()) == "London Borough of Hackney"
    assert where(role(boroughs=[HACKNEY, CAMDEN])) == "London Borough of Hackney · Camden"
    assert where(role(boroughs=[], employer=None)) == "Employer not stated"


def test_history_tells_what_changed_newest_first() -> None:
    """Each event has a headline; each change says what it was before."""
    first = role()
    moved = changed(first, closes_on=date(2026, 12, 8), contract=None)
    ended = closed(moved.role, at=NOW)
    steps = told([then(discovered(first)), then(moved), then(ended)])
    assert [step.headline for step in steps] == [
        "Closed: its closing date passed",
        "The advert changed",
        "Found",
    ]
    assert steps[1].details == [
        "Closing date: 8 December 2026, before: 1 December 2026",
        "Contract: no longer given, before: Permanent",
    ]


def test_a_history_that_begins_late_tells_what_it_knows() -> None:
    """Where the first event is not kept, a change is told without what was before."""
    (step,) = told([then(changed(role(), level="lead", links=("https://a.example", "https://b.example")))])
    assert step.details == ["Level is now lead", "Shown on 2 boards"]


_CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.text(min_size=1),
    "employer": st.none() | st.text(),
    "pay": st.none() | st.just(paid(1, 2).model_dump()) | st.just(paid(None, 7).model_dump()),
    "links": st.lists(st.text(), max_size=3).map(tuple),
    "closes_on": st.none() | st.dates(EARLIEST, LATEST),
    "authorities": st.just(()),
    "description": st.none() | st.text(),
    "standard_role": st.none(),
}


@given(st.fixed_dictionaries({}, optional=_CHANGES))
def test_every_change_that_an_event_names_is_told(facts: dict[str, Any]) -> None:
    """Whatever changed, there is a line for each field, and none is empty."""
    steps = told([then(discovered(role())), then(changed(role(), **facts))])
    assert len(steps[0].details) == len(facts)
    assert all(line.strip() for line in steps[0].details)


@given(st.fixed_dictionaries({}, optional=_CHANGES))
def test_a_posting_has_what_google_asks_for(facts: dict[str, Any]) -> None:
    """Title, description, datePosted, hiringOrganization and jobLocation with an address, whatever the advert lacks."""
    found = job_posting(changed(role(), **facts).role, url="https://talent.example/jobs/1")
    assert found is not None
    assert found["@type"] == "JobPosting"
    assert found["title"]
    assert found["description"].startswith("<p>") or not found["description"]
    assert date.fromisoformat(found["datePosted"])
    assert found["hiringOrganization"]["name"]
    assert all(one["address"]["addressLocality"] for one in found["jobLocation"])


def test_a_posting_says_pay_and_until_when() -> None:
    """In pounds of the period; until the end of the closing day in London; a closed role has no posting."""
    found = job_posting(role(contract="Full-time, fixed term"), url="https://talent.example/jobs/1")
    assert found is not None
    assert found["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "unitText": "YEAR",
        "minValue": 60_000,
        "maxValue": 70_000,
    }
    assert found["baseSalary"]["currency"] == "GBP"
    assert found["validThrough"] == "2026-12-01T23:59:59+00:00"
    assert found["employmentType"] == ["FULL_TIME", "TEMPORARY"]
    assert job_posting(closed(role(), at=NOW).role, url="https://talent.example/jobs/1") is None


@given(st.text() | st.sampled_from(("</script><script>alert(1)</script>", "<!--<script>", "a & b\u2028")))
def test_what_an_advert_says_cannot_leave_its_script(title: str) -> None:
    """Read as JSON it is what was said; read as HTML it holds no character that means anything."""
    text = as_script_text({"title": title})
    assert json.loads(text) == {"title": title}
    assert not set("<>&\u2028\u2029") & set(text)


@given(st.text(min_size=1), st.text())
def test_a_feed_is_well_formed_whatever_adverts_say(title: str, employer: str) -> None:
    """Control characters, markup and lone halves of characters break neither reader."""
    entries = [Entry(role(title=title, employer=employer), "https://talent.example/jobs/role-1")]
    read = feedparser.parse(io.BytesIO(rss(FEED, entries)))
    assert not read.bozo
    assert [one.link for one in read.entries] == ["https://talent.example/jobs/role-1"]
    assert json.loads(json.dumps(json_feed(FEED, entries)))["items"][0]["title"] == title


def test_a_feed_has_its_own_address_and_its_entries_dates() -> None:
    """Readers know where it came from, when each role was found, and what it is."""
    read = feedparser.parse(io.BytesIO(rss(FEED, [Entry(role(), "https://talent.example/jobs/role-1")])))
    assert read.version == "rss20"
    assert [link.href for link in read.feed.links if link.rel == "self"] == [FEED.itself]
    assert read.entries[0].published_parsed[:5] == FOUND.timetuple()[:5]
    assert {tag.term for tag in read.entries[0].tags} == {
        "Enterprise architect",
        "Architecture",
        "senior",
        "Hackney",
    }
    found = json_feed(FEED, [Entry(role(), "https://talent.example/jobs/role-1")])
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["items"][0]["external_url"] == "https://jobs.example/role-1"
    assert Role.model_validate(found["items"][0]["_role"]) == role()


@given(st.integers(1, 50), st.integers(1, 50))
def test_every_page_can_be_reached(here: int, last: int) -> None:
    """The first, the last and the neighbours are linked; gaps are shown; the ends lead no further."""
    here = min(here, last)
    found = pages(here, last, str)
    numbers = [one.number for one in found.links if one.number]
    assert numbers == sorted(set(numbers))
    assert {1, here, last} <= set(numbers)
    assert [one.number for one in found.links if one.here] == [here]
    assert (found.before, found.after) == (
        str(here - 1) if here > 1 else None,
        str(here + 1) if here < last else None,
    )
