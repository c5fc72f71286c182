"""Every search as a feed: `/jobs.rss` and `/jobs.json`."""

import hashlib
import json

from fastapi import APIRouter, Request, Response

from services.portal.jobs.asked_reading import read_asked
from services.portal.jobs.asked_words import sentence
from services.portal.jobs.feeds import MOST, Entry, Feed, json_feed, rss
from services.portal.jobs.searching import newest
from services.portal.web.site import site_of
from services.portal.web.words import LONDON

router = APIRouter()


@router.get("/jobs.rss")
async def as_rss(request: Request) -> Response:
    """The newest roles that are looked for, as RSS 2.0."""
    feed, entries = await _entries(request, "/jobs.rss")
    return _answer(request, rss(feed, entries), "application/rss+xml; charset=utf-8")


@router.get("/jobs.json")
async def as_json_feed(request: Request) -> Response:
    """The newest roles that are looked for, as JSON Feed 1.1."""
    feed, entries = await _entries(request, "/jobs.json")
    body = json.dumps(json_feed(feed, entries), ensure_ascii=False).encode()
    return _answer(request, body, "application/feed+json; charset=utf-8")


async def _entries(request: Request, path: str) -> tuple[Feed, list[Entry]]:
    site = site_of(request)
    asked, _ = read_asked(request.query_params.multi_items())
    asked = asked.for_good()
    today = site.now().astimezone(LONDON).date()
    async with site.pool.acquire() as tx, tx.transaction(readonly=True):
        roles = await newest(tx, asked, today=today, most=MOST)
    feed = Feed(
        title=f"{site.settings.site_name}: {sentence(asked)}",
        page=site.url(asked.address()),
        itself=site.url(asked.address(path)),
    )
    return feed, [Entry(one.role, site.url(f"/jobs/{one.role.id}")) for one in roles]


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    """The feed; or only that it is as it was, for a reader that has it already."""
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": "public, max-age=60",
    }
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
