"""Unsubscribing from everything: one click in a mail program (RFC 8058), or one on the page."""

import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.notify.people import choices
from services.notify.web.site import Site, fields, one


def routes(site: Site) -> list[BaseRoute]:
    """GET shows a button; POST with `List-Unsubscribe=One-Click` does it, with no cookies and no redirect."""
    page = _Unsubscribing(site)
    return [
        Route("/unsubscribe/{token}", page.show, methods=["GET"]),
        Route("/unsubscribe/{token}", page.unsubscribe, methods=["POST"]),
    ]


class _Unsubscribing:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        self._site.read("unsubscribe", request)
        return self._button()

    async def unsubscribe(self, request: Request) -> Response:
        contact_id = self._site.read("unsubscribe", request).contact_id
        if one(await fields(request), "List-Unsubscribe") != "One-Click":
            return self._button(status=400)
        async with self._site.pool.acquire() as connection, connection.transaction():
            with contextlib.suppress(choices.NoSuchContact):  # who is forgotten gets nothing already
                await choices.withdraw(connection, contact_id, now=self._site.clock())
        return self._site.note(
            "You are unsubscribed",
            "We send you no more alerts, digests or newsletters.",
            "Emails about help that you asked for, or offered, still come: they are part of that.",
            "To hear from us again, choose what you want behind the link at the end of any email from us.",
        )

    def _button(self, *, status: int = 200) -> Response:
        """No way on from here: this link stands in a header that many machines read, and it opens nothing else."""
        return self._site.page("Unsubscribe", "unsubscribe.html.j2", status=status)
