"""The preferences with a keyboard alone, in a real browser, under the real policy."""

import asyncio
from collections.abc import Callable

from playwright.sync_api import Page

from loti_contracts.events import Subscription
from tests.browser import Browser
from tests.notify.making import contact
from tests.notify.web.conftest import World
from tests.notify.web.gallery import ask_of


def _tab_to(tab: Page, wanted: str, *, backwards: bool = False) -> None:
    """Press Tab until the focus is on that element (a CSS selector). Fails after 150 stops."""
    for _ in range(150):
        tab.keyboard.press("Shift+Tab" if backwards else "Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", wanted):
            return
    raise AssertionError(f"the keyboard never reaches {wanted}")


def _everything(link: str) -> Callable[[Page], tuple[list[str], str, str]]:
    """Choose, make a mistake, follow the summary to it, mend it, save; what the console said, and two titles."""

    def done(tab: Page) -> tuple[list[str], str, str]:
        trouble: list[str] = []
        tab.on("console", lambda message: trouble.append(message.text))
        tab.on("pageerror", lambda error: trouble.append(str(error)))
        tab.goto(link)
        keys = tab.keyboard
        keys.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        keys.press("Enter")
        _tab_to(tab, "input[name=roles-0]")
        keys.press("ArrowRight")  # from never to at once
        _tab_to(tab, "summary")
        keys.press("Enter")
        _tab_to(tab, "input[name=roles-0-families]")
        keys.press("Space")
        _tab_to(tab, "#roles-0-minimum_pay")
        keys.type("lots")
        _tab_to(tab, "input[name=event]")
        for _ in range(3):
            keys.press("ArrowRight")  # never, at once, daily, weekly
        _tab_to(tab, "#quiet_from")
        keys.type("18:00")
        keys.press("Tab")
        keys.type("8am")
        keys.press("Tab")
        keys.press("Space")  # the weekends
        _tab_to(tab, "#most_a_day")
        keys.type("4")
        _tab_to(tab, ".save button")
        keys.press("Enter")
        tab.wait_for_selector("#problems")
        wrong = tab.title()
        assert tab.evaluate("document.activeElement.id") == "problems"
        keys.press("Tab")
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Shift+Tab")  # the field the summary leads to
        assert tab.evaluate("document.activeElement.id") == "roles-0-minimum_pay"
        keys.press("Control+a")
        keys.type("45,000")
        keys.press("Enter")
        tab.wait_for_url("**?saved=yes")
        return trouble, wrong, tab.inner_text(".told")

    return done


async def test_everything_can_be_chosen_without_a_mouse(served: World, browser: Browser) -> None:
    """Tab, arrows, Space and Enter reach and change every kind of field; a mistake takes the focus to the summary, whose link
    leads to the field; Enter in a field saves. The browser complains of nothing."""
    await served.knows(contact("asks"))
    link = served.links.preferences("asks")
    trouble, wrong, told = await asyncio.to_thread(browser.on_a_page, _everything(link))
    assert (wrong.startswith("Error: "), told.startswith("Saved.")) == (True, True)
    assert [one for one in trouble if "422" not in one] == []
    known = await served.known("asks")
    assert known
    assert known.choice
    chosen = {one.topic: one for one in known.choice.subscriptions}
    assert chosen.keys() == {"new role", "event"}
    assert (chosen["new role"].frequency, chosen["event"].frequency) == ("at once", "weekly")
    assert (chosen["new role"].families, chosen["new role"].minimum_pay) == (("Architecture",), 4_500_000)
    assert known.choice.quiet_hours
    assert known.choice.quiet_hours.weekends
    assert known.choice.most_a_day == 4


async def test_a_yes_and_a_no_take_one_button(served: World, browser: Browser) -> None:
    """Confirm, then unsubscribe, by Tab and Enter, with the style that the policy lets in."""
    await served.knows(contact("asks", 1, Subscription(topic="newsletter")))
    confirm = served.links.confirm("asks", await ask_of(served, "asks"))

    def press(link: str) -> Callable[[Page], tuple[str, str]]:
        def done(tab: Page) -> tuple[str, str]:
            tab.goto(link)
            colour: str = tab.evaluate("getComputedStyle(document.querySelector('.button')).backgroundColor")
            _tab_to(tab, "button")
            tab.keyboard.press("Enter")
            tab.wait_for_function("!document.querySelector('button')")
            return colour, tab.inner_text("h1")

        return done

    assert await asyncio.to_thread(browser.on_a_page, press(confirm)) == (
        "rgb(10, 95, 92)",
        "Thank you: you said yes",
    )
    _, title = await asyncio.to_thread(browser.on_a_page, press(served.links.unsubscribe("asks")))
    assert title == "You are unsubscribed"
