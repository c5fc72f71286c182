"""How long every page of the portal takes on the server, with years of data in the read model.

`python -m tests.portal.jobs.bench_pages [--requests 50] [--roles 100000]` fills a database of its own with so many roles
and ten times as many observations (rows of role_history and benchmark_history), opens one page of each kind as anybody
and as LOTI's staff, and the jobs board with many searches, and prints each page's p50, p99 and longest time in
milliseconds, the slowest first. The time is that of the application, middleware included, without a network.
"""

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import httpx2

from loti_contracts.delivery.database import open_pool
from services.portal.web.app import portal_app
from services.portal.web.serving import make_ready
from services.portal.web.site import Site
from tests.databases import connected, database_of
from tests.portal.jobs.bench_world import ROLES, fill
from tests.portal.portal import Clock, Portal, portal_settings
from tests.portal.web.walking import template_of, walk
from tests.portal.world import NOW, VISITORS, events
from tests.servers import Postgres, run_postgres

SEARCHES: Final[Mapping[str, Sequence[str]]] = {
    "/jobs, open": [
        "", "?page=25", "?borough=hackney&borough=camden&level=senior", "?family=Data", "?role=Data+analyst&area=inner",
        "?pay_from=60000", "?sort=pay", "?sort=closing", "?since=7", "?contract=permanent&borough=sutton",
    ],
    "/jobs, open, words": [
        "?words=enterprise+architect", "?words=council", "?words=data+analyst+kubernetes", "?words=%22service+desk%22",
        "?words=architect&borough=barnet", "?words=enterprize+archtect", "?words=zzzqqq", "?words=python+-agile",
    ],
    "/jobs, all years": [
        "?status=all", "?status=all&page=50", "?status=closed&level=lead", "?status=all&sort=pay&borough=brent",
        "?status=all&words=architect", "?status=all&words=council&sort=closing", "?status=all&role=Data+analyst",
    ],
    "/jobs/map, open": ["?status=open", "?role=Data+analyst", "?words=architect", "?level=senior&area=inner"],
    "/jobs/map, all years": ["?status=all", "?status=all&words=council", "?status=closed&pay_from=50000"],
    "/jobs/{id}": [],
    "/jobs.rss": ["", "?borough=camden", "?words=data"],
    "/jobs.json": ["", "?status=all"],
    "/api/roles": ["", "?words=security", "?status=all&page=20"],
}  # fmt: skip
"""Searches, by the kind of page that they ask; those without any are asked by ids."""


async def measure(dsn: str, requests: int, *, roles: int = ROLES) -> Mapping[str, Sequence[float]]:
    """Seconds of each request, by the kind of page. The database is filled already with so many roles."""
    settings, clock = portal_settings(dsn), Clock(NOW)
    async with await open_pool(dsn, most=8) as pool:
        site = Site(pool, settings, clock)
        app = portal_app(site)
        make_ready()
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=settings.portal_url) as client:
            portal = Portal(pool, settings, clock, site, app, client)
            await portal.hears(*events())
            took: dict[str, list[float]] = defaultdict(list)
            for kind, paths in _searches(roles).items():
                await _ask(portal, kind, paths, requests, took)
            for who in ("anybody", "staff"):
                await VISITORS[who](portal)
                for kind, path in (await _pages(portal)).items():
                    if kind not in took:
                        await _ask(portal, kind, [path], requests, took)
            return took


def _searches(roles: int) -> Mapping[str, Sequence[str]]:
    found = {
        kind: [kind.partition(",")[0] + query for query in queries] for kind, queries in SEARCHES.items()
    }
    return found | {"/jobs/{id}": [f"/jobs/bench-{n:06}" for n in range(0, roles, -(-roles // 50))]}


async def _pages(portal: Portal) -> Mapping[str, str]:
    walked = await walk(portal, most=1)
    return {template_of(portal.app, one.path): one.path for one in walked.seen.values() if one.is_page}


async def _ask(
    portal: Portal, kind: str, paths: Sequence[str], requests: int, took: dict[str, list[float]]
) -> None:
    """Ask each path once for nothing, since the first pays for what is made once, and then in turn."""
    for path in paths[:10]:
        await portal.get(path)
    for n in range(requests):
        path = paths[n % len(paths)]
        begun = time.perf_counter()
        answer = await portal.get(path)
        took[kind].append(time.perf_counter() - begun)
        if answer.status_code >= 400:
            sys.exit(f"{path} answered {answer.status_code}")


async def filled(postgres: Postgres, roles: int = ROLES) -> str:
    """The DSN of a new database of the portal with so many roles."""
    dsn = await database_of("portal", postgres)
    async with connected(dsn) as tx:
        await fill(tx, NOW, roles=roles)
    return dsn


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50, help="for each kind of page")
    parser.add_argument("--roles", type=int, default=ROLES, help="that the database holds")
    asked = parser.parse_args()
    with run_postgres(print) as postgres:
        dsn = asyncio.run(filled(postgres, asked.roles))
        took = asyncio.run(measure(dsn, asked.requests, roles=asked.roles))
    rows = sorted(((percentile(each, 0.99), kind, each) for kind, each in took.items()), reverse=True)
    for p99, kind, each in rows:
        figures = f"p50 {percentile(each, 0.5):6.1f}  p99 {p99:6.1f}  longest {max(each) * 1000:6.1f} ms"
        sys.stdout.write(f"{kind:34} {figures}\n")


def percentile(each: Sequence[float], share: float) -> float:
    """A percentile in milliseconds."""
    return sorted(each)[min(len(each) - 1, int(len(each) * share))] * 1000


if __name__ == "__main__":
    main()
