"""Pages that only a secret or a mistake leads to, and the mail itself, as they are seen: nothing that axe finds, nothing
wider than a small screen."""

import asyncio
from datetime import UTC, datetime, timedelta

from loti_contracts.events import ContactStated
from services.portal.signin.letter import Letter
from tests.browser import LETTER_RULES, Browser
from tests.portal.portal import Portal
from tests.portal.signin.conftest import Mails
from tests.portal.signin.making import contact

VIEWS = ((1280, False), (320, False))


async def test_pages_behind_a_link(served: Portal, mails: Mails, browser: Browser) -> None:
    """For a person, for people who share a mailbox, for somebody new; and a link that is over."""
    await served.hears(
        ContactStated(contact=contact(id="contact-one", name="One", email="team@example.org")),
        ContactStated(contact=contact(id="contact-two", name="Two", email="team@example.org")),
    )
    paths = ["/sign-in/" + "x" * 43]
    for email in ("team@example.org", "new@richmondandwandsworth.gov.uk"):
        await served.post("/sign-in", {"email": email})
        paths.append(await mails.link())
    for path in paths:
        looks = await asyncio.to_thread(browser.looks, f"{served.settings.portal_url}{path}", VIEWS)
        for (width, _), look in zip(VIEWS, looks, strict=True):
            assert look.problems == ()
            assert look.content_width <= width


async def test_forms_with_mistakes(served: Portal, browser: Browser) -> None:
    """The summary of what is wrong, and each fault beside its field."""
    await served.hears(ContactStated(contact=contact()))
    pages = [(await served.post("/subscribe", {"email": "x", "name": "n" * 101})).text]
    await served.as_contact("contact-amara")
    pages.append(
        (await served.post("/me", {"search-0": "daily", "search-0-pay_from": "much", "quiet_from": "x"})).text
    )
    pages.append((await served.post("/me/forget")).text)
    for html in pages:
        assert "There is a problem" in html
        (look,) = await asyncio.to_thread(browser.looks, html, [(320, False)])
        assert look.problems == ()


def test_the_letter(browser: Browser) -> None:
    """Light and dark, wide and narrow; it asks for nothing from elsewhere."""
    made_at = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    link = "https://talent.example/sign-in/" + "t" * 43
    for for_ in ("sign in", "choose what comes"):
        letter = Letter(
            for_, link, made_at, made_at + timedelta(minutes=15), "Talent Exchange", "https://talent.example"
        )
        views = ((700, False), (320, True))
        for (width, _), look in zip(
            views, browser.looks(letter.html(), views, rules=LETTER_RULES), strict=True
        ):
            assert look.problems == ()
            assert look.content_width <= width
            assert look.asked == ()
