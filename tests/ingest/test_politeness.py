"""Nobody is hurried: distances, numbers at once and rests, by the server's own log over real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import RedirectResponse, Response

from services.ingest.fetch import Fetched
from services.ingest.politeness import DAY, Host, Hosts, Politeness, Resting
from tests.ingest.polite_site import Site, Time, client, refused, standing

# ---------------------------------------------------------------- rates


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A host on this machine."""
    async with standing() as found:
        yield found


async def test_requests_keep_their_distance(site: Site) -> None:
    """Never two requests closer than the interval: robots.txt, redirects, failures, and askers who come together."""
    site.pages = {"/1": RedirectResponse("/2"), "/3": 404, "/4": 500}
    async with client(site) as fetcher:
        await asyncio.gather(
            *(fetcher.fetch(f"{site.address}/{number}") for number in range(8)), return_exceptions=True
        )
    assert len(site.log) == 10
    assert min(site.gaps) >= 1 - 1e-9
    assert sum(site.gaps) == pytest.approx(9), "and nobody waits for longer than need be"


async def test_distance_holds_while_answers_are_awaited(site: Site) -> None:
    """Two slow answers at once: the second is asked for an interval after the first, however late those are."""

    async def until_the_last_has_come() -> None:
        while len(site.log) <= len(site.time.waits):
            await asyncio.sleep(0.001)

    site.time.before = until_the_last_has_come
    site.hold = asyncio.Event()
    async with client(site, Politeness(interval=3)) as fetcher:
        asking = asyncio.gather(*(fetcher.fetch(f"{site.address}/{number}") for number in range(7)))
        while len(site.log) < 3:
            await asyncio.sleep(0.001)
        site.hold.set()
        await asking
    assert site.asked[0] == "/robots.txt"
    assert site.gaps == pytest.approx([3] * 7)


@pytest.mark.parametrize("most", [1, 2, 3])
async def test_never_more_at_once(site: Site, most: int) -> None:
    """So many requests under way to a host and no more, also when many ask."""
    site.hold = asyncio.Event()
    async with client(site, Politeness(interval=0, at_once=most)) as fetcher:
        asking = asyncio.gather(*(fetcher.fetch(f"{site.address}/{number}") for number in range(9)))
        while site.present < most:
            await asyncio.sleep(0.001)
        for _ in range(20):
            await asyncio.sleep(0.001)  # whoever wants to come too has had the time
        site.hold.set()
        await asking
    assert site.most_present == most
    assert len(site.log) == 10


@pytest.mark.parametrize(("asked", "obeyed"), [("7", 7), ("0.5", 1), ("3600", 60)])
async def test_crawl_delay_is_obeyed(site: Site, asked: str, obeyed: float) -> None:
    """Where it is longer than the interval, up to a minute."""
    site.robots = f"User-agent: *\nCrawl-delay: {asked}"
    async with client(site) as fetcher:
        for number in range(3):
            await fetcher.fetch(f"{site.address}/{number}")
    assert site.gaps == pytest.approx([obeyed] * 3)


async def test_waiting_does_not_use_up_the_time_of_a_fetch(site: Site) -> None:
    """The limit on a fetch is for the host; our own manners do not fail it."""
    site.robots = "User-agent: *\nCrawl-delay: 60"
    async with client(site) as fetcher:
        for number in range(3):
            assert isinstance(await fetcher.fetch(f"{site.address}/{number}"), Fetched)
    assert sum(site.time.waits) > 100


# ---------------------------------------------------------------- rests


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_holds_the_whole_host(site: Site, status: int) -> None:
    """Other pages, too, are left alone for that long; the failure says how long; then all goes on."""
    site.pages["/busy"] = Response(status_code=status, headers={"Retry-After": "600"})
    async with client(site) as fetcher:
        assert (await refused(fetcher, f"{site.address}/busy")).retry_after == 600
        site.time.now += 100
        held = await refused(fetcher, f"{site.address}/list")
        assert (held.what, held.retry_after) == ("resting", 500)
        assert site.asked == ["/robots.txt", "/busy"]
        site.time.now += 500
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)


