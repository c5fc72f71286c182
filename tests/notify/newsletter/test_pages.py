"""The pages of newsletters and the entries of events, over the real web application."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx2
import icalendar
import pytest
from starlette.applications import Starlette

from loti_contracts.delivery.database import Connection
from services.notify.newsletter import editions
from services.notify.newsletter.drafting import draft
from services.notify.newsletter.publishing import publish
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.web.app import web_app
from tests.browser import Browser
from tests.notify.newsletter.making import NOW, SINCE, UNTIL, edition, event, hear, item, know, month

Pool = asyncpg.Pool
ID = edition().id


@pytest.fixture
async def web(pool: "Pool[Any]", settings: NotifySettings) -> AsyncIterator[httpx2.AsyncClient]:
    """Asks the pages that the service serves."""
    app: Starlette = web_app(pool, settings)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=settings.public_url) as client:
        yield client


async def publish_month(tx: Connection, settings: NotifySettings) -> None:
    """A long edition is sent."""
    file = draft(month(), since=SINCE, until=UNTIL, links=SignedLinks(settings))
    async with tx.transaction():
        await editions.schedule(tx, file, None, NOW)
        await publish(tx, settings, NOW)


async def test_an_edition(web: httpx2.AsyncClient, pool: "Pool[Any]", settings: NotifySettings) -> None:
    """What was sent can be read by everybody on its page, found from the page of all; there is nobody's name on either, no
    script, and a proxy may keep them."""
    async with pool.acquire() as tx:
        await know(tx, ["ada-lovelace"])
        await publish_month(tx, settings)
    every = await web.get("/newsletters")
    one = await web.get(SignedLinks(settings).edition(ID))
    assert every.status_code == one.status_code == 200
    assert f'href="{SignedLinks(settings).edition(ID)}"' in every.text
    assert "<h1>Digital jobs in London’s boroughs, November 2026</h1>" in one.text
    assert '<a href="https://jobs.' in one.text
    for page in (every, one):
        assert "ada-lovelace" not in page.text.lower()
        assert "<script" not in page.text
        assert page.headers["cache-control"] == "public, max-age=300"
        assert "noindex" not in page.headers["x-robots-tag"]
        assert "script-src" not in page.headers["content-security-policy"]


async def test_what_is_not_sent_yet(
    web: httpx2.AsyncClient, pool: "Pool[Any]", settings: NotifySettings
) -> None:
    """A scheduled edition has no page yet; a test has one, which is kept from search engines and in no list."""
    async with pool.acquire() as tx:
        await know(tx, ["ada"])
        async with tx.transaction():
            await editions.schedule(tx, edition(), None, NOW)
            test = await editions.add_test(tx, edition(), "ada", SignedLinks(settings), NOW)
    assert (await web.get(f"/newsletters/{ID}")).status_code == 404
    page = await web.get(f"/newsletters/{test}")
    assert page.status_code == 200
    assert "noindex" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "None was sent yet" in (await web.get("/newsletters")).text


async def test_what_is_nowhere(web: httpx2.AsyncClient) -> None:
    """It is not found, and the page says where to go."""
    long = "x" * 3_000
    for id_ in ("nothing", "%00", "a/b", long):
        for path in (f"/newsletters/{id_}", f"/events/{id_}.ics", f"/events/{id_}"):
            answer = await web.get(path)
            assert answer.status_code == 404, path
            assert "<h1>" in answer.text


async def test_html_in_an_edition(
    web: httpx2.AsyncClient, pool: "Pool[Any]", settings: NotifySettings
) -> None:
    """A tag in the title, the summary or the text is shown as it was typed."""
    file = edition("<img src=x onerror=alert(1)>", title="<b>T</b>", summary="<i>S</i>")
    async with pool.acquire() as tx, tx.transaction():
        await editions.schedule(tx, file, None, NOW)
        await publish(tx, settings, NOW)
    for page in (await web.get("/newsletters"), await web.get(f"/newsletters/{ID}")):
        assert "<b>" not in page.text
        assert "<i>" not in page.text
        assert "<img" not in page.text


async def test_an_event(web: httpx2.AsyncClient, pool: "Pool[Any]", settings: NotifySettings) -> None:
    """An event's address gives its entry, as a file for a calendar, whatever is in its id and its title; a case study has
    none."""
    odd = event().model_copy(update={"id": "a/b?c ü%0d", "title": "Tea\r\nSet-Cookie: a=b"})
    async with pool.acquire() as tx:
        await hear(tx, event(), odd, item(2))
    answer = await web.get(SignedLinks(settings).calendar("item-1"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="recruiting-for-data-roles-what-works.ics"'
    )
    assert len(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    strange = await web.get(SignedLinks(settings).calendar(odd.id))
    assert strange.status_code == 200
    assert "set-cookie" not in strange.headers
    assert strange.headers["content-disposition"] == 'attachment; filename="tea-set-cookie-a-b.ics"'
    assert (await web.get(SignedLinks(settings).calendar("item-2"))).status_code == 404
    assert (await web.get(f"/events/{quote('item-1')}")).status_code == 404


async def test_everybody_can_read_it(
    web: httpx2.AsyncClient, pool: "Pool[Any]", settings: NotifySettings, browser: Browser
) -> None:
    """axe finds nothing wrong with the pages, on a phone and on a screen, light and dark; nothing is wider than a phone, and
    nothing is fetched from elsewhere."""
    async with pool.acquire() as tx:
        await publish_month(tx, settings)
    for path in ("/newsletters", f"/newsletters/{ID}"):
        html = (await web.get(path)).text
        for look in await asyncio.to_thread(browser.looks, html, ((320, False), (1024, True))):
            assert look.problems == ()
            assert look.asked == ()
            assert look.content_width in (320, 1024)
