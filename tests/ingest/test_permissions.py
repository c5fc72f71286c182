"""What robots.txt forbids is never asked for, by the server's own log over real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.responses import RedirectResponse

from deploy.local.boards.server import serving
from services.ingest.fetch import Fetched, Fetcher, FetchFailed
from services.ingest.politeness import DAY, Politeness
from tests.ingest.polite_site import AGENT, Site, client, refused, standing


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A host on this machine."""
    async with standing() as found:
        yield found


async def test_what_robots_forbids_is_never_asked(site: Site) -> None:
    """Not directly, not by redirect, not by POST, however spelt; the refusal names the rule, and the rest is read."""
    site.robots = "User-agent: *\nDisallow: /private\nAllow: /private/feed$\nDisallow: /*?session="
    site.pages["/moved"] = RedirectResponse("/private/list")
    async with client(site) as fetcher:
        for path in (
            "/private",
            "/%70rivate/x",
            "/list?session=1",
            "/moved",
            "/private/feed.xml",
            "/a/../private",
        ):
            failed = await refused(fetcher, site.address + path)
            assert failed.what == "robots", path
            assert "(line " in failed.why
        with pytest.raises(FetchFailed, match=r"Disallow: /private \(line 2, for \*\)"):
            await fetcher.fetch(f"{site.address}/private/search", method="POST", body=b"q")
        for path in ("/list", "/private/feed", "/list?x=session="):
            assert isinstance(await fetcher.fetch(site.address + path), Fetched)
    assert site.asked == ["/robots.txt", "/moved", "/list", "/private/feed", "/list?x=session="]


async def test_robots_is_asked_once_a_day(site: Site) -> None:
    """Many at once share one answer; after a day it is asked again, and what it says then counts."""
    async with client(site, Politeness(interval=0, at_once=9)) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{site.address}/{number}#{number}") for number in range(9)))
        site.robots = "User-agent: TalentExchange\nDisallow: /"
        site.time.now += DAY - 1
        await fetcher.fetch(f"{site.address}/late")
        assert site.asked.count("/robots.txt") == 1
        site.time.now += 2
        assert (await refused(fetcher, f"{site.address}/later")).what == "robots"
    assert site.asked.count("/robots.txt") == 2
    assert site.asked[0] == "/robots.txt"


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410])
async def test_without_a_robots_txt_everything_is_allowed(site: Site, status: int) -> None:
    """4xx means that the owner has nothing to say."""
    site.robots = status
    async with client(site) as fetcher:
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_while_robots_cannot_be_had_nothing_is_asked(site: Site, status: int) -> None:
    """5xx and 429: the host is not asked for anything but, after a while, for its robots.txt; then as that says."""
    site.robots = status
    async with client(site) as fetcher:
        for _ in range(3):
            failed = await refused(fetcher, f"{site.address}/list")
            assert (failed.what, failed.retry_after) == ("robots", 5)
            assert str(status) in failed.why
        assert site.asked == ["/robots.txt"]
        site.robots = 404
        site.time.now += 61
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)
    assert site.asked == ["/robots.txt", "/robots.txt", "/list"]


async def test_a_robots_that_stays_away_is_asked_for_ever_more_seldom(site: Site) -> None:
    """After five seconds, then ten, and so on; from the beginning once it was there."""
    site.robots = 503
    waits = []
    async with client(site) as fetcher:
        for _ in range(4):
            failed = await refused(fetcher, f"{site.address}/list")
            waits.append(failed.retry_after)
            site.time.now += (failed.retry_after or 0) + 0.5
        assert waits == [5, 10, 20, 40]
        site.robots = 404
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)
        site.robots = 503
        site.time.now += 86_401
        assert (await refused(fetcher, f"{site.address}/list")).retry_after == 5


async def test_robots_may_live_elsewhere(site: Site) -> None:
    """A redirect is followed; one without end is a robots.txt that is not there."""
    site.robots = RedirectResponse("/about/robots", status_code=301)
    site.pages["/about/robots"] = "User-agent: *\nDisallow: /private"
    async with client(site) as fetcher:
        assert (await refused(fetcher, f"{site.address}/private")).what == "robots"
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)
    assert site.asked == ["/robots.txt", "/about/robots", "/list"]
    site.robots = RedirectResponse("/robots.txt")
    async with client(site) as fetcher:
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)


async def test_each_origin_speaks_for_itself(site: Site) -> None:
    """A redirect to another host asks that host's robots.txt, and it may refuse."""
    other = Site(site.time)
    async with serving(other) as other.address, client(site) as fetcher:
        other.robots = "User-agent: *\nDisallow: /jobs"
        site.pages["/list"] = RedirectResponse(f"{other.address}/jobs")
        assert (await refused(fetcher, f"{site.address}/list")).what == "robots"
        assert other.asked == ["/robots.txt"]
        other.pages["/"] = "ok"
        assert isinstance(await fetcher.fetch(f"{other.address}/"), Fetched)


async def test_robots_goes_through_the_same_guard(site: Site) -> None:
    """A host whose address may not be reached is not asked for its robots.txt either, and the reason is told."""
    async with Fetcher(user_agent=AGENT, timeout=5, max_bytes=1000, allow_private=False) as fetcher:
        assert (await refused(fetcher, f"{site.address}/list")).what == "refused_address"
    assert site.asked == []


async def test_an_endless_robots_is_read_to_its_limit(site: Site) -> None:
    """500 KiB of it count, and its size is no failure."""
    site.robots = "User-agent: *\nDisallow: /private\n" + "# more\n" * 1_000_000
    async with client(site) as fetcher:
        assert (await refused(fetcher, f"{site.address}/private")).what == "robots"
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)
