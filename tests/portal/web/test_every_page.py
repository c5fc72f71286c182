"""Every page of the portal, as each kind of visitor, on a world in which something of everything was said."""

import asyncio
from collections.abc import Sequence
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser import Browser
from tests.portal.portal import Portal
from tests.portal.web.looking import faults
from tests.portal.web.walking import addresses, walk
from tests.portal.world import NOW, VISITORS, events

NOT_LINKED: Final = {
    "/api/benchmarks": "for programs; the description of the API names it",
    "/favicon.ico": "browsers ask by themselves",
    "/live": "a stream without end; test_live.py",
    "/me/forgotten": "where one is led once one is erased",
    "/robots.txt": "search engines ask by themselves",
    "/sign-in/sent": "where one is led once one asked",
    "/sign-in/{token}": "where an email leads",
    "/sign-out": "for a browser that opens the address of its button",
    "/static/{name}": "what pages load; test_frame.py",
    "/subscribe/sent": "where one is led once one asked",
}
"""Addresses that no page links to, and why."""


async def test_every_link_leads_somewhere_and_no_page_is_left_out(portal: Portal) -> None:
    """Every page has one heading of the first level and a title that no other kind of page has; what it links to is
    there, inside the page too; nothing on it is what only a program says. Whatever can be opened is reached along links
    by somebody, or it is said why not."""
    reached: set[str | None] = set()
    for who in VISITORS:
        await _settle(portal, who)
        walked = await walk(portal, most=3 if who == "member" else 2)
        assert walked.problems == [], who
        reached |= {one.kind for one in walked.seen.values()}
    assert set(addresses(portal.app)) - reached == set(NOT_LINKED)


@pytest.mark.parametrize("who", VISITORS)
async def test_every_page_can_be_used_by_everybody(served: Portal, browser: Browser, who: str) -> None:
    """axe finds no violation at 320 and at 1280 pixels, nothing scrolls sideways, the browser refuses nothing, and a
    keyboard reaches everything and is seen there. A page that several kinds of visitor may open is looked at once."""
    await _settle(served, who)
    pages = await _own_pages(served, who)

    def look(tab: Page) -> list[str]:
        served.into(tab)
        return [
            f"{path}: {fault}" for path in pages for fault in faults(tab, served.settings.portal_url + path)
        ]

    assert await asyncio.to_thread(browser.on_a_page, look) == []


async def _settle(portal: Portal, who: str) -> None:
    portal.clock.now = NOW
    await portal.hears(*events())
    await VISITORS[who](portal)


async def _own_pages(portal: Portal, who: str) -> Sequence[str]:
    """One page of each kind."""
    walked = await walk(portal, most=1)
    pages = {one.kind: one.path for one in walked.seen.values() if one.is_page}
    if who == "anybody":
        return [*pages.values(), "/nowhere"]
    others = list(VISITORS)[: list(VISITORS).index(who)]
    for other in others:
        await VISITORS[other](portal)
        pages = {kind: path for kind, path in pages.items() if not await _shown(portal, path)}
    await VISITORS[who](portal)
    return [*pages.values()]


async def _shown(portal: Portal, path: str) -> bool:
    return (await portal.get(path)).status_code == 200
