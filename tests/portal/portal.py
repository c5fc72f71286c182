"""The portal as a test meets it: its pages over ASGI or a socket, on a database of its own, with whoever is signed in."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
from fastapi import FastAPI
from playwright.sync_api import Page
from pydantic import SecretStr

from loti_contracts.events import Contact, ContactStated, Envelope, Event, decode, envelop
from loti_contracts.events.contacts import ContactRole
from services.portal.heard.handlers import on_events
from services.portal.settings import PortalSettings
from services.portal.signin.csrf import token
from services.portal.signin.sessions import sessions_of
from services.portal.web.site import Site
from tests.portal.signin.signed_in import signed_in

KEY = "a key of the tests that is longer than 32 characters"


@dataclass
class Clock:
    """A time that tests move."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(**span)


@dataclass
class Portal:
    """The pages of one site, and what is behind them. Nobody is signed in at first."""

    pool: "asyncpg.Pool[Any]"
    settings: PortalSettings
    clock: Clock
    site: Site
    app: FastAPI
    client: httpx2.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def hears(self, *events: Event, at: datetime | None = None) -> None:
        """Other services said this, in order."""
        said = [envelop(event, source="/loti/tests", time=at or self.clock()) for event in events]
        async with self.pool.acquire() as tx, tx.transaction():
            await on_events(said, tx)

    async def said(self) -> list[Event]:
        """What the portal said itself, in order: it waits in the outbox."""
        rows = await self.pool.fetch("SELECT key, value, headers FROM outbox ORDER BY position")
        return [_event(row) for row in rows]

    def as_anybody(self) -> None:
        """Nobody is signed in."""
        self._become({})

    async def as_contact(self, contact_id: str) -> None:
        """A contact that was heard of before signs in."""
        self._become(await signed_in(self.pool, self.settings, contact_id, now=self.clock()))

    async def as_staff(self) -> None:
        """LOTI's Skills & Talent Manager signs in."""
        await self._as(_person("contact-loti", "Sam Staff", "sam@loti.example", None, "LOTI staff"))

    async def as_member(self, gss: str) -> None:
        """Somebody who works for that borough signs in."""
        name = f"member-{gss}"
        await self._as(
            _person(f"contact-{name}", "Mel Member", f"{name}@borough.example", gss, "chief digital officer")
        )

    async def as_supporter(self, contact_id: str) -> None:
        """Somebody who offers help signs in; what they offer is to be heard apart."""
        await self._as(_person(contact_id, "Sid Supporter", f"{contact_id}@help.example", None, "supporter"))

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        """Open a page; no redirect is followed."""
        return await self.client.get(path, **more)

    async def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]] | None = None, **more: Any
    ) -> httpx2.Response:
        """Send a form, with the token that the page has; no redirect is followed."""
        return await self.client.post(path, data={"csrf": self._token(), **(fields or {})}, **more)

    def into(self, tab: Page) -> None:
        """Sign the browser's tab in as whoever is signed in here."""
        url = self.settings.portal_url
        tab.context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in self.cookies.items()]
        )

    async def _as(self, contact: Contact) -> None:
        known = await self.pool.fetchval("SELECT revision FROM contact WHERE id = $1", contact.id)
        if known is None:
            await self.hears(ContactStated(contact=contact))
        await self.as_contact(contact.id)

    def _become(self, cookies: dict[str, str]) -> None:
        self.cookies = cookies
        self.client.cookies.clear()
        for name, value in cookies.items():
            self.client.cookies.set(name, value)

    def _token(self) -> str:
        """As in the forms of a page; a browser that is not signed in gets its cookie with the first of them."""
        sessions = sessions_of(self.settings)
        session = sessions.named(self.cookies.get(sessions.cookies.session))
        browser = self.client.cookies.get(sessions.cookies.browser)
        if session is None and browser is None:
            browser = secrets.token_urlsafe(16)
            self.client.cookies.set(sessions.cookies.browser, browser)
        who = f"session {session}" if session else f"browser {browser}"
        return token(sessions.keys.for_("form"), who, secrets.token_bytes(12))


def portal_settings(dsn: str, *, url: str = "http://talent.example:8030") -> PortalSettings:
    """A site at that address, whose mails go to nobody."""
    return PortalSettings(database=SecretStr(dsn), portal_url=url, session_keys=SecretStr(KEY), smtp_port=9)


def _person(id_: str, name: str, email: str, borough: str | None, role: ContactRole) -> Contact:
    organisation = "A borough" if borough else "Talent Exchange"
    return Contact(
        id=id_, revision=1, name=name, email=email, organisation=organisation, borough=borough, roles=(role,)
    )


def _event(row: Any) -> Event:
    headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
    envelope = decode(row["key"], row["value"], headers)
    assert isinstance(envelope, Envelope)
    return envelope.event
