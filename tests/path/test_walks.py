"""What a user does, walked in a real browser over the whole running system: every service, broker, database, mail."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browser
from tests.guides import guide as guides
from tests.guides import walked
from tests.observability import shown
from tests.path.running import Up, running
from tests.servers import reachable_folder

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("servers")]

HIRING = "digital.recruitment@hackney.example.org"
READER = "reader@elsewhere.example.org"
PATIENCE = 60_000
"""Milliseconds for what other services do meanwhile."""


@dataclass
class Walk:
    """The running system, and a browser before it."""

    up: Up
    browser: Browser

    @property
    def portal(self) -> str:
        return f"http://127.0.0.1:{self.up.port('portal-pages-port')}"

    async def do(self, steps: Callable[[Page], Any]) -> Any:
        """Steps in a browser of their own, that keeps nothing of an earlier one."""
        return await asyncio.to_thread(self.browser.on_a_page, steps, width=1280)

    async def advertise(self, board: str, id_: str, title: str, authority: str, pay: str) -> None:
        """A board shows another job."""
        advert = {
            "id": id_,
            "title": title,
            "employer": "The council",
            "authority": authority,
            "location": "London",
            "pay": pay,
            "description": "You will plan how the council's systems fit together, and who decides what.",
        }
        await self.up.change_board(board, {"add": [advert]})

    async def mail(self, to: str, subject: str, *, seconds: float = 60) -> dict[str, Any]:
        """The newest mail to that address whose subject has those words, once it is there."""
        async with asyncio.timeout(seconds):
            while True:
                for mail in reversed(await self.up.mails()):
                    if to in mail["to"] and re.search(subject, mail["subject"], re.IGNORECASE):
                        return mail
                await asyncio.sleep(0.2)


def link_in(mail: dict[str, Any], path: str) -> str:
    """The address in a mail's text that leads to such a page."""
    return next(word.strip("<>()") for word in str(mail["text"]).split() if path in word)


@contextlib.asynccontextmanager
async def walking(browser: Browser) -> AsyncIterator[Walk]:
    with reachable_folder() as folder:
        async with running(folder) as up:
            walk = Walk(up, browser)
            async with httpx2.AsyncClient() as client, asyncio.timeout(120):
                while True:
                    with contextlib.suppress(httpx2.HTTPError):
                        if (await client.get(walk.portal)).status_code == 200:
                            break
                    await asyncio.sleep(0.2)
            yield walk
            assert await up.stop() == 0


async def test_what_people_come_for(browser: Browser) -> None:
    """From a vacancy to an introduction and its follow-up; from a subscription to an alert and its end. Meanwhile each figure
    that the dashboard and the alert rules ask for is shown, and each alert can be followed back to its vacancy in the logs. And
    what the guides in docs/guides say, step by step."""
    async with walking(browser) as walk:
        await _from_a_vacancy_to_an_introduction(walk)
        await _from_a_subscription_to_its_end(walk)
        await shown.everything_asked_for_is_shown(walk.up)
        shown.each_mail_can_be_followed(walk.up)
        for name in guides.names():
            await _a_guide(walk, name)


async def _a_guide(walk: Walk, name: str) -> None:
    """Every page and button that the guide names is opened, in its order, and nothing else."""
    await walk.do(lambda tab: walked.walk(name, tab, walk.up.data))


