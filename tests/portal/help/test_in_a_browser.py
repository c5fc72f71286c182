"""Asking for help in a real browser: faults that lead to their fields, and a shortlist that appears by itself."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.sync_api import Page, expect

from loti_contracts.events import MatchAnswered, MatchProposed
from tests.browser import Browser
from tests.portal.help.making import ACCEPTED, CAMDEN, MEMBER, candidate, match, people
from tests.portal.portal import Portal

Wait = Callable[[Coroutine[Any, Any, Any]], Any]


async def test_a_member_asks_sees_the_shortlist_appear_and_accepts(served: Portal, browser: Browser) -> None:
    """From an empty form over its faults to the page on which the shortlist and the acceptance appear without a reload."""
    await served.as_member(CAMDEN)
    await served.hears(*people())
    loop = asyncio.get_running_loop()

    def wait(for_: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(for_, loop).result(20)

    await asyncio.to_thread(browser.on_a_page, lambda tab: _walk(tab, served, wait), width=320)


def _walk(tab: Page, served: Portal, wait: Wait) -> None:
    served.into(tab)
    tab.goto(f"{served.settings.portal_url}/help/ask/recruiter")
    tab.get_by_role("button", name="Ask for help").click()
    expect(tab.get_by_role("alert")).to_contain_text("Say what it is about")
    tab.get_by_role("link", name="Say what it is about").click()
    assert tab.evaluate("document.activeElement.id") == "standard_role"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.keyboard.type("Enterprise architect")
    tab.get_by_label("Skills that the recruiter").fill("Cloud, Modelling")
    tab.get_by_role("button", name="Ask for help").click()
    expect(tab.get_by_role("heading", name="We are looking for a recruiter")).to_be_visible()
    request_id = tab.url.rsplit("/", 1)[1]
    tab.evaluate("window.same = true")
    tab.evaluate("window.same = true")
    heard = match(request_id=request_id, requester_contact_id=MEMBER)
    wait(served.hears(MatchProposed(match=heard)))
    accept = tab.get_by_role("button", name="Accept Ada Okafor")
    expect(accept).to_be_visible()
    assert tab.evaluate("window.same") is True
    accept.click()
    expect(tab.get_by_role("heading", name="Ada Okafor was accepted")).to_be_visible()
    tab.evaluate("window.same = true")
    met = heard.model_copy(
        update={"revision": 2, "accepted": candidate(), "status": "accepted", "stage": "accepted"}
    )
    wait(served.hears(MatchAnswered(match=met.model_copy(update={"answered_at": ACCEPTED["answered_at"]}))))
    expect(tab.get_by_role("link", name="ada.okafor@contact-ada.example")).to_be_visible()
    assert tab.evaluate("window.same") is True
