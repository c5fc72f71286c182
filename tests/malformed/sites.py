"""The pages that the public and other systems can reach, each over ASGI on a database of its own: the portal, the pages
behind mails' links, and the event API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import asyncpg
import httpx2
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.web.app import web_app
from services.portal.web.app import portal_app
from services.portal.web.site import Site as PortalSite
from services.webhooks.bell import Bell
from services.webhooks.pull.pulling import Pulling, digest_of
from tests.databases import database_of
from tests.notify.making import CAMDEN, contact
from tests.notify.web.conftest import Clock as NotifyClock
from tests.notify.web.conftest import World
from tests.portal.portal import Clock, Portal, portal_settings
from tests.portal.web.walking import walk
from tests.portal.world import NOW, VISITORS, events
from tests.servers import Postgres

_KEY = "a key of the tests that is longer than 32 characters"
_TOKEN = "lr_malformed"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a page shows it: where it is sent, and what it would send untouched."""

    path: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a site: with these cookies or headers, these addresses can be opened and these forms sent."""

    name: str
    client: httpx2.AsyncClient
    pages: tuple[str, ...]
    forms: tuple[Form, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def visits(postgres: Postgres) -> AsyncIterator[list[Visit]]:
    """As anybody and as each kind of visitor, until the block ends."""
    async with AsyncExitStack() as stack:
        yield [
            *await _portal(postgres, stack),
            await _mail_links(postgres, stack),
            await _event_api(postgres, stack),
        ]


async def _pool(dsn: str, stack: AsyncExitStack) -> "asyncpg.Pool[Any]":
    return await stack.enter_async_context(asyncpg.create_pool(dsn, min_size=0, max_size=4))


async def _client(app: Any, url: str, stack: AsyncExitStack) -> httpx2.AsyncClient:
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=url)
    return await stack.enter_async_context(client)


async def _portal(postgres: Postgres, stack: AsyncExitStack) -> list[Visit]:
    """Anybody, a member, a supporter and staff, each with a browser of their own on one site."""
    dsn = await database_of("portal", postgres)
    pool, settings, clock = await _pool(dsn, stack), portal_settings(dsn), Clock(NOW)
    site = PortalSite(pool, settings, clock)
    app = portal_app(site)
    found = []
    for who, becomes in VISITORS.items():
        client = await _client(app, settings.portal_url, stack)
        portal = Portal(pool, settings, clock, site, app, client)
        if not found:
            await portal.hears(*events())
        await becomes(portal)
        walked = await walk(portal, most=1)
        forms = [
            form for one in walked.seen.values() if one.is_page for form in await _forms(client, one.path)
        ]
        found.append(Visit(f"the portal, {who}", client, tuple(walked.seen), tuple(dict.fromkeys(forms))))
    return found


async def _mail_links(postgres: Postgres, stack: AsyncExitStack) -> Visit:
    """A reader with a mail's links."""
    dsn = await database_of("notify", postgres)
    pool, clock = await _pool(dsn, stack), NotifyClock()
    settings = NotifySettings(
        database=SecretStr(dsn), public_url="http://talent.example:8027", link_keys=SecretStr(_KEY)
    )
    app = web_app(pool, settings, clock=clock)
    client = await _client(app, settings.public_url, stack)
    links = SignedLinks(settings, clock=lambda: clock().timestamp())
    world = World(pool, settings, clock, app, client, links)
    await world.knows(contact("asks", 1, borough=CAMDEN))
    pages = [
        links.preferences("contact-asks"),
        links.ledger("contact-asks"),
        links.unsubscribe("contact-asks"),
        links.confirm("contact-asks", "ask-1"),
        links.edition("edition-1"),
        links.calendar("item-1"),
        f"{settings.public_url}/newsletters",
        f"{settings.public_url}/reports",
    ]
    paths = tuple(page.removeprefix(settings.public_url) for page in pages)
    forms = [form for path in paths for form in await _forms(client, path)]
    return Visit("pages behind mails", client, paths, (*forms, Form("/reports", (("", ""),))))


async def _event_api(postgres: Postgres, stack: AsyncExitStack) -> Visit:
    """A reader with a token."""
    dsn = await database_of("webhooks", postgres)
    pool = await _pool(dsn, stack)
    await pool.execute("INSERT INTO readers (name, token_digest) VALUES ('r', $1)", digest_of(_TOKEN))
    app = Pulling(pool, Bell(dsn), asyncio.Event()).app()
    client = await _client(app, "http://events.example", stack)
    asked = ("", "?limit=5", "?type=london.loti.role.*&authority=E09000007", "?after=AAAA&limit=2")
    return Visit(
        "the event API",
        client,
        tuple(f"/events{one}" for one in asked),
        headers={"authorization": f"Bearer {_TOKEN}"},
    )


async def _forms(client: httpx2.AsyncClient, path: str) -> list[Form]:
    """Of one page, those that change something."""
    answer = await client.get(path)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    page = LexborHTMLParser(answer.text)
    return [
        Form(urljoin(path, form.attributes.get("action") or path), tuple(_fields(form)))
        for form in page.css("form")
        if (form.attributes.get("method") or "get").lower() == "post"
        and "sign-out" not in (form.attributes.get("action") or "")
    ]


def _fields(form: LexborNode) -> list[tuple[str, str]]:
    found = []
    for one in form.css("input[name], select[name], textarea[name], button[name]"):
        value = one.attributes.get("value") or one.text() or ""
        if one.tag == "select":
            chosen = one.css_first("option[value]")
            value = (chosen.attributes.get("value") or "") if chosen else ""
        found.append((one.attributes["name"] or "", value[:2_000]))
    return found
