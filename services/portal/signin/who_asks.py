"""Puts before every page who asks: `request.state.visitor`, `request.state.csrf` and `request.state.session`."""

import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.signin.cookies import browser_in
from services.portal.signin.csrf import FormToken
from services.portal.signin.sessions import Sessions, sessions_of
from services.portal.signin.visitor import ANYBODY, Visitor
from services.portal.web.site import Site

_SAME_FOR_ALL: Final = ("/static/", "/favicon.ico", "/robots.txt")
_PRIVATE: Final = "private, no-store"


class WhoAsks:
    """Reads the session's cookie; a browser without one gets a cookie only with the first form that it is shown.

    A page for somebody who is signed in, or with a form in it, is kept nowhere. Raises NoKeys.
    """

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self._app = app
        self._site = site
        self._sessions: Sessions = sessions_of(site.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_SAME_FOR_ALL):
            await self._app(scope, receive, send)
            return
        cookies, known = self._sessions.cookies, HTTPConnection(scope).cookies
        session = self._sessions.named(known.get(cookies.session))
        visitor = await self._visitor(session)
        given = browser_in(known.get(cookies.browser, ""))
        browser = given or secrets.token_urlsafe(16)
        who = f"session {session}" if session and visitor.signed_in else f"browser {browser}"
        token = FormToken(self._sessions.keys.for_("form"), who)
        state = scope.setdefault("state", {})
        state["visitor"], state["csrf"] = visitor, token
        state["session"] = session if visitor.signed_in else None

        async def with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if token.used and not visitor.signed_in and given is None:
                    headers.append("Set-Cookie", cookies.set(cookies.browser, browser))
                if visitor.signed_in or token.used:
                    headers["Cache-Control"] = _PRIVATE
                headers.add_vary_header("Cookie")
            await send(message)

        await self._app(scope, receive, with_cookies)

    async def _visitor(self, session: str | None) -> Visitor:
        if session is None:
            return ANYBODY
        return await self._sessions.visitor(self._site.pool, session, now=self._site.now()) or ANYBODY