async def test_a_short_pause_is_waited_out(site: Site) -> None:
    """Up to a minute; also the one that is meant by 429 without Retry-After. A day is the longest."""
    site.pages = {"/busy": Response(status_code=429, headers={"Retry-After": "20"}), "/unsaid": 429}
    site.pages["/year"] = Response(status_code=503, headers={"Retry-After": "31536000"})
    async with client(site) as fetcher:
        await refused(fetcher, f"{site.address}/busy")
        await fetcher.fetch(f"{site.address}/list")
        await refused(fetcher, f"{site.address}/unsaid")
        await fetcher.fetch(f"{site.address}/list")
        await refused(fetcher, f"{site.address}/year")
        assert (await refused(fetcher, f"{site.address}/list")).retry_after == DAY
    assert site.gaps == pytest.approx([1, 20, 1, 60, 1])


async def test_a_rest_outlasts_what_robots_said(site: Site) -> None:
    """When robots.txt is due again during a rest, that is not asked either, and the rest is no refusal afterwards."""
    site.pages["/busy"] = Response(status_code=503, headers={"Retry-After": "86400"})
    async with client(site) as fetcher:
        await fetcher.fetch(f"{site.address}/list")
        site.time.now += 3600
        await refused(fetcher, f"{site.address}/busy")
        site.time.now += DAY - 100
        held = await refused(fetcher, f"{site.address}/list")
        assert (held.what, held.url) == ("resting", f"{site.address}/list")
        assert held.retry_after == pytest.approx(100)
        site.time.now += 100
        assert isinstance(await fetcher.fetch(f"{site.address}/list"), Fetched)
    assert site.asked == ["/robots.txt", "/list", "/busy", "/robots.txt", "/list"]


async def test_a_longer_hold_stands() -> None:
    """Of two answers that come together, the longer pause counts."""
    time = Time()
    host = Host(Politeness(), time, time.sleep)
    host.hold(600)
    host.hold(5)
    with pytest.raises(Resting) as caught:
        async with host.turn():
            pass
    assert caught.value.left == 600


async def test_silence_counts_like_a_failure(site: Site) -> None:
    """Five fetches without an answer in time, and the host rests."""
    site.hold = asyncio.Event()
    async with client(site, Politeness(interval=0, robots=False), timeout=0.05) as fetcher:
        for _ in range(5):
            assert (await refused(fetcher, f"{site.address}/list")).what == "timeout"
        assert (await refused(fetcher, f"{site.address}/list")).what == "resting"
    site.hold.set()


async def test_a_host_that_fails_again_and_again_is_left_alone(site: Site) -> None:
    """After five in a row it rests; one request tries it then; the pause doubles with each that fails; one that
    succeeds ends it."""
    site.pages["/list"] = 500
    async with client(site) as fetcher:
        for _ in range(5):
            assert (await refused(fetcher, f"{site.address}/list")).what == "status"
        for pause in (60, 120, 240):
            asked = len(site.log)
            resting = await refused(fetcher, f"{site.address}/other")
            assert resting.what == "resting"
            assert resting.retry_after == pytest.approx(pause)
            site.time.now += pause - 0.1
            assert (await refused(fetcher, f"{site.address}/list")).what == "resting"
            assert len(site.log) == asked
            site.time.now += 0.2
            assert (await refused(fetcher, f"{site.address}/list")).what == "status"
            assert len(site.log) == asked + 1
        site.time.now += 481
        assert isinstance(await fetcher.fetch(f"{site.address}/other"), Fetched)
        for _ in range(4):
            assert (await refused(fetcher, f"{site.address}/list")).what == "status"
        assert isinstance(await fetcher.fetch(f"{site.address}/other"), Fetched)


