"""The jobs pages in a real browser: what they look like to axe, and what changes without a reload."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browser
from tests.portal.jobs.making import CAMDEN, HACKNEY, discovered, role
from tests.portal.portal import Clock, Portal

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VIEWS = [(1280, False), (320, False)]


@pytest.fixture
def clock() -> Clock:
    """One Sunday in November."""
    return Clock(NOW)


async def test_a_search_that_was_mended_is_accessible(served: Portal, browser: Browser) -> None:
    """axe finds nothing on a narrowed board with a slip and a filter that was left out. (The others: test_every_page.)"""
    await served.hears(discovered(role(found_at=NOW - timedelta(hours=3))))
    path = "/jobs?words=archtect&borough=hackney&pay_from=x"
    for look in await asyncio.to_thread(browser.looks, served.settings.portal_url + path, VIEWS):
        assert not look.problems


async def test_the_board_changes_by_itself_and_by_its_filters(served: Portal, browser: Browser) -> None:
    """A role that is heard of appears without a reload; a filter that is chosen narrows the list and is kept in the
    address; the policy that forbids inline scripts lets a role's JSON-LD stand."""
    await served.hears(discovered(role("r1")))
    loop = asyncio.get_running_loop()
    told: list[str] = []

    def walk(tab: Page) -> None:
        tab.on("console", lambda said: told.append(said.text))
        tab.goto(f"{served.settings.portal_url}/jobs")
        expect(tab.locator(".jobs-card")).to_have_count(1)
        heard = served.hears(discovered(role("r2", title="Data Analyst", boroughs=[CAMDEN])))
        asyncio.run_coroutine_threadsafe(heard, loop).result()
        expect(tab.locator(".jobs-card")).to_have_count(2)
        tab.locator("summary", has_text="Borough").click()
        tab.get_by_label("Hackney").check()
        expect(tab.locator(".jobs-card")).to_have_count(1)
        expect(tab).to_have_url(f"{served.settings.portal_url}/jobs?borough={HACKNEY}")
        tab.get_by_label("Hackney").uncheck()
        tab.get_by_label("Search").first.press_sequentially("analyst")
        expect(tab.locator(".jobs-card__title")).to_have_text(["Data Analyst"])
        tab.locator(".jobs-card a").click()
        expect(tab.locator("h1")).to_have_text("Data Analyst")
        assert tab.locator('script[type="application/ld+json"]').count() == 1

    await asyncio.to_thread(browser.on_a_page, walk, width=1280)
    assert told == []
