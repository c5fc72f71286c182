"""Pictures of pages, to look at: `python -m tests.portal.pictures OUT / /jobs /me@member /audit@staff`.

Each page of the world of `world.py` is opened as anybody, or as `@member`, `@supporter` or `@staff`, at 320 and at 1280
pixels; what axe finds wrong with it, and what is too wide, is printed. Needs LOTI_TEST_POSTGRES: a superuser's DSN.
"""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg

from tests.browser import Browser, executable
from tests.controlled import Postgres
from tests.databases import database_of
from tests.portal.portal import Clock, Portal
from tests.portal.serving import serving
from tests.portal.world import NOW, VISITORS, events

WIDTHS = (320, 1280)


async def take(out: Path, pages: list[str]) -> None:
    """One picture of each page at each width, into the folder `out`."""
    dsn = await database_of("portal", Postgres(None, os.environ["LOTI_TEST_POSTGRES"]))
    browser = Browser(executable(required=True))
    try:
        async with asyncpg.create_pool(dsn, min_size=0) as pool, serving(pool, dsn, Clock(NOW)) as portal:
            await portal.hears(*events())
            for asked in pages:
                path, _, who = asked.partition("@")
                await VISITORS[who or "anybody"](portal)
                await _take(browser, portal, path, out, who)
    finally:
        browser.stop()


async def _take(browser: Browser, portal: Portal, path: str, out: Path, who: str) -> None:
    name = "-".join(filter(None, (path.strip("/").replace("/", "-").replace("?", "-") or "home", who)))
    looks = await asyncio.to_thread(
        browser.looks,
        portal.settings.portal_url + path,
        [(width, False) for width in WIDTHS],
        picture=True,
        prepare=portal.into,
    )
    for width, look in zip(WIDTHS, looks, strict=True):
        (out / f"{name}-{width}.png").write_bytes(look.picture or b"")
        wide = [f"is {look.content_width} pixels wide"] if look.content_width > width else []
        for problem in (*wide, *look.problems):
            print(f"{path} {who} at {width}: {problem}")  # noqa: T201


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder, sys.argv[2:]))
