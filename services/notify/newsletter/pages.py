"""The pages of newsletters and the calendar entries of events: for everybody, so nobody's data is on them."""

from typing import Any, Final
from urllib.parse import quote, urlsplit

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.notify.letters.in_words import day
from services.notify.newsletter import editions
from services.notify.newsletter.as_html import fragment
from services.notify.newsletter.calendar import NoEvent, calendar_entry, file_name
from services.notify.newsletter.drafted import period
from services.notify.newsletter.markdown import blocks
from services.notify.newsletter.schedule import LONDON
from services.notify.settings import NotifySettings
from services.notify.web.frame import Way, note, page

_LONGEST_ID: Final = 200


def routes(pool: "asyncpg.Pool[Any]", settings: NotifySettings) -> list[Route]:
    """`/newsletters`, `/newsletters/{id}` and `/events/{item_id}.ics`."""
    pages = _Pages(pool, settings)
    return [
        Route("/newsletters", pages.all, methods=["GET"]),
        Route("/newsletters/{id:path}", pages.one, methods=["GET"]),
        Route("/events/{id:path}.ics", pages.event, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, pool: "asyncpg.Pool[Any]", settings: NotifySettings) -> None:
        self._pool = pool
        self._site_name = settings.site_name
        self._address = settings.public_url.rstrip("/")
        self._domain = urlsplit(settings.public_url).hostname or "localhost"

    async def all(self, request: Request) -> Response:
        """Every newsletter that was sent, newest first."""
        async with self._pool.acquire() as connection:
            rows = await editions.archive(connection)
        told = [
            {
                "title": row["title"],
                "summary": row["summary"],
                "url": self._edition(row["id"]),
                "sent": day(row["began_at"].astimezone(LONDON).date()),
            }
            for row in rows
        ]
        return page(
            "Newsletters", "newsletters.html.j2", private=False, site_name=self._site_name, editions=told
        )

    async def one(self, request: Request) -> Response:
        """One newsletter, as it was sent."""
        id_ = request.path_params["id"]
        if not _may_be_id(id_):
            return self._nothing("newsletter")
        async with self._pool.acquire() as connection:
            edition = await editions.read_published(connection, id_)
        if edition is None:
            return self._nothing("newsletter")
        test = editions.is_test(edition.id)
        return page(
            edition.title,
            "edition.html.j2",
            private=test,
            site_name=self._site_name,
            summary=edition.summary,
            body=fragment(blocks(edition.markdown)),
            period=period(edition.since, edition.until),
            sent=None if test else day(edition.sent_at.astimezone(LONDON).date()),
            all_url=f"{self._address}/newsletters",
        )

    async def event(self, request: Request) -> Response:
        """An event for a calendar."""
        id_ = request.path_params["id"]
        if not _may_be_id(id_):
            return self._nothing("event")
        async with self._pool.acquire() as connection:
            found = await editions.item(connection, id_)
        try:
            if found is None:
                return self._nothing("event")
            item, stated_at = found
            entry = calendar_entry(item, domain=self._domain, stated_at=stated_at)
        except NoEvent:
            return self._nothing("event")
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(item)}"',
            "Cache-Control": "public, max-age=300",
        }
        return Response(entry, media_type="text/calendar; charset=utf-8", headers=headers)

    def _edition(self, id_: str) -> str:
        return f"{self._address}/newsletters/{quote(id_, safe='')}"

    def _nothing(self, what: str) -> Response:
        return note(
            f"There is no such {what}",
            "The address may be cut off, or it was never one of ours.",
            ways=[Way("All newsletters", f"{self._address}/newsletters")],
            status=404,
            private=False,
            site_name=self._site_name,
        )


def _may_be_id(id_: str) -> bool:
    return 0 < len(id_) <= _LONGEST_ID and "\0" not in id_
