"""A keyboard alone is enough."""

import asyncio

from playwright.sync_api import Page, expect

from tests.browser import Browser
from tests.portal.portal import Portal


async def test_the_first_page_is_walked_by_keyboard_from_end_to_end(served: Portal, browser: Browser) -> None:
    """The first stop skips to what the page says; each stop is seen; after the last one the keyboard is let go."""

    def walk(tab: Page) -> None:
        tab.goto(served.settings.portal_url)
        tab.keyboard.press("Tab")
        skip = tab.get_by_role("link", name="Skip to main content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        tab.keyboard.press("Enter")
        expect(tab.locator("#main")).to_be_focused()
        tab.keyboard.press("Tab")
        expect(tab.get_by_label("Find a job")).to_be_focused()

        stops = set()
        for _ in range(200):
            tab.keyboard.press("Tab")
            stop = tab.evaluate(
                "document.activeElement === document.body ? null : document.activeElement.outerHTML"
            )
            if stop is None:
                break
            stops.add(stop)
        assert stop is None, "the keyboard cannot leave the page"
        assert any("Cookies" in stop for stop in stops)

    await asyncio.to_thread(browser.on_a_page, walk)


async def test_the_menu_of_a_small_screen_opens_by_keyboard(served: Portal, browser: Browser) -> None:
    """It is closed at first, says so, and opens and closes by the same key."""

    def use(tab: Page) -> None:
        tab.goto(served.settings.portal_url)
        menu, jobs = tab.get_by_role("button", name="Menu"), tab.get_by_role("link", name="Jobs", exact=True)
        expect(menu).to_have_attribute("aria-expanded", "false")
        expect(jobs).to_be_hidden()
        menu.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        expect(jobs).to_be_visible()
        menu.press("Enter")
        expect(jobs).to_be_hidden()

    await asyncio.to_thread(lambda: browser.on_a_page(use, width=320))


async def test_without_scripts_nothing_is_hidden(served: Portal, browser: Browser) -> None:
    """The menu stands open where no script can open it, at any width."""

    def look(tab: Page) -> None:
        tab.route("**/*.js", lambda route: route.abort())
        tab.goto(served.settings.portal_url)
        expect(tab.get_by_role("link", name="Jobs", exact=True)).to_be_visible()
        expect(tab.get_by_role("button", name="Menu")).to_be_hidden()

    await asyncio.to_thread(lambda: browser.on_a_page(look, width=320))
