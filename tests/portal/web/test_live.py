"""What changed reaches the pages that are open, and nothing but the names of tables does."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

from services.portal.web.live import MOST, Listener, Live
from tests.portal.jobs.making import discovered, role
from tests.portal.portal import Portal


async def test_what_is_heard_is_told_to_every_page_that_listens(served: Portal) -> None:
    """A role that is heard makes /live say `role` to each listener, and not a word of the role."""
    async with served.client.stream("GET", "/live") as one, served.client.stream("GET", "/live") as other:
        assert one.headers["content-type"].startswith("text/event-stream")
        assert one.headers["cache-control"] == "no-store"
        await _until(served, listening=2)
        await served.hears(discovered(role()))
        assert await _told(one.aiter_lines()) == ["role"]
        assert await _told(other.aiter_lines()) == ["role"]


async def test_a_page_is_told_what_changed_before_it_listened(served: Portal) -> None:
    """A page knows in which turn it was made; where something was heard since, it is told to look again at once, and so
    is a browser that comes back. One that is up to date waits for news."""
    html = (await served.get("/")).text
    made = html.partition('data-turn="')[2].partition('"')[0]
    assert made == str(served.site.live.turn)
    async with served.client.stream("GET", f"/live?seen={made}") as page:
        await _until(served, listening=1)
        await served.hears(discovered(role()))
        assert await _told(page.aiter_lines()) == ["role"]
    async with served.client.stream("GET", f"/live?seen={made}") as late:
        assert await _told(late.aiter_lines()) == []
    back = {"Last-Event-ID": made}
    async with served.client.stream("GET", "/live?seen=anything", headers=back) as returned:
        assert await _told(returned.aiter_lines()) == []


async def test_a_page_that_leaves_leaves_nothing_behind(served: Portal) -> None:
    """The places of pages that were closed are free again."""
    async with served.client.stream("GET", "/live"), served.client.stream("GET", "/live"):
        await _until(served, listening=2)
    await _until(served, listening=0)


async def test_the_database_may_go_and_come_back(served: Portal) -> None:
    """When the listening connection is cut, it is made anew, and pages are told that anything may have changed."""
    async with served.client.stream("GET", "/live") as page:
        lines = page.aiter_lines()
        await _until(served, listening=1)
        await served.pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert await _told(lines) == []
        await served.hears(discovered(role()))
        assert await _told(lines) == ["role"]


async def test_pages_are_let_go_when_the_process_stops(dsn: str) -> None:
    """A stop ends every stream at once: nobody waits for a heartbeat."""
    live, stopping = Live(), asyncio.Event()
    running = asyncio.create_task(live.run(dsn, stopping))
    await live.hears()
    with live.listen() as page:
        waiting = asyncio.create_task(page.next(within=600))
        stopping.set()
        assert await waiting is None
        assert page.ended
    await running
    assert live.full


async def test_one_page_too_many_is_asked_to_come_again(portal: Portal) -> None:
    """Beyond the most that may listen a page is answered 503; it asks again by itself."""
    live = portal.site.live
    with _all_places(live):
        answer = await portal.get("/live")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
        with live.listen() as late:
            assert late.ended
    assert not live.full


async def test_a_slow_page_needs_no_more_room_than_the_tables_have_names() -> None:
    """What changes while a page does not look is told to it once, all together."""
    page = Listener()
    for _ in range(10_000):
        page.tell(["role", "benchmark"])
    assert await page.next(within=0) == ["benchmark", "role"]
    assert await page.next(within=0) is None
    page.tell([])
    assert await page.next(within=0) is None
    page.tell(["role"])
    page.tell(None)
    assert await page.next(within=0) == []


async def _told(lines: AsyncIterator[str]) -> list[str]:
    """The next thing that a stream says."""
    async for line in lines:
        if line.startswith("data:"):
            told: list[str] = json.loads(line.removeprefix("data:"))
            return told
    raise AssertionError("the stream ended")


async def _until(served: Portal, *, listening: int) -> None:
    """Return once so many pages listen."""
    while served.site.live.listening != listening:
        await asyncio.sleep(0.005)


@contextmanager
def _all_places(live: Live) -> Iterator[None]:
    with ExitStack() as places:
        for _ in range(MOST):
            places.enter_context(live.listen())
        yield