async def _from_a_vacancy_to_an_introduction(walk: Walk) -> None:
    """Find an Enterprise Architect role, look at its pay, ask for help, sign in by mail, accept, be introduced."""
    await walk.advertise("camden", "walk-1", "Enterprise Architect", "E09000007", "£68,000 - £74,000")
    await walk.advertise(
        "southwark", "walk-2", "Senior Enterprise Architect", "E09000028", "£70,000 - £78,000"
    )

    def find(tab: Page) -> None:
        tab.goto(f"{walk.portal}/jobs")
        tab.get_by_label("Search", exact=True).fill("enterprize architect")
        tab.get_by_role("button", name="Search").click()
        expect(tab.get_by_role("link", name="Enterprise Architect").first).to_be_visible(timeout=PATIENCE)

    await walk.do(find)

    def wait_for_it(tab: Page) -> None:
        """The page is open already when the role appears on it: nobody loads it again."""
        tab.goto(f"{walk.portal}/jobs?q=architect")
        expect(tab.locator("main")).not_to_contain_text("Lead Enterprise Architect")
        asyncio.run_coroutine_threadsafe(
            walk.advertise(
                "hackney", "walk-3", "Lead Enterprise Architect", "E09000012", "£75,000 - £82,000"
            ),
            loop,
        ).result(30)
        tab.get_by_role("link", name="Lead Enterprise Architect").click(timeout=PATIENCE)
        expect(tab.get_by_role("heading", level=1)).to_have_text("Lead Enterprise Architect")
        expect(tab.locator("main")).to_contain_text("£75,000 to £82,000")
        tab.get_by_role("link", name=re.compile("The whole benchmark")).click(timeout=PATIENCE)
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Enterprise architect")
        expect(tab.locator("svg[role=img]").first).to_be_visible()
        tab.go_back()
        tab.get_by_role("link", name="Ask for help to recruit").or_(
            tab.get_by_role("button", name="Ask for help to recruit")
        ).click()
        expect(tab).to_have_url(re.compile("/sign-in"))
        tab.get_by_label("Email address").fill(HIRING)
        tab.locator("main").get_by_role("button").click()
        mail = asyncio.run_coroutine_threadsafe(walk.mail(HIRING, "sign in"), loop).result(70)
        tab.goto(link_in(mail, "/sign-in/"))
        tab.get_by_role("button", name="Sign in").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Ask for help to recruit")
        expect(tab.get_by_label("Which role do you want to fill?")).to_have_value("Enterprise architect")
        tab.get_by_role("button", name="Ask for help").click()
        accept = tab.get_by_role("button", name=re.compile("Accept Hal Brook"))
        expect(accept).to_be_visible(timeout=PATIENCE)
        expect(tab.locator("main")).to_contain_text("of 100 points")
        accept.click()
        expect(tab.locator("main")).to_contain_text("Who was accepted", timeout=PATIENCE)
        expect(tab.locator("main")).to_contain_text("Introduced", timeout=PATIENCE)
        expect(tab.locator("main")).to_contain_text("two weeks", timeout=PATIENCE)

    loop = asyncio.get_running_loop()
    await walk.do(wait_for_it)
    introduction = await walk.mail("hal@keystonesearch.example.net", ".")
    assert set(introduction["to"]) == {"hal@keystonesearch.example.net", HIRING}, "both are addressed"
    assert "Enterprise architect" in introduction["text"]


async def _from_a_subscription_to_its_end(walk: Walk) -> None:
    """Subscribe without signing in, say yes by mail, be told of the next role, unsubscribe with one click."""

    def subscribe(tab: Page) -> None:
        tab.goto(f"{walk.portal}/jobs?family=Architecture")
        tab.get_by_role("link", name=re.compile("Email me")).click()
        tab.get_by_label("At once").check()
        tab.get_by_label("Email address").fill(READER)
        tab.get_by_role("button", name="Ask for these emails").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Check your email")

    await walk.do(subscribe)
    question = await walk.mail(READER, ".")

    def confirm(tab: Page) -> None:
        tab.goto(link_in(question, "/confirm/"))
        with tab.expect_navigation():
            tab.get_by_role("button").first.click()

    await walk.do(confirm)
    await walk.advertise(
        "lambeth", "walk-4", "Principal Enterprise Architect", "E09000022", "£80,000 - £88,000"
    )
    alert = await walk.mail(READER, "Principal Enterprise Architect")
    async with httpx2.AsyncClient() as client:
        url = alert["headers"]["List-Unsubscribe"].strip("<>")
        answer = await client.post(url, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code in (200, 202, 204)
    chosen = await walk.up.rows(
        "portal",
        f"SELECT status FROM subscriptions JOIN contact USING (id) WHERE email = '{READER}'",
    )
    async with asyncio.timeout(30):
        while [row["status"] for row in chosen] != ["withdrawn"]:
            await asyncio.sleep(0.2)
            chosen = await walk.up.rows(
                "portal", f"SELECT status FROM subscriptions JOIN contact USING (id) WHERE email = '{READER}'"
            )
