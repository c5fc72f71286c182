"""A role's page: everything that is known of it, and what one can do next."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from loti_contracts.events import (
    BenchmarkUpdated,
    DemandShared,
    HardRole,
    NovelRole,
    PaySignal,
    PaySignalRaised,
    RoleHardToRecruit,
    RoleNovel,
    SharedDemand,
)
from tests.portal.jobs.making import HACKNEY, SUTTON, changed, closed, discovered, named, paid, role
from tests.portal.jobs.test_beside_pay import cell
from tests.portal.portal import Clock, Portal

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    """The page is looked at on one Sunday in November."""
    return Clock(NOW)


async def _text(portal: Portal, path: str) -> str:
    """A page without its tags, and with single spaces."""
    answer = await portal.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())


async def test_all_links_and_only_safe_ones(portal: Portal) -> None:
    """Each advert is linked by its host; what is no web address is shown and leads nowhere."""
    links = ("https://jobs.hackney.gov.uk/1", "http://jobsgopublic.com/2", "javascript:alert(1)")
    await portal.hears(discovered(role(links=links)))
    html = (await portal.get("/jobs/role-1")).text
    assert [link for link in links if f'href="{link}"' in html] == list(links[:2])
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html


async def test_the_whole_history_is_told(portal: Portal) -> None:
    """From the day it was found to the day it closed, with what each change was before."""
    first = role()
    await portal.hears(discovered(first), at=NOW - timedelta(days=9))
    moved = changed(first, closes_on=date(2026, 12, 9), pay=paid(65_000, 75_000).model_dump())
    await portal.hears(moved, at=NOW - timedelta(days=4))
    await portal.hears(closed(moved.role, at=NOW), at=NOW)
    text = (await _text(portal, "/jobs/role-1")).partition("What happened to it")[2]
    for said in (
        "22 November 2026 at 9:00am Closed: its closing date passed",
        "18 November 2026 at 9:00am The advert changed",
        "Closing date: 9 December 2026, before: 1 December 2026",
        "Pay: £65,000 to £75,000 a year, before: £60,000 to £70,000 a year",
        "13 November 2026 at 9:00am Found",
    ):
        assert said in text
        text = text.partition(said)[2] if said.startswith(("1", "2")) else text


async def test_pay_stands_beside_its_benchmark(portal: Portal) -> None:
    """As a sentence, a chart with a title and a unit, and the same figures as a table; with a link to the benchmark."""
    await portal.hears(discovered(role()), BenchmarkUpdated(benchmark=cell()))
    text = await _text(portal, "/jobs/role-1")
    assert "£65,000 a year, is within the middle half of 12 offers (£57,600 to £70,400)" in text
    assert "Enterprise architect, senior, inner London: £ a year" in text
    assert "The middle offer £64,000" in text
    html = (await portal.get("/jobs/role-1")).text
    assert 'href="/pay/enterprise-architect.senior.inner"' in html
    await portal.hears(discovered(role("role-2", pay=None)))
    assert "The advert does not say what it pays." in await _text(portal, "/jobs/role-2")


async def test_what_stands_out_is_said(portal: Portal) -> None:
    """Hard to recruit, of a new kind, wanted by several boroughs, below market: each with the sentence that says why."""
    hackney = (named(HACKNEY),)
    await portal.hears(
        discovered(role()),
        RoleHardToRecruit(
            hard=HardRole(
                id="role-1", revision=1, status="hard", title="t", standard_role=None, boroughs=hackney, links=(),
                open_since=NOW, beyond_usual=True, why="It is open for 62 days.",
            )
        ),
        RoleNovel(
            novel=NovelRole(
                id="role-1", revision=1, status="novel", title="t", boroughs=hackney, links=(), kind="k", new_words=(),
                why="Nobody used these words before.", found_at=NOW,
            )
        ),
        DemandShared(
            demand=SharedDemand(
                id="Enterprise architect", revision=1, status="current", standard_role="Enterprise architect",
                family="Architecture", borough_count=3, least=3, window_days=30, sentence="Three boroughs look for one.",
                step="joint advert", step_why="They close in one week.", since=NOW,
            )
        ),
        PaySignalRaised(
            signal=PaySignal(
                id="s1", revision=1, kind="below market", sentence="It offers less than nine in ten.", benchmark_id="b",
                standard_role="Enterprise architect", level="senior", area="inner", period="year", role_id="role-1",
                before=1, after=2, adverts=9,
            )
        ),
    )  # fmt: skip
    text = await _text(portal, "/jobs/role-1")
    for said in (
        "It is open for 62 days.",
        "Nobody used these words before.",
        "Three boroughs look for one.",
        "joint advert. They close in one week.",
        "It offers less than nine in ten.",
    ):
        assert said in text
    board = await _text(portal, "/jobs")
    assert "Hard to recruit Offers below market Wanted by several boroughs New kind of role" in board


async def test_search_engines_read_an_open_role(portal: Portal) -> None:
    """One JobPosting with this page's address, which no advert's text can leave; none on a closed role."""
    await portal.hears(discovered(role(description="</script><script>alert(1)</script>")))
    html = (await portal.get("/jobs/role-1")).text
    found = [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    ]
    assert [one["@type"] for one in found] == ["JobPosting"]
    assert found[0]["url"] == "http://talent.example:8030/jobs/role-1"
    assert "alert(1)" in found[0]["description"]
    assert "<script>alert" not in html
    await portal.hears(closed(role(), at=NOW))
    assert "ld+json" not in (await portal.get("/jobs/role-1")).text


async def test_one_can_go_on_from_a_role(portal: Portal) -> None:
    """To help with recruiting it, to roles like it (of the same level first), to the earlier and the later advert."""
    await portal.hears(
        discovered(role()),
        discovered(role("same", title="Same level")),
        discovered(role("other", title="Other level", level="lead", found_at=NOW)),
        discovered(role("again", title="Once more", readvertises="role-1", level=None, boroughs=[SUTTON])),
        discovered(role("far", title="Far", standard_role="Data analyst")),
    )
    html = (await portal.get("/jobs/role-1")).text
    assert 'href="/help/ask/recruiter?role=role-1"' in html
    similar = html.partition("Similar roles")[2]
    assert re.findall(r'href="/jobs/(\w+)"', similar) == ["same", "other", "again"]
    assert 'href="/jobs/again"' in html.partition("Advertised again")[2]
    assert 'href="/jobs/role-1">The earlier advert' in (await portal.get("/jobs/again")).text


async def test_a_role_that_no_standard_role_fits_is_shown_all_the_same(portal: Portal) -> None:
    """Nothing is guessed: the page says that none fits; similar roles share the title's words."""
    bare = {"standard_role": None, "level": None, "pay": None, "closes_on": None, "description": None}
    await portal.hears(
        discovered(role("one", title="Robot Whisperer", boroughs=[], employer=None, links=(), **bare)),
        discovered(role("two", title="Senior Robot Whisperer", **bare)),
    )
    text = await _text(portal, "/jobs/one")
    assert "No standard role fits: it is never guessed" in text
    assert "Senior Robot Whisperer" in text.partition("Similar roles")[2]
    assert "No link is known" in text