async def test_one_alone_finds_out_whether_a_host_is_back(site: Site) -> None:
    """While the probe is under way all others are told to come later; a probe that is given up does not block the next."""
    site.pages["/list"] = 500
    async with client(site, Politeness(interval=0, at_once=4)) as fetcher:
        for _ in range(5):
            await refused(fetcher, f"{site.address}/list")
        site.time.now += 61
        site.hold = asyncio.Event()
        probe = asyncio.create_task(fetcher.fetch(f"{site.address}/probe"))
        while site.asked[-1] != "/probe":
            await asyncio.sleep(0.001)
        assert (await refused(fetcher, f"{site.address}/list")).what == "resting"
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)
        site.hold.set()
        assert isinstance(await fetcher.fetch(f"{site.address}/again"), Fetched)
    assert site.asked[-2:] == ["/probe", "/again"]


async def test_nobody_there_counts_like_a_failure(site: Site) -> None:
    """No connection five times in a row, and the host rests; a page that is not there never does that."""
    async with client(site, Politeness(interval=0, robots=False)) as fetcher:
        for _ in range(20):
            assert (await refused(fetcher, "http://127.0.0.1:1/")).what in ("connection", "resting")
        assert (await refused(fetcher, "http://127.0.0.1:1/")).what == "resting"
        site.pages["/gone"] = 404
        for _ in range(20):
            assert (await refused(fetcher, f"{site.address}/gone")).status == 404


# ---------------------------------------------------------------- any course of things

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fails", "answers", "holds", "gives up"]),
        st.floats(0, 3 * DAY) | st.floats(0, 2),
        st.floats(0, 2 * DAY),
    ),
    max_size=40,
)


@given(steps=_STEPS, interval=st.floats(0, 30))
async def test_no_course_of_things_hurries_a_host(
    steps: list[tuple[str, float, float]], interval: float
) -> None:
    """Whatever a host does: the distance is kept, no hold is broken, a rest is at most a day, and it always ends."""
    time = Time()
    host = Host(Politeness(interval=interval), time, time.sleep)
    last, held, failures = -1e9, -1e9, 0
    for what, passes, pause in steps:
        time.now += passes
        try:
            async with host.turn():
                assert time.now >= last + interval - 1e-6
                assert time.now >= held - 1e-6
                last = time.now
                if what == "fails":
                    host.failed()
                    failures += 1
                elif what != "gives up":
                    host.answered()
                    failures = 0
                if what == "holds":
                    host.hold(pause)
                    held = max(held, time.now + min(pause, DAY))
        except Resting as rest:
            assert 0 < rest.left <= DAY + 1e-6  # noqa: PT017
            assert failures >= 5 or held > time.now
    time.now += DAY + 1
    async with host.turn():
        host.answered()


async def test_the_longest_crawl_delay_of_a_host_counts() -> None:
    """http and https are two origins with a robots.txt each, and one host: it is not hurried for the sake of either."""
    time = Time()
    host = Host(Politeness(), time, time.sleep)
    host.slow_down("http://jobs.example", 20)
    host.slow_down("https://jobs.example", None)
    for _ in range(3):
        async with host.turn():
            host.answered()
    assert time.waits == [20, 20]
    host.slow_down("http://jobs.example", None)
    async with host.turn():
        host.answered()
    assert time.waits == [20, 20, 1]


def test_a_host_is_a_name_and_its_port() -> None:
    """Case and a last dot make no other host; hosts with nothing to remember do not pile up."""
    time = Time()
    hosts = Hosts(Politeness(), time, time.sleep)
    assert hosts.of("Jobs.example", None) is hosts.of("jobs.example.", None)
    assert hosts.of("jobs.example", None) is not hosts.of("jobs.example", 8080)
    held = hosts.of("held.example", None)
    held.hold(1000)
    for number in range(20_000):
        hosts.of(f"{number}.example", None)
    assert len(hosts._known) <= 5_001
    assert hosts.of("held.example", None) is held


def test_impolite_manners_are_refused() -> None:
    """A setting that would ask nothing or everything at once is a mistake."""
    for wrong in (
        {"interval": -1},
        {"interval": float("nan")},
        {"at_once": 0},
        {"failures": 0},
        {"first_pause": 0},
    ):
        with pytest.raises(ValueError, match="politeness needs"):
            Politeness(**wrong)
